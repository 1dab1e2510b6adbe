package ssotest

import (
	"net/http"
	"net/url"
	"strings"
)

// authorize is the authorization endpoint: the same way as Entra's, with an
// ordinary provider's errors.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		p.site.refuse(w, r, http.StatusBadRequest, "The request is malformed.")
		return
	}
	query := r.Form
	redirect := query.Get("redirect_uri")
	if query.Get("client_id") != p.options.ClientID || !p.allowed(redirect) {
		p.site.refuse(w, r, http.StatusBadRequest, "Unknown client_id or redirect_uri.")
		return
	}
	if name := p.problemOf(query); name != "" {
		p.deliverError(w, r, query, name)
		return
	}
	person, found := p.person(r)
	if hint := query.Get("login_hint"); found && hint != "" && !strings.EqualFold(hint, person.Username) {
		found = false
	}
	prompt := query.Get("prompt")
	switch {
	case !found && prompt == "none":
		p.deliverError(w, r, query, "login_required")
	case !found || prompt == "login":
		p.askForLogin(w, r, query, "")
	default:
		values := url.Values{"code": {p.seal.close("code", providerGrant{
			ID: random(), Subject: person.Subject, Nonce: query.Get("nonce"),
			Session: p.sessionID(r), Redirect: redirect, Challenge: query.Get("code_challenge"),
			Scopes: strings.Fields(query.Get("scope")), Ends: p.now().Add(codeLifetime).Unix(),
		})}, "iss": {p.Issuer()}} // RFC 9207
		p.deliver(w, r, query, values)
	}
}

// problemOf names what is wrong with a request that may be answered to the client.
func (p *Provider) problemOf(query url.Values) string {
	challenge, method := query.Get("code_challenge"), query.Get("code_challenge_method")
	switch {
	case query.Get("response_type") != "code":
		return "unsupported_response_type"
	case challenge != "" && method != "S256", challenge == "" && p.options.Secret == "":
		return "invalid_request"
	case strings.TrimSpace(query.Get("scope")) == "":
		return "invalid_scope"
	}
	return ""
}

func (p *Provider) deliver(w http.ResponseWriter, r *http.Request, query, values url.Values) {
	if state := query.Get("state"); state != "" {
		values.Set("state", state)
	}
	p.site.deliver(w, r, query.Get("redirect_uri"), query.Get("response_mode"), values)
}

func (p *Provider) deliverError(w http.ResponseWriter, r *http.Request, query url.Values, name string) {
	p.deliver(w, r, query, url.Values{"error": {name}, "iss": {p.Issuer()}})
}

func (p *Provider) askForLogin(w http.ResponseWriter, r *http.Request, query url.Values, problem string) {
	p.site.login(w, r, loginForm{
		Action: p.options.Path + "/login", Request: query.Encode(), Username: query.Get("login_hint"), Problem: problem,
	})
}

// login takes the form.
func (p *Provider) login(w http.ResponseWriter, r *http.Request) {
	query, err := url.ParseQuery(r.PostFormValue("request"))
	if err != nil {
		p.site.refuse(w, r, http.StatusBadRequest, "The request is malformed.")
		return
	}
	r.Form.Set("ui_locales", query.Get("ui_locales")) // the page keeps its language
	username := r.PostFormValue("username")
	person, ok := p.signIn(username, r.PostFormValue("password"))
	if !ok {
		_, texts := speak(r)
		p.askForLogin(w, r, with(query, "login_hint", username), texts.WrongPassword)
		return
	}
	p.site.remember(w, r, "", person.Subject)
	http.Redirect(w, r, p.options.Path+"/authorize?"+without(query, "prompt", "login_hint").Encode(), http.StatusSeeOther)
}

func (p *Provider) sessionID(r *http.Request) string {
	session, _ := p.site.session(r)
	return session.ID
}

func (p *Provider) person(r *http.Request) (ProviderAccount, bool) {
	session, ok := p.site.session(r)
	if !ok {
		return ProviderAccount{}, false
	}
	return p.bySubject(session.ObjectID)
}

// logout ends the browser's session, tells the client, and leads back to a
// registered address.
func (p *Provider) logout(w http.ResponseWriter, r *http.Request) {
	if session, ok := p.site.session(r); ok {
		_ = p.tellLogout(r.Context(), session) // who signs out is not kept by a client that is away
	}
	p.site.forget(w, r)
	back := r.FormValue("post_logout_redirect_uri")
	if back == "" || !p.allowed(back) {
		p.site.signedOut(w, r)
		return
	}
	values := url.Values{}
	if state := r.FormValue("state"); state != "" {
		values.Set("state", state)
	}
	p.site.deliver(w, r, back, "query", values)
}

// allowed says whether a browser may be sent to the address.
func (p *Provider) allowed(address string) bool {
	if len(p.options.Redirects) > 0 {
		return redirectAllowed(p.options.Redirects, address)
	}
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && isLoopback(u.Hostname())
}
