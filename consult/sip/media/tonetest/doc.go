// Package tonetest proves who hears whom: every party sends a tone of its own,
// and in what a party hears the tones of the others are found, and no more.
//
// [Tone] makes a tone, [Hears] finds tones in samples, [Phone] is a telephone's
// audio on loopback: it sends its tone every 20 ms, records what it hears, and
// watches that what it is sent is one faultless row of packets. [Main] runs the
// tests of packages that wait for such telephones.
package tonetest
