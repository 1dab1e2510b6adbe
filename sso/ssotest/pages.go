package ssotest

import (
	"embed"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

//go:embed pages/*.html
var pageFiles embed.FS

var pageTemplates = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// site draws the pages of one provider and knows who is signed in there.
type site struct {
	brand  string
	cookie string // name of the session cookie
	path   string // the cookie's path
	seal   sealer
	clock  func() time.Time
}

// view is what every template gets.
type view struct {
	Lang, Title, Brand, Nonce string
	Words                     words
	Body                      any
}

// draw writes a page. title chooses its heading from the words of the language.
func (s site) draw(w http.ResponseWriter, r *http.Request, status int, name string, title func(words) string, body any) {
	lang, texts := speak(r)
	v := view{Lang: lang, Title: title(texts), Brand: s.brand, Nonce: random(), Words: texts, Body: body}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+v.Nonce+"'; script-src 'nonce-"+v.Nonce+"'; img-src data:; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Frame-Options", "DENY") // sign-in pages cannot be framed, at Microsoft neither
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// The templates are tested; an error here means that the browser has gone.
	_ = pageTemplates.ExecuteTemplate(w, name, v)
}

// notice is a page with one sentence.
type notice struct {
	Text  string
	Alert bool
}

// refuse shows a refusal to the person: there is no address it could safely go to.
func (s site) refuse(w http.ResponseWriter, r *http.Request, status int, text string) {
	s.draw(w, r, status, "notice", func(t words) string { return t.Trouble }, notice{Text: text, Alert: true})
}

// signedOut is the page after a sign-out without a way back.
func (s site) signedOut(w http.ResponseWriter, r *http.Request) {
	_, texts := speak(r)
	s.draw(w, r, http.StatusOK, "notice", func(t words) string { return t.SignedOut }, notice{Text: texts.SignedOutText})
}

// loginForm is the form with name and password.
type loginForm struct {
	Action, Flow, Request, Username, Problem string
	Cancel                                   string // where whoever gives up goes; empty for nowhere
}

func (s site) login(w http.ResponseWriter, r *http.Request, form loginForm) {
	s.draw(w, r, http.StatusOK, "login", func(t words) string { return t.SignIn }, form)
}

// browserSession is what the session cookie says.
type browserSession struct {
	ID               string
	Tenant, ObjectID string
	At               int64 // Unix milliseconds
}

const sessionLifetime = 24 * time.Hour

// remember signs the browser in.
func (s site) remember(w http.ResponseWriter, r *http.Request, tenant, objectID string) {
	http.SetCookie(w, &http.Cookie{
		Name: s.cookie, Path: s.path, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil,
		Value: s.seal.close("session", browserSession{ID: random(), Tenant: tenant, ObjectID: objectID, At: s.clock().UnixMilli()}),
	})
}

// forget signs the browser out.
func (s site) forget(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: s.cookie, Path: s.path, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil, MaxAge: -1})
}

// session reads who is signed in; one that is broken or too old is none.
func (s site) session(r *http.Request) (browserSession, bool) {
	cookie, err := r.Cookie(s.cookie)
	if err != nil {
		return browserSession{}, false
	}
	var session browserSession
	if s.seal.open("session", cookie.Value, &session) != nil {
		return browserSession{}, false
	}
	return session, s.clock().Sub(time.UnixMilli(session.At)) < sessionLifetime
}

// deliver brings an authorization response to the application.
func (s site) deliver(w http.ResponseWriter, r *http.Request, redirect, mode string, values url.Values) {
	target, err := url.Parse(redirect)
	if err != nil {
		s.refuse(w, r, http.StatusBadRequest, "redirect_uri")
		return
	}
	switch mode {
	case "form_post":
		type field struct{ Name, Value string }
		var fields []field
		for _, name := range slices.Sorted(maps.Keys(values)) {
			fields = append(fields, field{name, values.Get(name)})
		}
		s.draw(w, r, http.StatusOK, "form-post", func(t words) string { return t.SignIn }, struct {
			Action string
			Fields []field
		}{redirect, fields})
		return
	case "fragment":
		target.Fragment, target.RawFragment = "", ""
		redirect = target.String() + "#" + values.Encode()
	default:
		query := target.Query()
		maps.Copy(query, values)
		target.RawQuery = query.Encode()
		redirect = target.String()
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, redirect, http.StatusFound)
}

// redirectAllowed compares an address with the registered ones: exactly, except
// that a registered port 0 on loopback stands for any port (RFC 8252, 7.3).
func redirectAllowed(registered []string, given string) bool {
	if slices.Contains(registered, given) {
		return true
	}
	asked, err := url.Parse(given)
	if err != nil || asked.Fragment != "" || asked.User != nil || !isLoopback(asked.Hostname()) {
		return false
	}
	return slices.ContainsFunc(registered, func(one string) bool {
		u, err := url.Parse(one)
		if err != nil || u.Port() != "0" || u.Hostname() != asked.Hostname() {
			return false
		}
		u.Host = asked.Host
		return u.String() == given
	})
}

func isLoopback(host string) bool {
	return host == "127.0.0.1" || host == "::1" || host == "localhost"
}

func splitPath(p string) []string {
	return strings.FieldsFunc(p, func(r rune) bool { return r == '/' })
}
