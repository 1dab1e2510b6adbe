package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"teamsbridge/consult"
	"teamsbridge/sso"
)

// CommandHeaders are what every command takes beside its body. Exported for
// the sake of huma, which looks into exported embedded structs only.
type CommandHeaders struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match" doc:"Only while the interaction has this version, such as \"7\""`
	KeyHeader
}

// KeyHeader makes a request idempotent. Exported for huma, as CommandHeaders.
type KeyHeader struct {
	IdempotencyKey string `header:"Idempotency-Key" doc:"1 to 255 printable characters; the same key gets the first answer for 24 hours"`
}

// Resolve looks at the header itself, because an empty one counts as none for huma.
func (h *KeyHeader) Resolve(ctx huma.Context) []error {
	var problems []error
	ctx.EachHeader(func(name, value string) {
		if strings.EqualFold(name, "Idempotency-Key") && !printable(value) {
			problems = append(problems, &huma.ErrorDetail{
				Location: "header.Idempotency-Key", Message: "expected 1 to 255 printable characters"})
		}
	})
	return problems
}

// Resolve checks the headers together with the rest of the request.
func (h *CommandHeaders) Resolve(ctx huma.Context) []error {
	problems := h.KeyHeader.Resolve(ctx)
	if _, ok := expectedVersion(h.IfMatch); !ok {
		problems = append(problems, newProblem(slugMalformed))
	}
	return problems
}

const maxKey = 255

// printable reports whether the key is 1 to 255 printable ASCII characters.
func printable(key string) bool {
	if key == "" || len(key) > maxKey {
		return false
	}
	return strings.IndexFunc(key, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}

// expectedVersion reads If-Match: nil without a condition ("" or "*"), version
// 0, which no interaction has, for a tag that is not one of ours. Weak tags
// (RFC 9110, 13.1.1: never a match) and lists are refused: ok is false.
func expectedVersion(header string) (version *uint64, ok bool) {
	switch header = strings.TrimSpace(header); header {
	case "", "*":
		return nil, true
	}
	tag, found := strings.CutPrefix(header, `"`)
	tag, closed := strings.CutSuffix(tag, `"`)
	if !found || !closed || strings.Contains(tag, `"`) {
		return nil, false
	}
	v, err := strconv.ParseUint(tag, 10, 64)
	if err != nil {
		v = 0
	}
	return &v, true
}

// command is one command's request: its headers and how its body becomes a
// command of the engine.
type command interface {
	headers() CommandHeaders
	command(consult.Action) consult.Command
	content() any
}

func (h *CommandHeaders) headers() CommandHeaders { return *h }

// commands registers every action but consult and the transfers' target, which
// differ in their bodies only.
func (a *api) commands() {
	for _, plain := range []struct {
		path, id, summary string
		action            consult.Action
	}{
		{"/hold", "hold", "Put the customer on hold", consult.ActionHold},
		{"/resume", "resume", "Take the customer back; during a consult this swaps", consult.ActionResume},
		{"/consult/resume", "resumeExpert", "Swap back to the consulted party", consult.ActionResumeExpert},
		{"/consult/end", "endConsult", "End or withdraw the consult; agent 2 leaves it", consult.ActionEndConsult},
		{"/consult/accept", "accept", "Agent 2 accepts the consult", consult.ActionAccept},
		{"/conference", "conference", "Bring all three together", consult.ActionConference},
		{"/leave", "leave", "Leave the conference", consult.ActionLeave},
		{"/end", "end", "End the call for all", consult.ActionEnd},
		{"/wrap-up/pause", "pauseWrapUp", "Stop the wrap-up timer", consult.ActionPauseWrapUp},
	} {
		registerCommand[plainCommand](a, plain.path, plain.id, plain.summary, plain.action)
	}
	registerCommand[consultCommand](a, "/consult", "consult", "Consult somebody; the customer is put on hold", consult.ActionConsult)
	registerCommand[declineCommand](a, "/consult/decline", "decline", "Agent 2 declines the consult", consult.ActionDecline)
	registerCommand[transferCommand](a, "/transfer", "transfer", "Hand the customer over to the consulted party or, with a target, to somebody who is rung first", consult.ActionTransfer)
	registerCommand[wrapUpCommand](a, "/wrap-up", "wrapUp", "Wrap up with a reason", consult.ActionWrapUp)
}

// registerCommand registers POST /interactions/{id}/path.
func registerCommand[I any, P interface {
	*I
	command
}](a *api, path, id, summary string, action consult.Action) {
	s := a.server
	op := operation(http.MethodPost, "/interactions/{id}"+path, id, summary, tagged("Commands"))
	op.Middlewares = huma.Middlewares{party{s, action}.check}
	handle(a, op, func(ctx context.Context, p sso.Principal, in *I) (*interactionAnswer, error) {
		view, err := s.do(ctx, p, P(in), action)
		if err != nil {
			return nil, err
		}
		return answerView(view), nil
	})
}

// party refuses, before the body is looked at, who cannot see the interaction
// or may only look at it; but who repeats the command that ended their part.
type party struct {
	server *Server
	action consult.Action
}

func (c party) check(ctx huma.Context, next func(huma.Context)) {
	engine, p, id := c.server.deps.Engine, principalOf(ctx.Context()), consult.InteractionID(ctx.Param("id"))
	view, err := engine.View(ctx.Context(), p, id)
	_, damaged := errors.AsType[*consult.DamagedError](err)
	// Whose a damaged interaction is cannot be read, but who is no agent never commands.
	if err == nil && view.Role == consult.RoleSupervisor || damaged && !p.Has(sso.RoleAgent) {
		err = &consult.RoleError{Role: string(sso.RoleAgent)}
	}
	if err != nil && (damaged || !engine.Answered(ctx.Context(), p, id, c.action, ctx.Header("Idempotency-Key"))) {
		r, w := humago.Unwrap(ctx)
		c.server.fail(w, r, err)
		return
	}
	next(ctx)
}

// do has the engine carry out the command.
func (s *Server) do(ctx context.Context, p sso.Principal, in command, action consult.Action) (consult.View, error) {
	h := in.headers()
	cmd := in.command(action)
	cmd.IfVersion, _ = expectedVersion(h.IfMatch)
	if h.IdempotencyKey != "" {
		hash, err := hashOf(in.content())
		if err != nil {
			return consult.View{}, err
		}
		cmd.Key, cmd.BodyHash = h.IdempotencyKey, hash
	}
	view, err := s.deps.Engine.Do(ctx, p, consult.InteractionID(h.ID), cmd)
	if err == nil {
		s.remember(ctx, p, cmd)
	}
	return view, err
}

// hashOf is the SHA-256 of what a body says, however it was spelled: members
// in one order, without blanks, an absent body like an empty one.
func hashOf(content any) (string, error) {
	canonical, err := json.Marshal(content)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:]), nil
}
