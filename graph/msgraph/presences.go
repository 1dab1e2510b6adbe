package msgraph

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/communications"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"teamsbridge/graph"
	"teamsbridge/presence"
)

// Presences implements [presence.Source]: at most [presence.MaxBatch] ids, in
// one request. Ids that Graph does not know are absent from the result, whose
// order is Graph's.
func (c *Client) Presences(ctx context.Context, tenant graph.TenantID, ids []graph.UserID) ([]presence.Observation, error) {
	switch {
	case len(ids) == 0:
		return nil, nil
	case len(ids) > presence.MaxBatch:
		return nil, fmt.Errorf("presences: %d ids in one request, at most %d", len(ids), presence.MaxBatch)
	}
	var observed []presence.Observation
	err := c.call(ctx, tenant, readPresences, func(ctx context.Context, adapter abstractions.RequestAdapter) error {
		all, err := c.presences(ctx, adapter, ids)
		if err != nil {
			return err
		}
		observed = make([]presence.Observation, 0, len(all))
		for _, p := range all {
			if p != nil && value(p.GetId()) != "" {
				observed = append(observed, observationOf(p))
			}
		}
		return nil
	})
	return observed, err
}

func (c *Client) presences(ctx context.Context, adapter abstractions.RequestAdapter, ids []graph.UserID) ([]models.Presenceable, error) {
	plain := make([]string, len(ids))
	for i, id := range ids {
		plain[i] = string(id)
	}
	body := communications.NewGetPresencesByUserIdPostRequestBody()
	body.SetIds(plain)
	builder := communications.NewGetPresencesByUserIdRequestBuilderInternal(c.parameters(), adapter)
	answer, err := builder.PostAsGetPresencesByUserIdPostResponse(ctx, body, nil)
	if err != nil {
		return nil, err
	}
	if answer == nil {
		return nil, errEmptyAnswer
	}
	return answer.GetValue(), nil
}

func observationOf(p models.Presenceable) presence.Observation {
	o := presence.Observation{
		ID:           graph.UserID(strings.ToLower(value(p.GetId()))),
		Availability: stateName(value(p.GetAvailability())),
		Activity:     stateName(value(p.GetActivity())),
		Sequence:     value(p.GetSequenceNumber()),
	}
	// The documents disagree about where "out of office" stands; national
	// clouds lack the settings altogether.
	if settings := p.GetOutOfOfficeSettings(); settings != nil {
		o.OutOfOffice = value(settings.GetIsOutOfOffice())
	}
	o.OutOfOffice = o.OutOfOffice || o.Activity == "outOfOffice"
	return o
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
