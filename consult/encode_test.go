package consult

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"
)

// alone writes one object.
func alone(members func(*line)) []byte {
	var l line
	l.begin(time.Time{})
	l.object(func() { members(&l) })
	return l.b
}

// TestTheJournalsLinesAreWhatTheLibraryWrites sets every field of everything
// that is kept, alone and together with all others, to awkward values.
func TestTheJournalsLinesAreWhatTheLibraryWrites(t *testing.T) {
	for _, c := range []struct {
		kept  any
		write func(any) []byte
	}{
		{&State{}, func(v any) []byte { return alone(func(l *line) { writeState(l, v.(*State)) }) }},
		{&Input{}, func(v any) []byte { return alone(func(l *line) { writeInput(l, v.(*Input)) }) }},
		{&HistoryEntry{}, func(v any) []byte { return alone(func(l *line) { writeEntry(l, v.(*HistoryEntry)) }) }},
	} {
		kind := reflect.TypeOf(c.kept).Elem()
		same := func(name string, value reflect.Value) {
			t.Helper()
			want, err := json.Marshal(value.Interface())
			if err != nil {
				t.Fatal(err)
			}
			if got := c.write(value.Interface()); string(got) != string(want) {
				t.Errorf("%s: %s\n got %s\nwant %s", kind.Name(), name, got, want)
			}
		}
		same("nothing is set", reflect.New(kind))
		for variant := range awkwardTexts {
			all := reflect.New(kind)
			fill(all.Elem(), variant)
			same(fmt.Sprintf("all are set, %q", awkwardTexts[variant]), all)
		}
		for i := range kind.NumField() {
			one := reflect.New(kind)
			fill(one.Elem().Field(i), 0)
			same(kind.Field(i).Name+" alone", one)
		}
	}
}

func TestAStepsMomentIsWrittenAsAnyOther(t *testing.T) {
	at := time.Date(2026, 11, 22, 8, 0, 0, 123e6, time.UTC)
	var l line
	l.begin(at)
	l.object(func() {
		l.time("same", at)
		l.time("later", at.Add(time.Millisecond))
		l.time("sameElsewhere", at.In(time.FixedZone("", 3600)))
	})
	const want = `{"same":"2026-11-22T08:00:00.123Z","later":"2026-11-22T08:00:00.124Z","sameElsewhere":"2026-11-22T09:00:00.123+01:00"}`
	if string(l.b) != want {
		t.Errorf("%s, want %s", l.b, want)
	}
}

var awkwardTexts = []string{"plain", `"quoted" \ slashed`, "<b>&</b>", "Jürgen", "\x00\n\t\x7f", "\xff\xfe", "\u2028", "日本 😀"}

// fill gives a value and all that it holds something that is not zero.
func fill(v reflect.Value, variant int) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2026, 11, 22, 8, 0, variant, variant*1e6, time.FixedZone("", variant*1800))))
		return
	case Actor:
		v.SetUint(uint64(1 + variant%(int(actorCount)-1)))
		return
	case InputKind:
		v.SetUint(uint64(1 + variant%(int(inputCount)-1)))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), variant)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), variant)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), (variant+i)%len(awkwardTexts))
		}
	case reflect.String:
		v.SetString(awkwardTexts[variant])
	case reflect.Uint64:
		v.SetUint(1<<63 + uint64(variant))
	case reflect.Bool:
		v.SetBool(true)
	default:
		panic("a kind of field that this test does not know: " + v.Type().String())
	}
}

// BenchmarkEncode compares a step's three lines with the library's.
func BenchmarkEncode(b *testing.B) {
	at := time.Date(2026, 11, 22, 8, 0, 0, 123e6, time.UTC)
	s := &State{ID: "i-56gkotc6dhpe5wybf2z5wkddbl", Tenant: "11111111-1111-4111-8111-111111111111", Version: 7, Phase: PhaseActive, StartedAt: at,
		Customer: Customer{Leg: "l-456x7e3slqw62g5vvrocj4bmwb", Number: "+4915112345678", State: customerConnected, Since: at},
		Owner:    &Member{Agent: "agent-1", Name: "Agent 1", Number: "+49301001", Leg: "l-2"},
		Pending:  &Pending{Action: ActionHold, Actor: ActorAgent1, By: "agent-1", To: PhaseHeld, Seq: 3, Since: at}, Seq: 3, Told: PhaseHeld}
	in := &Input{Actor: ActorAgent1, Agent: "agent-1", At: at}
	h := &HistoryEntry{Version: 7, At: at, Actor: "agent1", Person: &PersonView{ID: "agent-1", Name: "Agent 1"}, Input: "hold", From: PhaseActive, To: PhaseActive, Pending: ActionHold}
	b.Run("by hand", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			encodeStep(in, s, h)
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, v := range []any{in, s, h} {
				if _, err := json.Marshal(v); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
