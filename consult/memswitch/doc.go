// Package memswitch is a simulated telephone network: a [consult.Switch] without
// telephones, whose parties are played by a person, a test or by themselves.
//
// It keeps its legs in a file, so that calls outlive the service like real
// telephones do, and it can be told to fail, delay or stay silent.
//
// It never lives in a production path: serve refuses it without --allow-simulated.
package memswitch
