// Package demo is the simulated world that `teamsbridge demo` runs beside the
// service: Microsoft Entra and Graph, the contact centre's own identity
// provider, a telephone network (simulated, or package telephones' real SIP), and
// the hands to play them all.
//
//	browser, tests ──http──►  P ┐                        ┌ /_control/  hands
//	                            ├─ the same handlers ────┤ /v1.0/      Graph
//	the service ─────https──►  T ┘                        ├ /contact-centre/
//	                                                     ├ /           telephone page
//	                                                     └ …           Entra
//
// Invariants:
//   - The same seed gives the same tenants, ids, names and passwords.
//   - The service under demonstration is configured like any other ([World.Config])
//     and has no idea that its world is simulated.
//   - Whatever is kept between two runs lies in one folder.
//
// Everything here is open to whoever reaches the simulators' address: they
// listen on loopback and hold nothing real. Only the demo command builds it.
package demo
