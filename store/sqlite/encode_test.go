package sqlite

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"teamsbridge/consult"
)

func TestArrivedStepsAreWhatTheLibraryWrites(t *testing.T) {
	whole := consult.Record{
		Tenant: "t", Interaction: "i-1", Version: 1, Live: true, At: time.UnixMilli(1795000000000), Owners: []string{"anja", "ünal"},
		Input: []byte(`{"i":1}`), State: []byte(`{"s":1}`), Entry: []byte(`{"e":1}`),
	}
	for _, c := range []struct {
		name   string
		change func(*consult.Record)
	}{
		{"a whole step", func(*consult.Record) {}},
		{"a step of nothing", func(r *consult.Record) { *r = consult.Record{} }},
		{"an ended interaction", func(r *consult.Record) { r.Live = false }},
		{"what is empty is not nothing", func(r *consult.Record) {
			r.Owners, r.Input, r.State, r.Entry = []string{}, []byte{}, []byte{}, []byte{}
		}},
		{"before 1970", func(r *consult.Record) { r.At = time.UnixMilli(-1) }},
		{"the longest number in its first byte", func(r *consult.Record) { r.Version = 23 }},
		{"the shortest number of one byte", func(r *consult.Record) { r.Version = 24 }},
		{"the longest number of one byte", func(r *consult.Record) { r.Version = math.MaxUint8 }},
		{"the shortest number of two bytes", func(r *consult.Record) { r.Version = math.MaxUint8 + 1 }},
		{"the longest number of two bytes", func(r *consult.Record) { r.Version = math.MaxUint16 }},
		{"the shortest number of four bytes", func(r *consult.Record) { r.Version = math.MaxUint16 + 1 }},
		{"the longest number of four bytes", func(r *consult.Record) { r.Version = math.MaxUint32 }},
		{"the shortest number of eight bytes", func(r *consult.Record) { r.Version = math.MaxUint32 + 1 }},
		{"the longest number of all", func(r *consult.Record) { r.Version = math.MaxUint64 }},
		{"a state of 70 kB", func(r *consult.Record) { r.State = bytes.Repeat([]byte("s"), 70_000) }},
		{"a long name and many owners", func(r *consult.Record) {
			r.Tenant, r.Owners = strings.Repeat("t", 300), strings.Split(strings.Repeat("a,", 40), ",")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := whole
			c.change(&r)
			want, err := cbor.Marshal(arrivedStep{r.Tenant, r.Interaction, r.Version, r.Live, r.At.UnixMilli(), r.Owners, r.Input, r.State, r.Entry})
			if err != nil {
				t.Fatal(err)
			}
			if got := (&step{Record: r}).appendTo(nil); !bytes.Equal(got, want) {
				t.Errorf("% x\nthe library writes\n% x", got, want)
			}
		})
	}
}
