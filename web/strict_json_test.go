package web

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestJSONIsReadInOneWayOnly(t *testing.T) {
	for _, c := range []struct {
		name, body string
		refused    bool
	}{
		{"an object", `{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}`, false},
		{"a value that is the name of a member", `{"a":"b","b":"a"}`, false},
		{"a list of equal texts", `["a","a"]`, false},
		{"a text alone", `"a"`, false},
		{"an empty object", `{}`, false},
		{"names that differ in case", `{"a":1,"A":2}`, false}, // the schema refuses the second
		{"a member twice", `{"a":1,"a":2}`, true},
		{"a member twice, once escaped", `{"a":1,"\u0061":2}`, true},
		{"a member twice after an object", `{"a":{"x":1},"a":2}`, true},
		{"a member twice after a list", `{"a":[1,{"b":[]}],"b":3,"a":2}`, true},
		{"a member twice inside", `{"b":[{"a":1,"a":2}]}`, true},
		{"a name that is no UTF-8", "{\"\xff\":1}", true},
		{"a value that is no UTF-8", "{\"a\":\"\xc3\"}", true},
		{"half a document", `{"a":`, true},
		{"two documents", `{}{}`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var v any
			if err := unmarshalStrictly([]byte(c.body), &v); (err != nil) != c.refused {
				t.Errorf("error %v", err)
			}
		})
	}
}

// FuzzStrictJSON: whatever is accepted is what encoding/json reads, and has as
// many members as it would have written anew.
func FuzzStrictJSON(f *testing.F) {
	for _, seed := range []string{`{"a":1,"a":2}`, `{"a":{"b":[1,"a",{}]},"c":null}`, `[]`, `"x"`, "{\"\xff\":1}", `{"a":1}{`, `{"":0,"":0}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var strict, usual any
		if unmarshalStrictly(body, &strict) != nil {
			return
		}
		if err := json.Unmarshal(body, &usual); err != nil || !reflect.DeepEqual(strict, usual) {
			t.Fatalf("%q read as %v, usually %v (%v)", body, strict, usual, err)
		}
		if written, err := json.Marshal(usual); err != nil || members(t, written) != members(t, body) {
			t.Fatalf("%q lost a member: %s", body, written)
		}
	})
}

// members counts the colons outside texts: one for each member.
func members(t *testing.T, body []byte) int {
	t.Helper()
	count, inText := 0, false
	for i := 0; i < len(body); i++ {
		switch {
		case inText && body[i] == '\\':
			i++
		case body[i] == '"':
			inText = !inText
		case body[i] == ':' && !inText:
			count++
		}
	}
	return count
}
