package web

import (
	"context"
	"encoding/base64"

	"teamsbridge/sso"
)

// endedDetails say what to do when Entra has ended somebody's sign-in.
var endedDetails = map[sso.EndedReason]string{
	sso.EndedRevoked:     "Your Microsoft sign-ins were ended, or your password was changed. Sign in again.",
	sso.EndedAccount:     "Your Microsoft account was disabled or deleted. Ask an administrator of your organisation.",
	sso.EndedUnassigned:  "Your Microsoft account may no longer use this application. Ask an administrator of your organisation to assign you.",
	sso.EndedInteraction: "Your organisation asks for more at sign-in: another factor, or another place. Sign in again.",
}

// signInEnded tells whoever had a good sign-in why it is over. The challenge in
// the header is the one that Microsoft's own libraries answer by themselves
// (Microsoft Learn, "Claims challenges, claims requests and client capabilities").
func signInEnded(s *Server, e *sso.EndedError) *Problem {
	p := signInRequired(s).because(string(e.Reason))
	p.Detail = endedDetails[e.Reason]
	if e.Claims == "" {
		return p.with("WWW-Authenticate", invalidToken)
	}
	p.Claims = e.Claims
	encoded := base64.StdEncoding.EncodeToString([]byte(e.Claims))
	return p.with("WWW-Authenticate", `Bearer error="insufficient_claims", claims="`+encoded+`"`)
}

// challenged tells what Microsoft wants of the person beyond their sign-in, and
// the one-time address at which a sign-in gives it.
func (s *Server) challenged(ctx context.Context, e *sso.ChallengeError) *Problem {
	p := ssoRequired(ctx, e.Status)
	p.SSO.Claims = e.Claims
	if e.Claims != "" {
		p.SSO.Action = orNull(s.deps.SignIn.Challenged(e.Claims))
	}
	return p
}

// ssoRequired says what of single sign-on is missing, in the words that the
// caller's session has for it.
func ssoRequired(ctx context.Context, st sso.Status) *Problem {
	p := newProblem(slugSSORequired)
	status := translated(st, languageOf(ctx))
	p.SSO = &status
	return p
}
