package tonetest

import (
	"encoding/binary"

	"teamsbridge/consult/sip/g711"
)

// WAV is a file of samples: 16 bits, one channel, 8000 a second.
func WAV(samples []int16) []byte {
	size := uint32(2 * len(samples)) // minutes, not days
	b := append([]byte("RIFF"), 0, 0, 0, 0)
	binary.LittleEndian.PutUint32(b[4:], 36+size)
	b = append(b, "WAVEfmt "...)
	for _, n := range []uint32{16, 1 | 1<<16, g711.Rate, 2 * g711.Rate, 2 | 16<<16} {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, size)
	for _, s := range samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(s)) // two's complement
	}
	return b
}
