package msgraph

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	abstractions "github.com/microsoft/kiota-abstractions-go"

	"teamsbridge/graph"
	"teamsbridge/presence"
)

// Presences implements [presence.Source]: at most [presence.MaxBatch] ids, in
// one request. Ids that Graph does not know are absent from the result, whose
// order is Graph's. [graph.ErrNotOffered] where the cloud tells no presence.
func (c *Client) Presences(ctx context.Context, tenant graph.TenantID, ids []graph.UserID) ([]presence.Observation, error) {
	switch {
	case !c.presence:
		return nil, fmt.Errorf("presences: %w", graph.ErrNotOffered)
	case len(ids) == 0:
		return nil, nil
	case len(ids) > presence.MaxBatch:
		return nil, fmt.Errorf("presences: %d ids in one request, at most %d", len(ids), presence.MaxBatch)
	}
	var observed []presence.Observation
	err := c.call(ctx, tenant, readPresences, func(ctx context.Context, adapter abstractions.RequestAdapter) error {
		var err error
		observed, err = c.presences(ctx, adapter, ids)
		return err
	})
	return observed, err
}

// presences goes through the SDK's adapter, hence through the same signing,
// middleware and errors as everything here, but decodes the answer itself:
// the SDK's model of it costs more than the request (docs/adr/0012).
func (c *Client) presences(ctx context.Context, adapter abstractions.RequestAdapter, ids []graph.UserID) ([]presence.Observation, error) {
	body, err := json.Marshal(presencesQuestion{ids})
	if err != nil {
		return nil, err
	}
	request := abstractions.NewRequestInformationWithMethodAndUrlTemplateAndPathParameters(
		abstractions.POST, "{+baseurl}/communications/getPresencesByUserId", c.parameters())
	request.SetStreamContentAndContentType(body, "application/json")
	text, err := plainAnswer(ctx, adapter, request)
	if err != nil {
		return nil, err
	}
	return observationsOf(text)
}

// presencesQuestion and presencesAnswer are the part of Graph's types that the
// product uses (Microsoft Learn, "cloudCommunications: getPresencesByUserId"
// and "presence resource type").
type presencesQuestion struct {
	IDs []graph.UserID `json:"ids"`
}

type presencesAnswer struct {
	Value []struct {
		ID             string `json:"id"`
		Availability   string `json:"availability"`
		Activity       string `json:"activity"`
		SequenceNumber string `json:"sequenceNumber"`
		OutOfOffice    struct {
			Is bool `json:"isOutOfOffice"`
		} `json:"outOfOfficeSettings"`
	} `json:"value"`
}

// observationsOf reads an answer. What is absent or null is empty: national
// clouds have neither sequence numbers nor out-of-office settings.
func observationsOf(text []byte) ([]presence.Observation, error) {
	var answer presencesAnswer
	if err := json.Unmarshal(text, &answer); err != nil {
		return nil, fmt.Errorf("presences: %w", err)
	}
	observed := make([]presence.Observation, 0, len(answer.Value))
	for i := range answer.Value {
		p := &answer.Value[i]
		if p.ID == "" {
			continue
		}
		activity := stateName(p.Activity)
		observed = append(observed, presence.Observation{
			ID:           graph.UserID(strings.ToLower(p.ID)),
			Availability: stateName(p.Availability),
			Activity:     activity,
			Sequence:     p.SequenceNumber,
			// The documents disagree about where it stands.
			OutOfOffice: p.OutOfOffice.Is || activity == "outOfOffice",
		})
	}
	return observed, nil
}

// stateNames are the values that Microsoft's documents name for either field,
// legacy and current, in the spelling of the HTTP contract. Graph spells them
// DoNotDisturb or doNotDisturb, depending on the document.
var stateNames = func() map[string]string {
	m := make(map[string]string)
	for _, name := range []string{
		"available", "availableIdle", "away", "beRightBack", "busy", "busyIdle", "doNotDisturb", "focusing", "inACall",
		"inAConferenceCall", "inAMeeting", "inactive", "offWork", "offline", "outOfOffice", "presenting", "urgentInterruptionsOnly",
	} {
		m[strings.ToLower(name)] = name
	}
	m["presenceunknown"] = presence.Unknown
	m[""] = presence.Unknown
	return m
}()

// stateName translates an availability or activity. One that no document
// names is kept, in lower camel case: Graph adds values without notice.
func stateName(s string) string {
	s = strings.TrimSpace(s)
	if name, ok := stateNames[strings.ToLower(s)]; ok {
		return name
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(first)) + s[size:]
}
