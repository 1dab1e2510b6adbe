package web

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/graph"
	"teamsbridge/presence"
)

func TestAPresenceEventIsTheSameHoweverOftenItIsWritten(t *testing.T) {
	observed := time.Date(2026, 11, 22, 7, 0, 0, 0, time.UTC)
	seen := []presence.Presence{
		{ID: "anna", Availability: "busy", Activity: "inACall", ObservedAt: observed, Age: 3 * time.Second, Origin: presence.OriginPoll},
		{ID: `b"<n>`, Availability: presence.Unknown, Activity: presence.Unknown, Reason: presence.ReasonThrottled},
		{ID: "carl", Availability: "away", ObservedAt: observed, Age: time.Minute, Stale: true, OutOfOffice: true, Reason: presence.ReasonThrottled},
	}
	want, err := json.Marshal(map[string]any{"presences": mapped(seen, personPresenceOf)})
	fatal(t, err)
	var texts presenceTexts
	for range 2 {
		got, err := texts.event(seen)
		fatal(t, err)
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Error(diff)
		}
	}
	later := seen[0]
	later.Age += time.Second
	got, err := texts.event([]presence.Presence{later})
	fatal(t, err)
	want, err = json.Marshal(map[string]any{"presences": []personPresence{personPresenceOf(later)}})
	fatal(t, err)
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("a second later: %s", diff)
	}
}

func TestWrittenPresencesAreNotKeptForEver(t *testing.T) {
	var texts presenceTexts
	for i := range 3 * textsMost {
		if _, err := texts.event([]presence.Presence{{ID: graph.UserID(fmt.Sprint(i)), Availability: "away"}}); err != nil {
			t.Fatal(err)
		}
		if len(texts.texts) > textsMost {
			t.Fatalf("%d are kept", len(texts.texts))
		}
	}
}
