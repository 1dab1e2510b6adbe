package web

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// FuzzIfMatch holds what is read against what was written: a version that is
// accepted is the one in the header.
func FuzzIfMatch(f *testing.F) {
	for _, seed := range []string{"", "*", `"7"`, `W/"7"`, `"6", "7"`, `"`, `"18446744073709551616"`, `"-1"`, `"+1"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		version, ok := expectedVersion(header)
		if !ok && version != nil {
			t.Fatalf("refused, yet version %d", *version)
		}
		if version != nil && *version != 0 {
			if read, err := strconv.ParseUint(strings.Trim(strings.TrimSpace(header), `"`), 10, 64); err != nil || read != *version {
				t.Fatalf("%q read as %d", header, *version)
			}
		}
	})
}

// FuzzLastEventID: whatever comes back, the position is one that eventID makes.
func FuzzLastEventID(f *testing.F) {
	for _, seed := range []string{"", "--", "S-1-0", "S-18446744073709551615-1", "S-1", "S-x-1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, id string) {
		stream, seq, ok := position(id)
		if !ok {
			return
		}
		if again, number, ok := position(eventID(stream, seq, 3)); !ok || again != stream || number != seq {
			t.Fatalf("%q: %q %d read back as %q %d", id, stream, seq, again, number)
		}
	})
}

// FuzzCursor: a cursor somebody makes up leads nowhere, and never out of range.
func FuzzCursor(f *testing.F) {
	searches := newFrozenSearches()
	now := time.Now()
	kept := &frozenSearch{key: "k", ids: mapped([]int{1, 2, 3}, expertID60)}
	f.Add(searches.cursor(kept, 2, now))
	for _, seed := range []string{"", ".", kept.id + ".-1", kept.id + ".4", kept.id + ".x", "." + kept.id} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		found, offset, ok := searches.find(cursor, "k", now)
		if ok && (found != kept || offset < 0 || offset > len(kept.ids)) {
			t.Fatalf("%q leads to %d", cursor, offset)
		}
	})
}
