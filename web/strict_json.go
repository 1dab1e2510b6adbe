package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// strictJSON reads bodies that everybody reads alike, and writes as usual. A
// member that stands twice, and text that is no UTF-8, mean one thing here and
// another to a proxy that inspects requests (RFC 8259, 4 and 8.1).
var strictJSON = huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: unmarshalStrictly}

var errAmbiguous = errors.New("web: JSON that can be read in several ways")

func unmarshalStrictly(data []byte, v any) error {
	if !utf8.Valid(data) {
		return errAmbiguous
	}
	if err := json.Unmarshal(data, v); err != nil { // also refuses what is too deep
		return err
	}
	if repeats(data) {
		return errAmbiguous
	}
	return nil
}

// repeats reports whether an object of the JSON, at any depth, has a member twice.
func repeats(data []byte) bool {
	type level struct {
		members map[string]bool // nil in a list
		inside  bool            // a member's name was read, its value follows
	}
	open := []level{{}}
	decoder := json.NewDecoder(bytes.NewReader(data))
	for {
		token, err := decoder.Token()
		if err != nil { // the end: data is JSON
			return false
		}
		top := &open[len(open)-1]
		if name, text := token.(string); text && top.members != nil && !top.inside {
			if top.members[name] {
				return true
			}
			top.members[name], top.inside = true, true
			continue
		}
		top.inside = false
		switch token {
		case json.Delim('{'):
			open = append(open, level{members: map[string]bool{}})
		case json.Delim('['):
			open = append(open, level{})
		case json.Delim('}'), json.Delim(']'):
			open = open[:len(open)-1]
		}
	}
}
