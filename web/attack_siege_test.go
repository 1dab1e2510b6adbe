package web

import (
	"io"
	"net/http"
	"strings"
	"sync"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
	"teamsbridge/graph"
	"teamsbridge/sso"
	"teamsbridge/sso/ssotest"
)

// More people, who are there for the attacks only.
const (
	outside = "cccccccc-0000-4000-8000-000000000003" // an organisation that is not admitted
	mallory = "c0000000-0000-4000-8000-000000000001" // admin there
	petra   = "b0000000-0000-4000-8000-000000000002" // admin of the partner
)

// planted stands in everything that an attacker writes, and in no answer.
const planted = "pl4nted"

// siege is the world with something in it that is worth taking: a call, a
// favourite, a stream of events, a browser that is signed in.
type siege struct {
	*world
	call   string // anja's
	number string // the id of anja's reservation
	stream string // of events, which anja reads
	cookie string // of ben's browser
	writes writes
	tokens map[string]string // of the people of home
}

// tokenOf is somebody's token, signed once: that takes longer than an attack.
func (s *siege) tokenOf(person string) string {
	if s.tokens[person] == "" {
		s.tokens[person] = s.token(home, person)
	}
	return s.tokens[person]
}

func besieged(w *world) *siege {
	w.t.Helper()
	s := &siege{world: w, tokens: map[string]string{}}
	w.entra.AddTenant(ssotest.Tenant{ID: outside, Name: outside, Domain: "outside.example"})
	for _, a := range []ssotest.Account{
		{Tenant: outside, ObjectID: mallory, Username: "mallory@outside.example", Name: "mallory", Roles: []string{"Admin"}},
		{Tenant: partner, ObjectID: petra, Username: "petra@partner.example", Name: "petra", Roles: []string{"Admin"}},
	} {
		w.entra.AddAccount(a)
	}
	s.call = w.call("anja")
	b := w.browser()
	b.signIn("ben", "/")
	for name, value := range b.cookies() {
		s.cookie = name + "=" + value
	}
	if a := w.ask(w.token(home, anja), http.MethodPut, apiBase+"/experts/favourites/"+string(expertID60(1)), ""); a.status != http.StatusNoContent {
		w.t.Fatal(a.body)
	}
	reserved := w.ask(w.token(home, anja), http.MethodPost, apiBase+"/reservations", bodies["reserve"])
	if reserved.status != http.StatusCreated {
		w.t.Fatal(reserved.body)
	}
	s.number, _ = reserved.decode(w.t)["id"].(string)
	hello := w.listen(w.token(home, anja))("hello")
	s.stream, _ = hello.decode(w.t)["stream"].(string)
	w.store.Fail(s.writes.note)
	return s
}

// writes are the operations that the store was asked for and that are no reading.
type writes struct {
	mu    sync.Mutex
	names []string
}

// storeReading are the store's operations that change nothing. One that is not named
// here counts as a change, also when it is new.
var storeReading = map[string]bool{
	"Interaction": true, "Live": true, "Owned": true, "History": true, "Inputs": true, "Claimed": true, "AgentStates": true,
	"Checkpoints": true, "KeptExperts": true, "Favourites": true, "Recents": true, "RemoveFavourite": true,
	"Reservation": true, "ReservationByKey": true, "LiveReservations": true,
}

func (w *writes) note(op string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !storeReading[op] {
		w.names = append(w.names, op)
	}
	return nil
}

func (w *writes) noted() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.names...)
}

// standing is everything that a request can change.
type standing struct {
	Writes        []string // at the store, since the siege began
	Live          []consult.Stored
	Calls         []consult.CallStatus
	Lines         []memswitch.Line
	States        []consult.StoredAgentState
	Favourites    []graph.UserID // anja's
	Agents        []sso.Agent
	Organizations []sso.Organization
	Sessions      int
}

func (s *siege) standing() standing {
	s.t.Helper()
	ctx := s.t.Context()
	now := standing{Writes: s.writes.noted(), Lines: s.network.Lines(), Sessions: s.sessions.Sessions()}
	var err error
	now.Live, err = s.store.Live(ctx)
	fatal(s.t, err)
	now.Calls, err = s.network.Calls(ctx)
	fatal(s.t, err)
	now.States, err = s.store.AgentStates(ctx)
	fatal(s.t, err)
	now.Favourites, err = s.store.Favourites(ctx, home, "anja")
	fatal(s.t, err)
	now.Agents, err = s.sessions.AgentRows(ctx)
	fatal(s.t, err)
	for _, tenant := range []string{home, partner, outside} {
		organization, _, err := s.sessions.Organization(ctx, tenant)
		fatal(s.t, err)
		now.Organizations = append(now.Organizations, organization)
	}
	return now
}

// attempt is a request that an attack changes.
type attempt struct {
	method, target string // target is the path as it is sent, with its query
	token          string
	stranger       bool // of the other organisation
	header         http.Header
	body           string
}

// honest is a request as whoever may make it would send it.
func (s *siege) honest(r route) *attempt {
	s.t.Helper()
	id := "nothing"
	switch {
	case r.interaction():
		id = s.call
	case r.below("/reservations/"):
		id = s.number
	case r.below("/events/"):
		id = s.stream
	case r.below("/experts/"):
		id = string(expertID60(1))
	case r.below("/admin/agents/"):
		id = "ben"
	}
	q := &attempt{method: r.method, target: r.with(id), header: http.Header{}, body: r.content(s.t)}
	if r.media != "" {
		q.header.Set("Content-Type", r.media)
	}
	switch {
	case r.open:
	case r.role == sso.RoleAdmin:
		q.token = s.tokenOf(ada)
	case r.role == sso.RoleSupervisor:
		q.token = s.tokenOf(sofia)
	default:
		q.token = s.tokenOf(anja)
	}
	for _, name := range r.texts {
		q.query(name, "x")
	}
	return q
}

// with is the path with a value, as it stands, for its parameter.
func (r route) with(value string) string {
	before, rest, found := strings.Cut(r.path, "{")
	if !found {
		return r.path
	}
	_, after, _ := strings.Cut(rest, "}")
	return before + value + after
}

// query adds a parameter; the value is written as it stands.
func (q *attempt) query(name, value string) {
	mark := "?"
	if strings.Contains(q.target, "?") {
		mark = "&"
	}
	q.target += mark + name + "=" + value
}

// send sends it. Of a stream only the beginning is read.
func (s *siege) send(q *attempt) answered {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), q.method, s.url+q.target, strings.NewReader(q.body))
	fatal(s.t, err)
	r.Header = q.header.Clone()
	if q.token != "" {
		r.Header.Add("Authorization", "Bearer "+q.token)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	fatal(s.t, err)
	defer resp.Body.Close()
	var content []byte
	if resp.Header.Get("Content-Type") == eventStream {
		content = make([]byte, 4096)
		n, err := resp.Body.Read(content)
		fatal(s.t, err)
		content = content[:n]
	} else {
		content, err = io.ReadAll(resp.Body)
		fatal(s.t, err)
	}
	return answered{status: resp.StatusCode, header: resp.Header, body: string(content)}
}
