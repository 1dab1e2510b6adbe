package media_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"teamsbridge/consult/sip/media"
	"teamsbridge/consult/sip/media/tonetest"
)

// wav writes a WAV file with a tone of 440 Hz, a second long.
func wav(rate, channels, bits, format int) []byte {
	var data bytes.Buffer
	for i := range rate {
		sample := int16(tonetest.Loudness * math.Sin(2*math.Pi*440*float64(i)/float64(rate)))
		for range channels {
			if bits == 16 {
				binary.Write(&data, binary.LittleEndian, sample)
			} else {
				data.WriteByte(0xD5)
			}
		}
	}
	return riff(chunk("LIST", []byte("odd")), chunk("fmt ", header(rate, channels, bits, format)), chunk("data", data.Bytes()))
}

func header(rate, channels, bits, format int) []byte {
	var h bytes.Buffer
	for _, v := range []any{uint16(format), uint16(channels), uint32(rate), uint32(rate * channels * bits / 8), uint16(channels * bits / 8), uint16(bits)} {
		binary.Write(&h, binary.LittleEndian, v)
	}
	return h.Bytes()
}

func chunk(name string, content []byte) []byte {
	out := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(content)))
	out = append(out, content...)
	if len(content)%2 != 0 {
		out = append(out, 0)
	}
	return out
}

func riff(chunks ...[]byte) []byte {
	body := append([]byte("WAVE"), bytes.Join(chunks, nil)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func TestFilesThatCanBePlayed(t *testing.T) {
	for _, c := range []struct {
		name           string
		rate, channels int
	}{
		{"8 kHz mono", 8000, 1},
		{"16 kHz stereo", 16000, 2},
		{"44.1 kHz stereo, as music is sold", 44100, 2},
		{"48 kHz mono", 48000, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := media.ReadWAV(bytes.NewReader(wav(c.rate, c.channels, 16, 1)))
			if err != nil {
				t.Fatal(err)
			}
			if s.Length() != time.Second {
				t.Errorf("it lasts %v", s.Length())
			}
			if a := tonetest.Amplitude(s.Samples(), 440); math.Abs(a-tonetest.Loudness) > tonetest.Loudness/20 {
				t.Errorf("440 Hz came out with %.0f", a)
			}
		})
	}
}

func TestWhatATelephoneCannotCarryIsFilteredOut(t *testing.T) {
	var data bytes.Buffer
	for i := range 48000 { // 7 kHz would come back as 1 kHz
		binary.Write(&data, binary.LittleEndian, int16(tonetest.Loudness*math.Sin(2*math.Pi*7000*float64(i)/48000)))
	}
	s, err := media.ReadWAV(bytes.NewReader(riff(chunk("fmt ", header(48000, 1, 16, 1)), chunk("data", data.Bytes()))))
	if err != nil {
		t.Fatal(err)
	}
	if a := tonetest.Amplitude(s.Samples(), 1000); a > tonetest.Loudness/1000 {
		t.Errorf("7 kHz came back as 1 kHz with %.0f", a)
	}
}

func TestFilesThatCannotBePlayed(t *testing.T) {
	good := wav(8000, 1, 16, 1)
	for _, c := range []struct {
		name string
		file []byte
		says string
	}{
		{"nothing", nil, "does not begin like one"},
		{"an MP3", []byte("ID3\x03 and much music after it"), "does not begin like one"},
		{"24 bits", wav(48000, 2, 24, 1), "24 bits"},
		{"22.05 kHz", wav(22050, 1, 16, 1), "22050 samples"},
		{"six channels", wav(8000, 6, 16, 1), "6 channels"},
		{"floating point", wav(8000, 1, 16, 3), "format 3"},
		{"ADPCM", wav(8000, 1, 16, 2), "format 2"},
		{"µ-law at 16 kHz", wav(16000, 1, 8, 7), "16000 samples"},
		{"no samples", riff(chunk("fmt ", header(8000, 1, 16, 1))), "no samples"},
		{"samples before their format", riff(chunk("data", []byte("1234"))), "before their format"},
		{"a cut-off format", riff(chunk("fmt ", []byte("12"))), "cut off"},
		{"ten milliseconds", riff(chunk("fmt ", header(8000, 1, 16, 1)), chunk("data", make([]byte, 160))), "shorter than 20 ms"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := media.ReadWAV(bytes.NewReader(c.file))
			if !errors.Is(err, media.ErrWAV) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("the error is %v, not one that says %q", err, c.says)
			}
		})
	}
	t.Run("one whose size was left open is played", func(t *testing.T) {
		open := bytes.Clone(good)
		copy(open[bytes.Index(open, []byte("data"))+4:], "\xff\xff\xff\xff")
		if _, err := media.ReadWAV(bytes.NewReader(open)); err != nil {
			t.Error(err)
		}
	})
	t.Run("a file that is not there is named", func(t *testing.T) {
		if _, err := media.LoadWAV("nowhere.wav"); err == nil || !strings.Contains(err.Error(), "nowhere.wav") {
			t.Errorf("the error is %v", err)
		}
	})
}

func FuzzReadWAV(f *testing.F) {
	f.Add(wav(8000, 1, 16, 1)[:400])
	f.Add(wav(44100, 2, 16, 1)[:400])
	f.Add(wav(8000, 1, 8, 7)[:400])
	f.Fuzz(func(t *testing.T, file []byte) {
		s, err := media.ReadWAV(bytes.NewReader(file))
		if err == nil && len(s.Samples()) == 0 {
			t.Error("a sound of nothing")
		}
	})
}

func TestPromptsAreSpoken(t *testing.T) {
	prompts, err := media.LoadPrompts("")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []media.Prompt{media.PromptConsult, media.PromptConnecting, media.PromptLater, media.PromptGoodbye, media.PromptCode} {
		german, english := prompts.Sound(name, "de"), prompts.Sound(name, "en")
		if german == english || german.Length() < time.Second/2 || english.Length() < time.Second/2 {
			t.Errorf("%s lasts %v in German, %v in English", name, german.Length(), english.Length())
		}
		if prompts.Sound(name, "de-CH") != german || prompts.Sound(name, "DE") != german {
			t.Errorf("%s: German of Switzerland is not German", name)
		}
		if prompts.Sound(name, "fr") != english || prompts.Sound(name, "") != english {
			t.Errorf("%s: who has no prompts does not hear English", name)
		}
	}
}

func TestOperatorsReplacePrompts(t *testing.T) {
	write := func(t *testing.T, name string, content []byte) string {
		directory := t.TempDir()
		if err := os.WriteFile(filepath.Join(directory, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
		return directory
	}
	t.Run("with a file of the same name", func(t *testing.T) {
		prompts, err := media.LoadPrompts(write(t, "consult.de.wav", wav(16000, 1, 16, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if l := prompts.Sound(media.PromptConsult, "de").Length(); l != time.Second {
			t.Errorf("the prompt lasts %v", l)
		}
	})
	t.Run("with another language", func(t *testing.T) {
		prompts, err := media.LoadPrompts(write(t, "consult.fr.wav", wav(8000, 1, 16, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if l := prompts.Sound(media.PromptConsult, "fr-BE").Length(); l != time.Second {
			t.Errorf("the prompt lasts %v", l)
		}
	})
	for _, name := range []string{"welcome.de.wav", "consult.wav"} {
		t.Run("not with "+name, func(t *testing.T) {
			if _, err := media.LoadPrompts(write(t, name, wav(8000, 1, 16, 1))); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("the error is %v", err)
			}
		})
	}
	t.Run("not from a directory that is not there", func(t *testing.T) {
		if _, err := media.LoadPrompts(filepath.Join(t.TempDir(), "nowhere")); err == nil {
			t.Error("no error")
		}
	})
}
