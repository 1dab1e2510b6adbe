// Package media carries the audio of a call's legs. Every leg ends here; who
// hears whom is a table in memory, so that hold, music, swap, conference and
// transfer change a picture and send nobody a re-INVITE.
//
//	far end A ──RTP──► Stream A ─┐          ┌─ passed: header rewritten, law translated
//	                             ├─ Room ───┤  mixed:  20 ms of all others, at every tick
//	far end B ◄──RTP── Stream B ─┘          └─ music, the ringing tone, silence, a prompt, keys
//
// [New] starts an [Engine]. For each leg: [Engine.Open] takes ports,
// [Stream.LocalAddr] goes into the session description (package sdp),
// [Stream.Connect] takes what was negotiated, each time anew. For each
// interaction: [Engine.NewRoom], and [Room.Arrange] for each picture.
// [Stream.Play] plays a prompt to one party, [Stream.Digits] are the keys it
// presses, [Stream.Silent] tells that its line has died.
//
// # What always holds
//
//   - A far end sees one row of packets: one SSRC, sequence numbers and
//     timestamps that go on over every change of who speaks; the marker bit is
//     at the change, and the first 5 ms are blended with what was heard last.
//   - A picture is heard with the next packet of each party: the longest gap
//     that BenchmarkChange found at a swap, conference or transfer is 20 ms. The
//     same picture again changes nothing.
//   - Two who talk are passed packet by packet, without a jitter buffer of ours
//     and without decoding; the far end evens out what the net did. Three or
//     more are decoded, evened out, summed without oneself, and coded.
//   - Who has nobody to hear is sent a packet of silence a second, so that no
//     translator and no watchdog gives the line up, and no more.
//   - Keys (RFC 4733) are told once each and sent on to those who talk with the
//     party, in events of our own.
//   - Towards and from a party with keys nothing unencrypted is sent or taken.
//   - Where a packet must come from: see latch. What is dropped is counted by
//     reason.
//
// # Built-in sounds
//
// The ringing tone is Germany's: 425 Hz, one second in five.
// The music on hold is composed by music.go: broken chords, a bass and a melody
// of bells with three partials each. Notes that sound beyond the end go on at the
// beginning, so that the loop has no seam. The prompts are files
// under prompts, with their sentences and how they were made.
//
// The package does not know SIP, interactions or who anybody is, does not
// record, and has no codec but G.711.
package media
