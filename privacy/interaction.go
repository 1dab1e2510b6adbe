package privacy

import (
	"bytes"
	"encoding/json"
)

// idKeys are the members of a journal's objects that name somebody, numberKeys
// those that hold a telephone number, ownKeys all that are a person's when their
// object is.
var (
	idKeys     = []string{"id", "ID", "agent", "expert", "by"}
	numberKeys = []string{"number", "agentNumber", "from"}
	ownKeys    = []string{"id", "ID", "agent", "expert", "by", "name", "Name", "number", "agentName", "agentNumber"}
)

// document is a line of a journal or a state, as read.
type document struct{ value any }

func read(line []byte) (document, error) {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	var d document
	err := decoder.Decode(&d.value)
	return d, err
}

func (d document) line() ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(d.value); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// walk visits every object.
func walk(v any, visit func(map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		visit(v)
		for _, member := range v {
			walk(member, visit)
		}
	case []any:
		for _, member := range v {
			walk(member, visit)
		}
	}
}

func text(object map[string]any, key string) string {
	s, _ := object[key].(string)
	return s
}

// concerns reports whether an object is about the person. An interaction's own
// id is nobody's.
func (i *identifiers) concerns(object map[string]any) bool {
	for _, key := range idKeys {
		if i.ids[text(object, key)] {
			return true
		}
	}
	for _, key := range numberKeys {
		if key != "from" && i.same(text(object, key)) {
			return true
		}
	}
	return false
}

func (i *identifiers) same(number string) bool {
	return i.number != "" && digits(number) == i.number
}

// found reports whether the person is in a document at all.
func (i *identifiers) found(d document) bool {
	found := false
	walk(d.value, func(object map[string]any) {
		found = found || i.concerns(object) || i.same(text(object, "from"))
	})
	return found
}

// learn adds what else names the person in this interaction: a number that was
// dialled is an expert's, who is named elsewhere by id. It reports whether
// anything was new.
func (i *identifiers) learn(d document) (more bool) {
	walk(d.value, func(object map[string]any) {
		if kind := text(object, "kind"); !i.concerns(object) || kind == "queue" || kind == "entryPoint" {
			return
		}
		for _, key := range []string{"id", "ID", "expert", "agent"} {
			if id := text(object, key); id != "" && !i.ids[id] {
				i.ids[id], more = true, true
			}
		}
	})
	return more
}

// erase replaces the person everywhere, and deletes what people wrote: it is
// about whoever was in the call.
func (i *identifiers) erase(d document) {
	walk(d.value, func(object map[string]any) {
		concerns := i.concerns(object)
		if concerns {
			for _, key := range ownKeys {
				if t := text(object, key); t != "" {
					object[key] = i.pseudonym(t)
				}
			}
		}
		if i.same(text(object, "from")) {
			object["from"] = i.pseudonym(text(object, "from"))
		}
		delete(object, "note")
		if text(object, "scope") != "" { // organisation, agent and path of an idempotency key
			delete(object, "scope")
			delete(object, "key")
		}
	})
}
