package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"teamsbridge/audit"
	"teamsbridge/consult"
	"teamsbridge/sso"
)

// auditor records what happens at this surface. Without a recorder it does nothing.
type auditor struct {
	recorder *audit.Recorder
	tokens   seenTokens
	floods   floods
}

func newAuditor(recorder *audit.Recorder) *auditor {
	return &auditor{recorder: recorder}
}

// record returns once the event is durable; an error means that it is not, and
// that nothing may be answered as if it were.
func (a *auditor) record(ctx context.Context, e audit.Event) error {
	if a.recorder == nil {
		return nil
	}
	if err := a.recorder.Record(context.WithoutCancel(ctx), e); err != nil {
		return fmt.Errorf("%w: %w", consult.ErrStorage, err)
	}
	return nil
}

func (a *auditor) note(e audit.Event) {
	if a.recorder != nil {
		a.recorder.Note(e)
	}
}

// eventOf begins an event of the request.
func eventOf(r *http.Request, p sso.Principal, sessionSecret string, kind audit.Kind, action string, outcome audit.Outcome) audit.Event {
	e := audit.Event{Tenant: p.Tenant(), Kind: kind, Action: action, Outcome: outcome, Trace: requestID(r.Context())}
	e.Actor = actorOf(p)
	if token, ok := bearer(r.Header.Values("Authorization")); ok {
		e.Actor.Session = shortDigest(token)
	} else if sessionSecret != "" {
		e.Actor.Session = shortDigest(sessionSecret)
	}
	return e
}

// actorOf is nobody where the caller was not verified.
func actorOf(p sso.Principal) audit.Actor {
	if !p.Valid() {
		return audit.Actor{}
	}
	agent := p.Agent()
	return audit.Actor{Agent: string(agent.ID), Entra: agent.EntraID, Identity: string(p.Identity()), Channel: string(p.Channel())}
}

// shortLength is that of a shortDigest.
const shortLength = 16

// shortDigest names a secret without telling it: the beginning of its SHA-256.
// Of a session it is that of the key under which the store has it.
func shortDigest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])[:shortLength]
}

// auditedActs are the acts that are more than administration.
var auditedActs = map[string]audit.Kind{"switchSSO": audit.Switch, "beginConsent": audit.Consent}

// audited serves an operation of a verified caller. An administrator's act is
// recorded before it begins, and refused when it cannot be; how it ended is a
// second line, so that one that was interrupted is seen too.
func (s *Server) audited(ctx huma.Context, p sso.Principal, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	s.auditToken(r, p)
	kept, _ := r.Context().Value(requestKey{}).(*request)
	if kept != nil {
		kept.interaction = r.PathValue("id")
	}
	op := ctx.Operation()
	role, _ := op.Metadata[roleMetadata].(sso.Role)
	if role != sso.RoleAdmin || op.Method == http.MethodGet {
		next(ctx)
		return
	}
	kind, ok := auditedActs[op.OperationID]
	if !ok {
		kind = audit.Administration
	}
	e := eventOf(r, p, s.sessionSecret(r), kind, op.OperationID, audit.Begun)
	if err := s.auditor.record(r.Context(), e); err != nil {
		s.fail(w, r, err)
		return
	}
	next(ctx)
	if kept == nil || kept.problem != nil { // the refusal has its own line
		return
	}
	e.Outcome = audit.Done
	if op.OperationID == "switchSSO" {
		e.Reason = "off"
		if org, ok := s.deps.Organizations.Get(p.Tenant()); ok && org.Enabled {
			e.Reason = "on"
		}
	}
	e.Target = s.targetOf(op.OperationID, r, p)
	s.auditor.note(e)
}

// The kinds of an audit line's target beside those of a consult.
const (
	targetAgent   = "agent"
	targetSession = "session"
)

// targetOf is whom or what an administrator's act that is done was done to. What
// it names was found, and is no text of the client's.
func (s *Server) targetOf(operation string, r *http.Request, p sso.Principal) audit.Target {
	id := r.PathValue("id")
	switch operation {
	case "endOrganizationSession":
		return sessionTarget(id)
	case "endAgentSessions":
		row, _ := s.deps.Roster.Agents().ByID(p.Tenant(), sso.AgentID(r.URL.Query().Get("agent")))
		id = string(row.ID)
	}
	if id == "" {
		return audit.Target{}
	}
	return audit.Target{Kind: targetAgent, ID: id}
}

// sessionTarget names a session as the lines of what was done with it do.
func sessionTarget(id string) audit.Target {
	return audit.Target{Kind: targetSession, ID: id[:min(shortLength, len(id))]}
}

// auditEnded notes that somebody ended sessions of their own, one line for each.
func (s *Server) auditEnded(ctx context.Context, p sso.Principal, ids ...string) {
	for _, id := range ids {
		e := audit.Event{Tenant: p.Tenant(), Kind: audit.SignIn, Action: "sign-out", Outcome: audit.Done, Trace: requestID(ctx)}
		e.Actor, e.Target = actorOf(p), sessionTarget(id)
		e.Actor.Session = sessionTarget(p.SessionID()).ID
		s.auditor.note(e)
	}
}

// auditToken notes the first use of a bearer token: it is how somebody inside
// Teams signs in. It waits for nothing, because calls come with tokens too.
func (s *Server) auditToken(r *http.Request, p sso.Principal) {
	token, ok := bearer(r.Header.Values("Authorization"))
	if ok && s.auditor.recorder != nil && s.auditor.tokens.first(token, p.Expires(), s.now()) {
		s.auditor.note(eventOf(r, p, "", audit.SignIn, "token", audit.Done))
	}
}

// auditSignIn records a browser's sign-in. One that cannot be recorded is ended
// again, so that nobody is signed in unseen.
func (s *Server) auditSignIn(r *http.Request, secret string) error {
	if s.auditor.recorder == nil {
		return nil
	}
	p, err := s.deps.Verifier.FromSession(r.Context(), secret)
	if err != nil {
		return err
	}
	err = s.auditor.record(r.Context(), eventOf(r, p, secret, audit.SignIn, "browser", audit.Done))
	if err != nil {
		_, ended := s.deps.SignIn.End(r.Context(), secret)
		err = errors.Join(err, ended)
	}
	return err
}

// auditSignOut notes who leaves; a session that is over has nobody.
func (s *Server) auditSignOut(r *http.Request, secret string) {
	if s.auditor.recorder == nil {
		return
	}
	if p, err := s.deps.Verifier.FromSession(r.Context(), secret); err == nil {
		s.auditor.note(eventOf(r, p, secret, audit.SignIn, "sign-out", audit.Done))
	}
}

// auditTaken notes a sign-in that its provider ended.
func (s *Server) auditTaken(taken sso.Taken) {
	e := audit.Event{Tenant: taken.Tenant, Kind: audit.SignIn, Action: "taken", Outcome: audit.Done, Reason: string(taken.Reason)}
	if taken.BackChannel {
		e.Reason = "backchannel-logout"
	}
	e.Actor = actorOf(taken.Principal)
	e.Actor.Session = taken.Key[:min(shortLength, len(taken.Key))]
	s.auditor.note(e)
}

// auditConsent records how an admin came back from Microsoft.
func (s *Server) auditConsent(r *http.Request, org sso.Organization) error {
	e := audit.Event{Tenant: org.Tenant, Kind: audit.Consent, Action: "consent", Outcome: audit.Done, Trace: requestID(r.Context())}
	if len(org.Missing()) > 0 {
		e.Outcome, e.Reason = audit.Failed, "incomplete"
	}
	return s.auditor.record(r.Context(), e)
}

// interactionSlugs are the refusals by which the address's interaction was
// found; in the others its id may be any text of the client's.
var interactionSlugs = map[slug]bool{
	slugWrongPhase: true, slugVersionConflict: true, slugSSORequired: true, slugDialNumberInvalid: true,
	slugDialNotAllowed: true, slugExpertNotListed: true, slugInteractionDamaged: true,
}

// auditRefusal notes a refused request by its route, never by what the client
// wrote. Left out are addresses that lead nowhere, what a healthy service cannot
// do (5xx), and the page's own question before anybody signed in.
func (s *Server) auditRefusal(r *http.Request, kept *request) {
	p := kept.problem
	if s.auditor.recorder == nil || p == nil || p.Status >= http.StatusInternalServerError || kept.route == unmatchedRoute {
		return
	}
	name := slug(strings.TrimPrefix(p.Type, problemBase))
	secret := s.sessionSecret(r)
	if name == slugSignInRequired && p.Reason == "" && secret == "" && r.Header.Get("Authorization") == "" && below(kept.route, apiBase) {
		return
	}
	tenant := kept.caller.Tenant()
	told, withheld := s.auditor.floods.admit(tenant, s.now())
	if !told {
		return
	}
	if withheld > 0 {
		s.auditor.note(audit.Event{Tenant: tenant, Kind: audit.Refusal, Action: "many", Outcome: audit.Refused, Count: withheld})
	}
	e := eventOf(r, kept.caller, secret, audit.Refusal, knownMethod(r.Method)+" "+kept.route, audit.Refused)
	e.Reason = string(name)
	if p.Reason != "" && name != slugAgentUnknown { // there it is whom to ask
		e.Reason += " " + p.Reason
	}
	if interactionSlugs[name] && strings.HasPrefix(kept.route, apiBase+"/interactions/{id}") {
		e.Interaction = kept.interaction
	}
	s.auditor.note(e)
}
