package web

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"teamsbridge/graph"
	"teamsbridge/presence"
	"teamsbridge/sso"
)

type expert struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	GivenName  *string  `json:"givenName"`
	Surname    *string  `json:"surname"`
	Role       *string  `json:"role" doc:"Job title"`
	Department *string  `json:"department"`
	Number     string   `json:"number" doc:"Business number, E.164 where it can be read as one"`
	Presence   Presence `json:"presence"`
}

func expertOf(e graph.Expert, p presence.Presence) expert {
	return expert{
		ID:         string(e.ID),
		Name:       e.Name,
		GivenName:  orNull(e.GivenName),
		Surname:    orNull(e.Surname),
		Role:       orNull(e.Role),
		Department: orNull(e.Department),
		Number:     e.Number,
		Presence:   presenceViewOf(p),
	}
}

// DirectoryAge says how old what is known of the directory is. Exported for the
// sake of huma, which looks into exported embedded structs only.
type DirectoryAge struct {
	SyncedAt   *string           `json:"syncedAt" format:"date-time"`
	AgeSeconds *int64            `json:"ageSeconds"`
	Source     directoryMode     `json:"source" doc:"The mirrored directory, or Microsoft Graph itself"`
	CannotFind []graph.Blindness `json:"cannotFind" doc:"What this search may have missed; of the index nothing"`
	Error      *string           `json:"error" doc:"Why Microsoft does not answer at present (throttled, denied, unavailable, failed): what changes there comes later; null when it answers"`
}

func directoryAgeOf(st graph.Status, now time.Time) DirectoryAge {
	return DirectoryAge{
		SyncedAt: timeOrNull(st.SyncedAt), AgeSeconds: secondsSince(now, st.SyncedAt), Source: directoryMode(cmp.Or(st.Mode, graph.ModeIndex)),
		CannotFind: []graph.Blindness{}, Error: orNull(st.LastError),
	}
}

// searchedAgeOf is directoryAgeOf one answer: a live one has an age of its own.
func searchedAgeOf(st graph.Status, found graph.Result, now time.Time) DirectoryAge {
	if !found.ReadAt.IsZero() {
		st.SyncedAt = found.ReadAt
	}
	age := directoryAgeOf(st, now)
	age.CannotFind = append(age.CannotFind, found.CannotFind...)
	return age
}

type expertsRequest struct {
	Q          string `query:"q" maxLength:"256" doc:"Words of name, role or department, or a complete telephone number; may be empty"`
	Department string `query:"department" maxLength:"256" doc:"Exactly this department; case and accents do not matter"`
	Role       string `query:"role" maxLength:"256" doc:"Exactly this role; case and accents do not matter"`
	Available  bool   `query:"available" doc:"Only who is available or unknown, available ones first, among the first 200 text matches"`
	Limit      int    `query:"limit" minimum:"1" maximum:"200" default:"25"`
	Cursor     string `query:"cursor" maxLength:"4096" doc:"The member next of the page before; the other parameters stay the same"`
}

type expertsAnswer struct {
	Experts   []expert     `json:"experts"`
	Next      *string      `json:"next" doc:"Cursor of the next page; null on the last"`
	Total     *int         `json:"total" doc:"How many match; null where it is not known"`
	Checked   *int         `json:"checked" doc:"How many text matches were asked for their presence"`
	Directory DirectoryAge `json:"directory"`
}

type expertID struct {
	ID string `path:"id"`
}

type refreshRequest struct {
	Body struct {
		IDs []string `json:"ids" minItems:"1" maxItems:"650"`
	}
}

type refreshFailure struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

type refreshAnswer struct {
	Presences []personPresence `json:"presences"`
	Failed    []refreshFailure `json:"failed"`
}

type missingRequest struct {
	Q string `query:"q" required:"true" minLength:"1" maxLength:"256" doc:"Beginning of the name, given name or surname"`
}

type missingPerson struct {
	ID     string                 `json:"id"`
	Name   string                 `json:"name"`
	Reason nullable[graph.Reason] `json:"reason" doc:"Null when the person is in fact listed"`
}

type missingAnswer struct {
	People []missingPerson `json:"people"`
}

func (a *api) experts() {
	s := a.server
	tag := tagged("Experts")
	handle(a, operation(http.MethodGet, "/experts", "searchExperts", "Experts of the organisation by name, role, department or complete number", tag), s.searchExperts)
	handle(a, operation(http.MethodGet, "/experts/labels", "getExpertLabels", "Departments and roles by which a list of experts can be narrowed", tag), s.expertLabels)
	handle(a, operation(http.MethodGet, "/experts/{id}", "getExpert", "One expert", tag), s.expert)
	handle(a, operation(http.MethodPost, "/experts/presence/refresh", "refreshPresence", "Presence observed after this request began, never from the cache", tag), s.refreshPresence)
	handle(a, operation(http.MethodGet, "/experts/missing", "explainMissing", "Why somebody does not appear among the experts, asked live", tag, forRole(sso.RoleAdmin)), s.missingExperts)
}

// maySearch applies the setting experts_search.
func (s *Server) maySearch(p sso.Principal) error {
	if s.cfg.ExpertsSearch == searchSSO {
		return s.deps.Gate.Allow(p)
	}
	return nil
}

func (s *Server) searchExperts(ctx context.Context, p sso.Principal, in *expertsRequest) (*body[expertsAnswer], error) {
	if err := s.maySearch(p); err != nil {
		return nil, err
	}
	search := s.byText
	if in.Available {
		search = s.byAvailability
	}
	out, err := search(ctx, p, in)
	if err != nil {
		return nil, err
	}
	return answerWith(out), nil
}

// query is the search of a request, on behalf of p's site.
func (in *expertsRequest) query(p sso.Principal) graph.Query {
	return graph.Query{
		Text: in.Q, Department: in.Department, Role: in.Role,
		Country: p.Agent().Country, Limit: in.Limit,
	}
}

// byText is a page of the index in its own order.
func (s *Server) byText(ctx context.Context, p sso.Principal, in *expertsRequest) (expertsAnswer, error) {
	tenant := graph.TenantID(p.Tenant())
	query := in.query(p)
	query.Cursor = in.Cursor
	result, err := s.deps.Experts.Search(ctx, tenant, query)
	if err != nil {
		return expertsAnswer{}, err
	}
	out := expertsAnswer{
		Experts:   s.withPresence(ctx, tenant, result.Experts),
		Next:      orNull(result.Next),
		Directory: searchedAgeOf(s.deps.Experts.Status(tenant), result, s.now()),
	}
	if result.Total >= 0 {
		out.Total = &result.Total
	}
	return out, nil
}

// withPresence adds to each expert what is known of them; the cache bounds how
// long it asks Graph, because a list with an unknown presence helps more than none.
func (s *Server) withPresence(ctx context.Context, tenant graph.TenantID, experts []graph.Expert) []expert {
	known := s.presences(ctx, tenant, mapped(experts, func(e graph.Expert) graph.UserID { return e.ID }))
	out := make([]expert, 0, len(experts))
	for i, e := range experts {
		out = append(out, expertOf(e, known[i]))
	}
	return out
}

// presences answers one presence per id, in the order asked.
func (s *Server) presences(ctx context.Context, tenant graph.TenantID, ids []graph.UserID) []presence.Presence {
	if len(ids) == 0 {
		return nil
	}
	return s.deps.Presence.Fetch(ctx, tenant, ids)
}

func (s *Server) expert(ctx context.Context, p sso.Principal, in *expertID) (*body[expert], error) {
	if err := s.maySearch(p); err != nil {
		return nil, err
	}
	tenant := graph.TenantID(p.Tenant())
	found, err := s.deps.Experts.Find(ctx, tenant, graph.UserID(in.ID))
	if err != nil {
		return nil, readError(err)
	}
	return answerWith(s.withPresence(ctx, tenant, []graph.Expert{found})[0]), nil
}

func (s *Server) refreshPresence(ctx context.Context, p sso.Principal, in *refreshRequest) (*body[refreshAnswer], error) {
	defer s.present(p)() // asked for together with others', so for whoever is present
	if err := s.maySearch(p); err != nil {
		return nil, err
	}
	tenant := graph.TenantID(p.Tenant())
	listed, others, err := s.listed(tenant, in.Body.IDs)
	if err != nil {
		return nil, err
	}
	out := refreshAnswer{Presences: []personPresence{}, Failed: []refreshFailure{}}
	for _, id := range others {
		out.Failed = append(out.Failed, refreshFailure{ID: id, Reason: "not-listed"})
	}
	if len(listed) == 0 {
		return answerWith(out), nil
	}
	presences, failures := s.deps.Presence.Refresh(ctx, tenant, listed)
	out.Presences = append(out.Presences, mapped(presences, personPresenceOf)...)
	for _, f := range failures {
		out.Failed = append(out.Failed, refreshFailure{ID: string(f.ID), Reason: f.Reason})
	}
	return answerWith(out), nil
}

// missingExperts asks Graph live; it is for an admin, so it is rare.
func (s *Server) missingExperts(ctx context.Context, p sso.Principal, in *missingRequest) (*body[missingAnswer], error) {
	people, err := s.deps.Experts.Missing(ctx, graph.TenantID(p.Tenant()), in.Q)
	if err != nil {
		return nil, err
	}
	return answerWith(missingAnswer{People: mapped(people, func(m graph.Missing) missingPerson {
		return missingPerson{ID: string(m.ID), Name: m.Name, Reason: orNullWord(m.Reason)}
	})}), nil
}
