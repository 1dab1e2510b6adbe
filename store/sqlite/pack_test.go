package sqlite

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestWhatIsLongIsPacked(t *testing.T) {
	long := []byte(strings.Repeat(`{"kind":"hold"}`, 300))
	for _, c := range []struct {
		name   string
		plain  []byte
		packed bool
	}{
		{"nothing stays as it is", []byte{}, false},
		{"what is short stays as it is", []byte(`{"kind":"hold"}`), false},
		{"what is long is packed", long, true},
		{"what looks packed is packed too", []byte{packed, 1, 2}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := pack([]byte("before"), c.plain)
			got, found := bytes.CutPrefix(got, []byte("before"))
			if is := len(got) > 0 && got[0] == packed; !found || is != c.packed {
				t.Errorf("packed: %t, want %t", is, c.packed)
			}
			if back, err := unpack(got); err != nil || !bytes.Equal(back, c.plain) {
				t.Errorf("unpacked %q, %v", back, err)
			}
		})
	}
	if got := pack(nil, long); len(got) > len(long)/4 {
		t.Errorf("%d bytes became %d", len(long), len(got))
	}
}

func TestADamagedValueIsNoReasonToTakeMuchMemory(t *testing.T) {
	for _, value := range [][]byte{{packed}, {packed, 0xff}, {packed, 0xff, 0xff, 0xff, 0xff, 0x0f, 1}} {
		if _, err := unpack(value); !errors.Is(err, errUnpack) {
			t.Errorf("unpack %x: %v", value, err)
		}
	}
}

func FuzzPack(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{packed})
	f.Add([]byte(strings.Repeat("ab", 2000)))
	f.Fuzz(func(t *testing.T, value []byte) {
		if back, err := unpack(pack(nil, value)); err != nil || !bytes.Equal(back, value) {
			t.Errorf("%q became %q, %v", value, back, err)
		}
		_, _ = unpack(value)
	})
}
