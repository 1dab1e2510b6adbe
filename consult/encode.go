package consult

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// The journal's lines are written by hand: encoding/json was a quarter of a
// step's processor time, and this is a fifth of that (BenchmarkEncode). They
// are byte for byte what encoding/json writes, which reads them back; a test
// compares the two, field by field, so that none can be forgotten here.

// line is JSON under construction.
type line struct {
	b       []byte
	moment  time.Time // of the step
	written []byte    // that, as JSON
}

// object writes an object's members and closes it.
func (l *line) object(members func()) {
	l.b = append(l.b, '{')
	members()
	l.close('}')
}

// close replaces the comma after the last member.
func (l *line) close(with byte) {
	if last := len(l.b) - 1; l.b[last] == ',' {
		l.b = l.b[:last]
	}
	l.b = append(l.b, with)
}

func (l *line) key(k string) {
	l.b = append(l.b, '"')
	l.b = append(l.b, k...)
	l.b = append(l.b, '"', ':')
}

func (l *line) text(k, v string) {
	l.key(k)
	l.b = append(appendText(l.b, v), ',')
}

// some is omitempty.
func (l *line) some(k, v string) {
	if v != "" {
		l.text(k, v)
	}
}

func (l *line) number(k string, v uint64) {
	l.key(k)
	l.b = append(strconv.AppendUint(l.b, v, 10), ',')
}

func (l *line) someNumber(k string, v uint64) {
	if v != 0 {
		l.number(k, v)
	}
}

func (l *line) someTrue(k string, v bool) {
	if v {
		l.key(k)
		l.b = append(l.b, "true,"...)
	}
}

func (l *line) time(k string, v time.Time) {
	l.key(k)
	if v == l.moment { // in the same zone too
		l.b = append(l.b, l.written...)
	} else {
		l.b = appendTime(l.b, v)
	}
	l.b = append(l.b, ',')
}

func appendTime(b []byte, v time.Time) []byte {
	return append(v.AppendFormat(append(b, '"'), time.RFC3339Nano), '"')
}

// begin makes an empty line. Most times in a step's lines are the moment of the
// step itself, which is written once and copied then.
func (l *line) begin(moment time.Time) {
	l.b = l.b[:0]
	l.moment, l.written = moment, appendTime(l.written[:0], moment)
}

// someTime is omitzero.
func (l *line) someTime(k string, v time.Time) {
	if !v.IsZero() {
		l.time(k, v)
	}
}

// appendText writes a string. What needs no escape, nearly everything, is
// copied; the rest is left to the library.
func appendText(b []byte, v string) []byte {
	for i := range len(v) {
		if !plain[v[i]] {
			escaped, _ := json.Marshal(v) // a string always can be
			return append(b, escaped...)
		}
	}
	b = append(b, '"')
	b = append(b, v...)
	return append(b, '"')
}

// plain are the bytes that stand for themselves in encoding/json's strings.
var plain = func() (plain [256]bool) {
	for c := byte(' '); c <= '~'; c++ {
		plain[c] = !strings.ContainsRune(`"\<>&`, rune(c))
	}
	return plain
}()

// nested writes an object as a member, if it is there.
func nested[T any](l *line, k string, v *T, write func(*line, *T)) {
	if v != nil {
		l.key(k)
		l.object(func() { write(l, v) })
		l.b = append(l.b, ',')
	}
}

// list writes an array of objects, if it has any.
func list[T any](l *line, k string, all []T, write func(*line, *T)) {
	if len(all) == 0 {
		return
	}
	l.key(k)
	l.b = append(l.b, '[')
	for i := range all {
		l.object(func() { write(l, &all[i]) })
		l.b = append(l.b, ',')
	}
	l.close(']')
	l.b = append(l.b, ',')
}
