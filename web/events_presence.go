package web

import (
	"encoding/json"
	"sync"

	"teamsbridge/presence"
)

// textsMost is how many written presences are kept; then all are dropped.
const textsMost = 10_000

// presenceTexts writes presence events. It remembers each presence as it was
// written: what one answer of Graph's brought is the same value for every
// stream, and writing it anew for each of hundreds took longer than all else
// between Graph and the page.
type presenceTexts struct {
	mu    sync.Mutex
	texts map[presence.Presence][]byte
}

// event is the data of a presence event: {"presences":[…]}.
func (t *presenceTexts) event(seen []presence.Presence) ([]byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	data := make([]byte, 0, 256*len(seen)+20)
	data = append(data, `{"presences":[`...)
	for i, p := range seen {
		text, err := t.text(p)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			data = append(data, ',')
		}
		data = append(data, text...)
	}
	return append(data, `]}`...), nil
}

// text writes one presence, once; with the lock held.
func (t *presenceTexts) text(p presence.Presence) ([]byte, error) {
	if text, known := t.texts[p]; known {
		return text, nil
	}
	text, err := json.Marshal(personPresenceOf(p))
	if err != nil {
		return nil, err
	}
	if t.texts == nil || len(t.texts) >= textsMost {
		t.texts = map[presence.Presence][]byte{}
	}
	t.texts[p] = text
	return text, nil
}
