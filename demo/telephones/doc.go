// Package telephones is the demo's telephone network over real SIP: the other
// side of the switch's trunk.
//
//	softphones ──REGISTER, INVITE──►┌──────────┐◄──INVITE──► the service's switch
//	                                │ Exchange │
//	built-in telephones ◄──INVITE──►└──────────┘
//	        ▲
//	        └── hands: [Network.Call], [Network.Act], or by themselves
//
// An [Exchange] is a registrar, a number plan and a stateless proxy (RFC 3261
// 16.11) on one UDP socket: it forwards messages and keeps no transactions, so
// that what a softphone hears of the service is what the service said. It stays
// in the path of every dialog (Record-Route).
//
// A [Network] stands between the engine and the switch. It changes nothing of
// what either says; it learns which leg is which telephone's, so that people and
// programs can play every party that no softphone plays. Each of those is a SIP
// user agent of its own with a voice of its own, for one call.
//
// It is a simulator: only package demo builds it.
package telephones
