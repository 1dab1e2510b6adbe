package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"teamsbridge/graph"
	"teamsbridge/sso"
)

type principalKey struct{}

// principalOf is the verified caller of the request; the zero value, which
// every domain refuses, on routes that ask for no sign-in.
func principalOf(ctx context.Context) sso.Principal {
	p, _ := ctx.Value(principalKey{}).(sso.Principal)
	return p
}

// signedIn is the security that an operation names to be for signed-in people
// only. What the description says is what authenticate enforces.
var signedIn = []map[string][]string{{"bearer": {}}, {"session": {}}}

// roleMetadata holds the role an operation needs.
const roleMetadata = "role"

// authenticate puts the verified caller into the context, and refuses before
// anything else of the request is looked at: first who it is, then the role.
func (s *Server) authenticate(ctx huma.Context, next func(huma.Context)) {
	op := ctx.Operation()
	if len(op.Security) == 0 {
		next(ctx)
		return
	}
	r, w := humago.Unwrap(ctx)
	caller, err := s.caller(r)
	if err != nil {
		p := s.problemOf(r.Context(), err)
		s.refused(r, p)
		s.write(w, r, p)
		return
	}
	noteCaller(r.Context(), caller)
	if !s.limitAgent(w, r, caller) {
		return
	}
	if role, ok := op.Metadata[roleMetadata].(sso.Role); ok && !caller.Has(role) {
		p := newProblem(slugRoleRequired)
		p.Role = role
		s.fail(w, r, p)
		return
	}
	s.audited(huma.WithContext(ctx, s.onBehalf(context.WithValue(ctx.Context(), principalKey{}, caller), caller)), caller, next)
}

// onBehalf lets Graph be asked for the caller, where that is how it is asked.
func (s *Server) onBehalf(ctx context.Context, p sso.Principal) context.Context {
	if s.deps.Present == nil {
		return ctx
	}
	return graph.OnBehalf(ctx, graphCaller(p))
}

// present tells that the caller is here until leave is called.
func (s *Server) present(p sso.Principal) (leave func()) {
	if s.deps.Present == nil {
		return func() {}
	}
	return s.deps.Present(graphCaller(p))
}

func graphCaller(p sso.Principal) graph.Caller {
	a := p.Assertion()
	return graph.Caller{
		Tenant: graph.TenantID(p.Tenant()), ID: graph.UserID(p.Agent().EntraID), Assertion: a.Token, Expires: a.Expires,
	}
}

// caller verifies the bearer token or, without one, the session cookie. A
// write that only a cookie vouches for must come from the page itself.
func (s *Server) caller(r *http.Request) (sso.Principal, error) {
	if values := r.Header.Values("Authorization"); len(values) > 0 {
		token, ok := bearer(values)
		if !ok {
			return sso.Principal{}, sso.ErrSignInRequired
		}
		return s.deps.Verifier.Verify(r.Context(), token)
	}
	secret := s.sessionSecret(r)
	if secret == "" {
		return sso.Principal{}, sso.ErrSignInRequired
	}
	caller, err := s.deps.Verifier.FromSession(r.Context(), secret)
	if err != nil {
		return sso.Principal{}, err
	}
	if err := s.sameOrigin(r); err != nil {
		return sso.Principal{}, err
	}
	return caller, nil
}

// sameOrigin refuses a cross-origin write.
func (s *Server) sameOrigin(r *http.Request) error {
	if s.crossOrigin.Check(r) != nil {
		return newProblem(slugTokenNotAllowed).because("cross-origin")
	}
	return nil
}

// bearer reads the one Authorization header of the Bearer scheme.
func bearer(values []string) (token string, ok bool) {
	if len(values) != 1 {
		return "", false
	}
	scheme, token, found := strings.Cut(values[0], " ")
	token = strings.TrimSpace(token)
	return token, found && token != "" && strings.EqualFold(scheme, "Bearer")
}
