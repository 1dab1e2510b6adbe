package g711

import (
	"cmp"
	"slices"
)

// Rate is the number of samples a second.
const Rate = 8000

// Codec is one of the two laws. It is safe for concurrent use.
type Codec struct {
	name    string
	silence byte
	decode  [256]int16
	encode  [1 << precision]byte // by the sample's upper bits
}

// Neither law tells samples apart by their lowest two bits.
const precision = 14

// The two laws.
var (
	A  = newCodec("PCMA", 0xD5, expandA)
	Mu = newCodec("PCMU", 0xFF, expandMu)
)

// Named is the codec with an encoding name of RTP, nil for others.
func Named(name string) *Codec {
	switch name {
	case A.name:
		return A
	case Mu.name:
		return Mu
	}
	return nil
}

// String is the codec's encoding name in RTP.
func (c *Codec) String() string { return c.name }

// Silence is the code for no sound.
func (c *Codec) Silence() byte { return c.silence }

// Sample is the value of one code.
func (c *Codec) Sample(code byte) int16 { return c.decode[code] }

// Code is the code for one sample.
func (c *Codec) Code(sample int16) byte { return c.encode[uint16(sample)>>(16-precision)] }

// Decode expands src into dst, which is at least as long.
func (c *Codec) Decode(dst []int16, src []byte) {
	dst = dst[:len(src)]
	for i, code := range src {
		dst[i] = c.decode[code]
	}
}

// Encode compresses src into dst, which is at least as long.
func (c *Codec) Encode(dst []byte, src []int16) {
	dst = dst[:len(src)]
	for i, sample := range src {
		dst[i] = c.encode[uint16(sample)>>(16-precision)]
	}
}

// Translate returns the table that turns codes of one law into codes of the other.
func Translate(from, to *Codec) *[256]byte {
	var table [256]byte
	for code := range table {
		table[code] = to.Code(from.decode[code])
	}
	return &table
}

// expandA is table 1a: seven segments, every other bit inverted.
func expandA(code byte) int16 {
	code ^= 0x55
	value := int16(code&0x0F)<<4 + 8
	if segment := code >> 4 & 7; segment > 0 {
		value = (value + 0x100) << (segment - 1)
	}
	if code&0x80 == 0 {
		return -value
	}
	return value
}

// expandMu is table 2a: eight segments, all bits inverted, a bias of 33 (here
// times four, for 16 bits).
func expandMu(code byte) int16 {
	const bias = 33 << 2
	code = ^code
	value := (int16(code&0x0F)<<3+bias)<<(code>>4&7) - bias
	if code&0x80 != 0 {
		return -value
	}
	return value
}

func newCodec(name string, silence byte, expand func(byte) int16) *Codec {
	c := &Codec{name: name, silence: silence}
	for code := range c.decode {
		c.decode[code] = expand(byte(code))
	}
	c.fill()
	return c
}

// fill walks through all samples and, beside them, the codes by rising value:
// the nearest code only ever moves on.
func (c *Codec) fill() {
	var codes [256]byte
	for code := range codes {
		codes[code] = byte(code)
	}
	slices.SortFunc(codes[:], func(a, b byte) int { return cmp.Compare(c.decode[a], c.decode[b]) })
	at := 0
	for i := -len(c.encode) / 2; i < len(c.encode)/2; i++ {
		// The middle of the samples that share the entry.
		sample := i<<(16-precision) + 1
		for at+1 < len(codes) && c.distance(sample, codes[at+1]) <= c.distance(sample, codes[at]) {
			at++
		}
		c.encode[uint16(i)%(1<<precision)] = codes[at]
	}
	// µ-law has two zeros.
	c.encode[0] = c.silence
}

func (c *Codec) distance(sample int, code byte) int {
	d := sample - int(c.decode[code])
	return max(d, -d)
}
