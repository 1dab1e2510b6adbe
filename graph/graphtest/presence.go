package graphtest

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Presence is a person's presence with Graph's values, as the simulator holds it.
type Presence struct {
	Availability string // Available, Busy, DoNotDisturb, Away, BeRightBack, Offline, PresenceUnknown ...
	Activity     string
	OutOfOffice  bool
}

// presences are the changes that somebody set, oldest first; one becomes
// visible only after its lag.
type presences struct{ changes []presenceChange }

type presenceChange struct {
	presence  Presence
	sequence  int64 // grows with each change of a person
	visibleAt time.Time
}

// SetPresence changes a presence, visible to readers after lag; until then
// they see what they saw before. It holds until it is set again, restless or
// not. False when nobody has the id.
func (s *Server) SetPresence(id string, p Presence, lag time.Duration) bool {
	if s.TenantOf(id) == "" {
		return false
	}
	id = strings.ToLower(id)
	now := s.clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	set, ok := s.presences[id]
	if !ok {
		set = &presences{}
		s.presences[id] = set
	}
	// By the time it is seen, not set: a restless person may have moved on
	// meanwhile, and what readers see later must not look older.
	sequence := now.Add(lag).UnixMilli()
	if n := len(set.changes); n > 0 {
		sequence = max(sequence, set.changes[n-1].sequence+1)
		set.changes = set.changes[set.visible(now):] // older ones can no longer be seen
	}
	set.changes = append(set.changes, presenceChange{presence: p, sequence: sequence, visibleAt: now.Add(lag)})
	return true
}

// visible is the place of the newest change that readers see; 0 when none is
// visible yet, which the caller tells apart by visibleAt.
func (p *presences) visible(now time.Time) int {
	for i := len(p.changes) - 1; i > 0; i-- {
		if !p.changes[i].visibleAt.After(now) {
			return i
		}
	}
	return 0
}

// see is what readers see of a person now. The caller holds the lock.
func (s *Server) see(u *User, now time.Time) presenceChange {
	if set, ok := s.presences[u.ID]; ok {
		if c := set.changes[set.visible(now)]; !c.visibleAt.After(now) {
			return c
		}
	}
	return s.natural(u, now)
}

// presenceBody is a presence as Graph answers it.
type presenceBody struct {
	Context      string `json:"@odata.context,omitempty"`
	ID           string `json:"id"`
	Availability string `json:"availability"`
	Activity     string `json:"activity"`
	OutOfOffice  struct {
		Message       *string `json:"message"`
		IsOutOfOffice bool    `json:"isOutOfOffice"`
	} `json:"outOfOfficeSettings"`
	StatusMessage *string `json:"statusMessage"`
	Sequence      string  `json:"sequenceNumber"`
}

func (c presenceChange) body(id string) presenceBody {
	b := presenceBody{ID: id, Availability: c.presence.Availability, Activity: c.presence.Activity}
	b.OutOfOffice.IsOutOfOffice = c.presence.OutOfOffice
	b.Sequence = fmt.Sprintf("A%020d", c.sequence) // lexically sortable, says the metadata
	return b
}

// showPresence is GET /users/{id}/presence and GET /communications/presences/{id}.
func (s *Server) showPresence(c *call) (any, error) {
	if _, err := parseOptions(c.r); err != nil {
		return nil, err
	}
	if !isGUID(c.id) {
		return nil, &failure{status: http.StatusBadRequest, code: "BadRequest", message: "Invalid User Id."}
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	r, ok := c.directory.find(c.id)
	if !ok {
		return nil, &failure{status: http.StatusNotFound, code: "NotFound", message: "Presence of the user was not found."}
	}
	body := s.see(&r.user, s.clock()).body(r.user.ID)
	body.Context = c.context("users('"+r.user.ID+"')/presence/$entity", "")
	return body, nil
}

// maxPresences is how many ids one request may name.
const maxPresences = 650

// listPresences is POST /communications/getPresencesByUserId. Ids of nobody
// in the tenant are left out of the answer.
func (s *Server) listPresences(c *call) (any, error) {
	if _, err := parseOptions(c.r); err != nil {
		return nil, err
	}
	ids, err := readIDs(c.r)
	if err != nil {
		return nil, err
	}
	answer := struct {
		Context string         `json:"@odata.context"`
		Value   []presenceBody `json:"value"`
	}{c.context("Collection(microsoft.graph.presence)", ""), []presenceBody{}}
	s.mu.RLock()
	defer s.mu.RUnlock()
	now := s.clock()
	told := make(map[string]bool, len(ids))
	for _, id := range ids {
		r, ok := c.directory.find(id)
		if !ok || told[r.user.ID] {
			continue
		}
		told[r.user.ID] = true
		answer.Value = append(answer.Value, s.see(&r.user, now).body(r.user.ID))
	}
	return answer, nil
}

// readIDs reads {"ids":[…]}.
func readIDs(r *http.Request) ([]string, error) {
	refuse := func(message string) error {
		return &failure{status: http.StatusBadRequest, code: "BadRequest", message: message}
	}
	var request struct {
		IDs []string `json:"ids"`
	}
	if err := readJSON(r, &request); err != nil {
		return nil, err
	}
	if n := len(request.IDs); n == 0 || n > maxPresences {
		return nil, refuse(fmt.Sprintf("The number of user ids must be between 1 and %d.", maxPresences))
	}
	for _, id := range request.IDs {
		if !isGUID(id) {
			return nil, refuse("Invalid User Id.")
		}
	}
	return request.IDs, nil
}
