// Package calls measures what real calls cost: the switch with its engine and its
// database on disk, in a process of its own, beside Kamailio with rtpengine and
// beside Asterisk, under the same load of sipp's. It holds benchmarks only.
//
// sipp plays the customers and the agents' telephones: INVITE, 180, 200, ACK, a
// second of talk without audio, BYE. The processor time is that of the system's
// processes alone. What is not installed is left out: Debian has sipp
// (sip-tester), kamailio and rtpengine-daemon, scripts/asterisk.sh installs
// Asterisk.
package calls
