package media

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"teamsbridge/consult/sip/g711"
)

// ErrWAV is what a file is that cannot be played; the message says why.
var ErrWAV = errors.New("not a WAV file that can be played")

// maxWAV is room for five minutes of 48 kHz stereo.
const maxWAV = 64 << 20

// The formats of a WAV file's "fmt " chunk that are read.
const (
	wavePCM        = 1
	waveALaw       = 6
	waveMuLaw      = 7
	waveExtensible = 0xFFFE // the format stands in the chunk's extension
)

// LoadWAV reads a file, see [ReadWAV].
func LoadWAV(path string) (*Sound, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	s, err := ReadWAV(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// ReadWAV reads a WAV file of 8, 16, 44.1 or 48 kHz, mono or stereo, with 16-bit
// samples, or with G.711 at 8 kHz. It is mixed down to mono and brought to
// 8 kHz. Errors are [ErrWAV] and say what was found.
func ReadWAV(r io.Reader) (*Sound, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxWAV+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > maxWAV {
		return nil, wavError("larger than %d MiB", maxWAV>>20)
	}
	if len(raw) < 12 || string(raw[:4]) != "RIFF" || string(raw[8:12]) != "WAVE" {
		return nil, wavError("it does not begin like one")
	}
	var format *wavFormat
	for rest := raw[12:]; len(rest) >= 8; {
		name, size := string(rest[:4]), int(binary.LittleEndian.Uint32(rest[4:]))
		rest = rest[8:]
		// Programs that write to a pipe leave the size of the last chunk open.
		chunk := rest[:min(size, len(rest))]
		switch name {
		case "fmt ":
			if format, err = readFormat(chunk); err != nil {
				return nil, err
			}
		case "data":
			if format == nil {
				return nil, wavError("the samples come before their format")
			}
			return format.sound(chunk)
		}
		rest = rest[min(size+size%2, len(rest)):]
	}
	return nil, wavError("it has no samples")
}

func wavError(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrWAV, fmt.Sprintf(format, args...))
}

type wavFormat struct{ format, channels, rate, bits int }

func readFormat(chunk []byte) (*wavFormat, error) {
	if len(chunk) < 16 {
		return nil, wavError("its format is cut off")
	}
	f := &wavFormat{
		format:   int(binary.LittleEndian.Uint16(chunk)),
		channels: int(binary.LittleEndian.Uint16(chunk[2:])),
		rate:     int(binary.LittleEndian.Uint32(chunk[4:])),
		bits:     int(binary.LittleEndian.Uint16(chunk[14:])),
	}
	if f.format == waveExtensible && len(chunk) >= 26 {
		f.format = int(binary.LittleEndian.Uint16(chunk[24:]))
	}
	return f, f.check()
}

func (f *wavFormat) check() error {
	if f.channels != 1 && f.channels != 2 {
		return wavError("%d channels, not one or two", f.channels)
	}
	switch f.format {
	case wavePCM:
		if f.bits != 16 {
			return wavError("%d bits a sample, not 16", f.bits)
		}
		switch f.rate {
		case 8000, 16000, 44100, 48000:
			return nil
		}
		return wavError("%d samples a second, not 8000, 16000, 44100 or 48000", f.rate)
	case waveALaw, waveMuLaw:
		if f.bits != 8 || f.rate != g711.Rate {
			return wavError("G.711 with %d bits and %d samples a second, not 8 and %d", f.bits, f.rate, g711.Rate)
		}
		return nil
	}
	return wavError("format %d, neither PCM (1) nor G.711 (6, 7)", f.format)
}

func (f *wavFormat) sound(data []byte) (*Sound, error) {
	width := f.channels * f.bits / 8
	mono := make([]int16, len(data)/width)
	for i := range mono {
		sum := 0
		for channel := range f.channels {
			sum += int(f.sample(data[i*width+channel*f.bits/8:]))
		}
		mono[i] = int16(sum / f.channels)
	}
	samples := resample(mono, f.rate)
	if len(samples) < frameSamples {
		return nil, wavError("shorter than 20 ms")
	}
	return NewSound(samples), nil
}

func (f *wavFormat) sample(b []byte) int16 {
	switch f.format {
	case waveALaw:
		return g711.A.Sample(b[0])
	case waveMuLaw:
		return g711.Mu.Sample(b[0])
	}
	return int16(binary.LittleEndian.Uint16(b))
}
