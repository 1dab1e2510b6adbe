// Package realcalls proves real calls by telephones and servers that others
// wrote: baresip, sipp and Kamailio call, ring, answer, hang up and lie to the
// real binary, which runs as a process of its own with switch.kind sip, and whose
// agent works over HTTP.
//
//   - tone_test.go: three baresip telephones, each saying its own tone and
//     recording what it hears, go through every phase and back. The recordings
//     are analysed half second by half second.
//   - sipp_test.go: the failures and races of a call, each written as a scenario
//     of sipp (testdata/sipp). Both sides must be content: sipp ends without
//     a failed call, and the interaction is what it has to be.
//   - loss_test.go: one message in twenty is lost (sipp's option -lost), and one
//     packet of audio in twenty, by a net between a telephone and the service
//     (leaky_test.go): sipp loses no audio itself, and what it plays from a
//     recording of packets needs raw sockets, so root.
//   - reservations_test.go: a contact centre that keeps its own calls consults
//     experts by numbers of a pool and by code, and the service dies meanwhile.
//   - teams_test.go: Kamailio plays Microsoft's side with its rules
//     (testdata/kamailio.cfg): TLS with client certificates and SRTP, end to end.
//
// The programs come from Debian: `make telephones` installs them. Where they
// cannot be had, TEAMSBRIDGE_WITHOUT_TELEPHONES=1 leaves these tests out.
//
// It has no code of its own outside tests.
package realcalls
