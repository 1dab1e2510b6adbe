package g711_test

import (
	"math"
	"testing"

	"teamsbridge/consult/sip/g711"
)

func TestValuesOfTheRecommendation(t *testing.T) {
	for _, c := range []struct {
		name  string
		codec *g711.Codec
		code  byte
		value int16
	}{
		{"A-law's smallest positive", g711.A, 0xD5, 8},
		{"A-law's smallest negative", g711.A, 0x55, -8},
		{"A-law's largest positive", g711.A, 0xAA, 32256},
		{"A-law's largest negative", g711.A, 0x2A, -32256},
		{"µ-law's positive zero", g711.Mu, 0xFF, 0},
		{"µ-law's negative zero", g711.Mu, 0x7F, 0},
		{"µ-law's largest positive", g711.Mu, 0x80, 32124},
		{"µ-law's largest negative", g711.Mu, 0x00, -32124},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.codec.Sample(c.code); got != c.value {
				t.Errorf("%v: code %#x is %d, not %d", c.codec, c.code, got, c.value)
			}
		})
	}
}

func TestEveryCodeComesBack(t *testing.T) {
	for _, codec := range []*g711.Codec{g711.A, g711.Mu} {
		for code := range 256 {
			value := codec.Sample(byte(code))
			if again := codec.Code(value); codec.Sample(again) != value {
				t.Errorf("%v: code %#x (%d) came back as %#x", codec, code, value, again)
			}
		}
	}
}

func TestNoSampleIsFartherOffThanItsStep(t *testing.T) {
	for _, codec := range []*g711.Codec{g711.A, g711.Mu} {
		for sample := math.MinInt16; sample <= math.MaxInt16; sample++ {
			off := math.Abs(float64(codec.Sample(codec.Code(int16(sample))) - int16(sample)))
			// Half a step of the uppermost segment at most, and of one to sixteen below.
			if allowed := math.Abs(float64(sample))/32 + 12; sample > -32128 && sample < 32128 && off > allowed {
				t.Fatalf("%v: %d is coded %.0f off, more than %.0f", codec, sample, off, allowed)
			}
		}
	}
}

func TestTranslationKeepsTheValue(t *testing.T) {
	table := g711.Translate(g711.A, g711.Mu)
	for code := range 256 {
		want := float64(g711.A.Sample(byte(code)))
		got := float64(g711.Mu.Sample(table[code]))
		if math.Abs(got-want) > math.Abs(want)/16+16 {
			t.Errorf("%#x: %v became %v", code, want, got)
		}
	}
}

func TestNamesOfRTP(t *testing.T) {
	if g711.Named("PCMA") != g711.A || g711.Named("PCMU") != g711.Mu || g711.Named("G722") != nil {
		t.Error("Named does not know the names of RTP")
	}
}
