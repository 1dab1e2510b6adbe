package web

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"teamsbridge/sso"
)

// serveLogin begins a browser sign-in: GET /auth/login?provider=&return=.
func (s *Server) serveLogin(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	name := query.Get("provider")
	if name == "" {
		name = entraProvider
	}
	if err := checkHints(query); err != nil {
		s.failPage(w, r, err)
		return
	}
	begun, err := s.deps.SignIn.Begin(r.Context(), sso.Entry{
		Provider: name, Return: query.Get("return"), Session: s.sessionSecret(r),
		LoginHint: query.Get("login_hint"), Tenant: query.Get("tenant"), DomainHint: query.Get("domain_hint"),
	})
	if err != nil {
		s.failPage(w, r, err)
		return
	}
	begun = s.deps.SignIn.Answer(begun, query.Get("challenge"))
	s.setTransaction(w, r, begun.Browser)
	http.Redirect(w, r, begun.URL, http.StatusSeeOther)
}

// maxHint fits the longest mail address (RFC 5321, 4.5.3.1).
const maxHint = 320 // bytes

var domainName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$`)

// checkHints refuses what no provider could do anything with.
func checkHints(query url.Values) error {
	login, domain := query.Get("login_hint"), query.Get("domain_hint")
	switch {
	case len(login) > maxHint || strings.ContainsFunc(login, unicode.IsControl):
		return invalid("query.login_hint", "must be a user name of at most 320 bytes")
	case domain != "" && !domainName.MatchString(domain):
		return invalid("query.domain_hint", "must be a domain name")
	}
	return nil
}

// serveCallback is where the identity provider sends the browser back to.
func (s *Server) serveCallback(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	done, err := s.deps.SignIn.Complete(r.Context(), sso.Callback{
		State: query.Get("state"), Code: query.Get("code"), Issuer: query.Get("iss"),
		Error:   strings.TrimSpace(query.Get("error") + " " + query.Get("error_description")),
		Browser: s.transactionSecret(r), Session: s.sessionSecret(r),
	})
	s.clearTransaction(w, r)
	if err != nil {
		if !endWindow(w, r, done.Return, err) {
			s.failPage(w, r, err)
		}
		return
	}
	if err := s.auditSignIn(r, done.Secret); err != nil {
		s.failPage(w, r, err)
		return
	}
	s.setSession(w, r, done.Secret, done.ExpiresAt)
	http.Redirect(w, r, done.Return, http.StatusSeeOther)
}

// signedOut tells where the browser signs out at its provider too.
type signedOut struct {
	URL string `json:"url"`
}

// serveLogout ends the session. It answers 204, or where to go on to when the
// provider has a sign-out of its own.
func (s *Server) serveLogout(w http.ResponseWriter, r *http.Request) {
	if err := s.sameOrigin(r); err != nil {
		s.fail(w, r, err)
		return
	}
	secret := s.sessionSecret(r)
	s.clearSession(w, r)
	if secret == "" {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	s.auditSignOut(r, secret)
	url, err := s.deps.SignIn.End(r.Context(), secret)
	if err != nil && !errors.Is(err, sso.ErrSessionNotFound) {
		s.fail(w, r, err)
		return
	}
	if url == "" {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	s.writeJSON(w, r, http.StatusOK, signedOut{URL: url})
}

// backchannelPath is where an identity provider tells that a sign-in is over.
const backchannelPath = "/auth/backchannel-logout"

// serveBackchannelLogout ends the sessions that an identity provider says are over
// (OpenID Connect Back-Channel Logout 1.0, 2.5 to 2.8). The token in the form is
// all that vouches for it.
func (s *Server) serveBackchannelLogout(w http.ResponseWriter, r *http.Request) {
	token, err := s.logoutToken(w, r)
	if err == nil {
		err = s.deps.SignIn.Logout(r.Context(), token)
	}
	if err != nil {
		p := s.problemOf(r.Context(), err)
		s.refused(r, p)
		s.write(w, r, p)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// logoutToken reads the form; its errors are problems.
func (s *Server) logoutToken(w http.ResponseWriter, r *http.Request) (string, error) {
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if media != "application/x-www-form-urlencoded" {
		return "", newProblem(slugUnsupportedMediaType)
	}
	r.Body = http.MaxBytesReader(w, r.Body, s.cfg.MaxBody)
	if err := r.ParseForm(); err != nil {
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			return "", newProblem(slugTooLarge)
		}
		return "", newProblem(slugMalformed)
	}
	tokens := r.PostForm["logout_token"]
	if len(tokens) != 1 {
		return "", newProblem(slugMalformed)
	}
	return tokens[0], nil
}

// serveLogoutPage has no effect: a link or an image must not sign anybody out.
func (s *Server) serveLogoutPage(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// serveConsent is both ends of an admin's consent: the one-time address that
// leads to Entra (code), and the way back from there (state).
func (s *Server) serveConsent(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if code := query.Get("code"); code != "" && !query.Has("state") {
		begun, err := s.deps.Consent.Follow(r.Context(), code)
		if err != nil {
			s.failPage(w, r, err)
			return
		}
		s.setTransaction(w, r, begun.Browser)
		http.Redirect(w, r, begun.URL, http.StatusSeeOther)
		return
	}
	org, err := s.deps.Consent.Complete(r.Context(), query.Get("state"), query.Get("error"), s.transactionSecret(r))
	s.clearTransaction(w, r)
	if err != nil {
		s.failPage(w, r, err)
		return
	}
	if err := s.auditConsent(r, org); err != nil {
		s.failPage(w, r, err)
		return
	}
	if missing := org.Missing(); len(missing) > 0 {
		s.writeNotice(w, r, http.StatusOK, consentIncomplete, missing...)
		return
	}
	s.writeNotice(w, r, http.StatusOK, consentRecorded)
}
