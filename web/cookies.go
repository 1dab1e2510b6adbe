package web

import (
	"net"
	"net/http"
	"time"
)

// Browser sign-in uses two cookies: the session, and the transaction that
// binds a sign-in on its way to this browser.
const (
	cookieBase        = "teamsbridge"
	transactionSuffix = "-sign-in"
	transactionLife   = 10 * time.Minute
)

// cookieName is __Host-teamsbridge behind https. On plain http, which is for
// loopback, it carries the port instead: cookies are shared by all ports of a
// host, and the prefix needs https.
func (s *Server) cookieName(r *http.Request) string {
	if s.cfg.CookieName != "" {
		return s.cfg.CookieName
	}
	if s.secure(r) {
		return "__Host-" + cookieBase
	}
	if _, port, err := net.SplitHostPort(r.Host); err == nil {
		return cookieBase + "-" + port
	}
	return cookieBase
}

// secure reports whether the browser speaks https, to us or to a proxy of ours.
func (s *Server) secure(r *http.Request) bool {
	kept, ok := r.Context().Value(requestKey{}).(*request)
	return r.TLS != nil || s.cfg.behindHTTPS() || ok && kept.https
}

func (s *Server) sessionSecret(r *http.Request) string { return cookieValue(r, s.cookieName(r)) }

func (s *Server) transactionSecret(r *http.Request) string {
	return cookieValue(r, s.cookieName(r)+transactionSuffix)
}

func cookieValue(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// setSession keeps the session's secret in the browser until expires.
func (s *Server) setSession(w http.ResponseWriter, r *http.Request, secret string, expires time.Time) {
	s.setCookie(w, r, s.cookieName(r), secret, expires.Sub(s.now()))
}

func (s *Server) setTransaction(w http.ResponseWriter, r *http.Request, secret string) {
	s.setCookie(w, r, s.cookieName(r)+transactionSuffix, secret, transactionLife)
}

func (s *Server) clearSession(w http.ResponseWriter, r *http.Request) {
	s.setCookie(w, r, s.cookieName(r), "", -time.Second)
}

func (s *Server) clearTransaction(w http.ResponseWriter, r *http.Request) {
	s.setCookie(w, r, s.cookieName(r)+transactionSuffix, "", -time.Second)
}

// setCookie writes a cookie; Lax, because the way back from the identity
// provider is a navigation from another site and must carry it.
func (s *Server) setCookie(w http.ResponseWriter, r *http.Request, name, value string, life time.Duration) {
	seconds := int(life / time.Second)
	if seconds <= 0 {
		seconds = -1 // delete
	}
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: seconds,
		Secure: s.secure(r), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}
