package consult

import (
	"bytes"
	"encoding/json"
)

// noteMember is what an encoded state or input calls what a person wrote.
const noteMember = "note"

// WithoutNotes gives a state, or a line of the journal, without what people
// wrote when they declined or wrapped up. All else stays, so that the inputs
// replay to the state as before. What has no note comes back as it is, and so
// does what is no JSON: damage is for [DamagedError] to tell.
func WithoutNotes(line []byte) []byte {
	if !bytes.Contains(line, []byte(`"`+noteMember+`"`)) {
		return line
	}
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return line
	}
	dropNotes(value)
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return line
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'})
}

func dropNotes(value any) {
	switch value := value.(type) {
	case map[string]any:
		delete(value, noteMember)
		for _, member := range value {
			dropNotes(member)
		}
	case []any:
		for _, member := range value {
			dropNotes(member)
		}
	}
}
