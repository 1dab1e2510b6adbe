package ssotest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// addPages serves what people see.
func (e *Entra) addPages(mux *http.ServeMux) {
	mux.HandleFunc("GET /{tenant}/oauth2/v2.0/authorize", e.authorize)
	mux.HandleFunc("POST /{tenant}/oauth2/v2.0/authorize", e.authorize)
	mux.HandleFunc("GET /{tenant}/oauth2/v2.0/logout", e.logout)
	mux.HandleFunc("POST /{tenant}/oauth2/v2.0/logout", e.logout)
	mux.HandleFunc("GET /{tenant}/cancel", e.cancel)
	mux.HandleFunc("GET /{tenant}/v2.0/adminconsent", e.adminConsent)
	mux.HandleFunc("GET /error", e.explainCode)
	// Forms are taken from their own pages only.
	own := http.NewCrossOriginProtection()
	mux.Handle("POST /{tenant}/login", own.Handler(http.HandlerFunc(e.login)))
	mux.Handle("POST /{tenant}/v2.0/adminconsent", own.Handler(http.HandlerFunc(e.decideConsent)))
}

// authorization is an authorization request that may be answered to the
// application: its client and redirect address are right.
type authorization struct {
	realm    realm
	client   App
	query    url.Values
	redirect string
	mode     string
	scopes   scopeRequest
}

// authorize is the authorization endpoint: it signs somebody in, or takes who is
// signed in already, and answers the application with a code.
//
//	unknown tenant, client, redirect ──► a page; nobody else may be told
//	anything else wrong ───────────────► the application, as error
//	nobody signed in, prompt=login ────► the login form, and back here, or cancel
//	somebody signed in ────────────────► the application, with a code
func (e *Entra) authorize(w http.ResponseWriter, r *http.Request) {
	a, ok := e.admitted(w, r)
	if !ok {
		return
	}
	person, found := e.person(r, a.realm)
	if found && a.query.Get("login_hint") != "" && !strings.EqualFold(a.query.Get("login_hint"), person.Username) {
		found = false // somebody else is wanted
	}
	prompt := a.query.Get("prompt")
	switch {
	case !found && prompt == "none":
		e.deliverError(w, r, a.redirect, a.mode, a.query.Get("state"), refuse(50058))
	case !found || prompt == "login":
		e.askForLogin(w, r, "authorize", a.query, "")
	case prompt == "select_account":
		e.site.draw(w, r, http.StatusOK, "account", func(t words) string { return t.PickAccount }, accountChoice{
			Name: person.Name, Username: person.Username,
			Continue: "?" + without(a.query, "prompt").Encode(),
			Other:    "?" + with(without(a.query, "login_hint"), "prompt", "login").Encode(),
		})
	default:
		e.issueCode(w, r, a, person)
	}
}

// accountChoice is the page that asks which account.
type accountChoice struct{ Name, Username, Continue, Other string }

// authorizationOf reads what must be right before anything may be sent to the
// redirect address.
func (e *Entra) authorizationOf(r *http.Request) (authorization, error) {
	if err := r.ParseForm(); err != nil {
		return authorization{}, refuse(9002313)
	}
	a := authorization{query: r.Form, redirect: r.Form.Get("redirect_uri")}
	var err error
	if a.realm, err = e.realm(r.PathValue("tenant")); err != nil {
		return authorization{}, err
	}
	if a.client, err = e.client(a.query.Get("client_id"), a.realm); err != nil {
		return authorization{}, err
	}
	if a.redirect == "" {
		return authorization{}, refuse(900971)
	}
	if !redirectAllowed(a.client.Redirects, a.redirect) {
		return authorization{}, refuse(50011, a.redirect, a.client.ClientID)
	}
	return a, nil
}

// readAuthorization checks the rest; its errors go to the application.
func (e *Entra) readAuthorization(a *authorization) error {
	switch a.query.Get("response_mode") {
	case "", "query", "fragment", "form_post":
		a.mode = a.query.Get("response_mode")
	default:
		return refuse(70007, a.query.Get("response_mode"))
	}
	switch kind := a.query.Get("response_type"); kind {
	case "code":
	case "":
		return refuse(900144, "response_type")
	default:
		return refuse(700054, kind)
	}
	if prompt := a.query.Get("prompt"); prompt != "" && !slices.Contains([]string{"none", "login", "select_account", "consent"}, prompt) {
		return refuse(90023, prompt, "prompt")
	}
	challenge, method := a.query.Get("code_challenge"), a.query.Get("code_challenge_method")
	if challenge != "" && method != "S256" || challenge == "" && a.client.Public {
		return refuse(9002325)
	}
	var err error
	a.scopes, err = e.parseScopes(a.query.Get("scope"))
	return err
}

// issueCode answers the application for somebody who is signed in.
func (e *Entra) issueCode(w http.ResponseWriter, r *http.Request, a authorization, person Account) {
	if _, err := e.admit(a.client, person, a.scopes); err != nil {
		e.deliverError(w, r, a.redirect, a.mode, a.query.Get("state"), err)
		return
	}
	session, _ := e.site.session(r)
	values := url.Values{
		"code": {e.seal.close("code", sealedCode{
			ID: random(), Client: a.client.ClientID, Tenant: person.Tenant, ObjectID: person.ObjectID,
			Redirect: a.redirect, Challenge: a.query.Get("code_challenge"), Nonce: a.query.Get("nonce"),
			Scopes: a.scopes.asked, Ends: e.now().Add(codeLifetime).Unix(),
		})},
		"session_state": {session.ID},
	}
	if state := a.query.Get("state"); state != "" {
		values.Set("state", state)
	}
	e.stamp(w, r)
	e.site.deliver(w, r, a.redirect, a.mode, values)
}

// admitted reads what an application asks for; where it may not, it has been answered.
func (e *Entra) admitted(w http.ResponseWriter, r *http.Request) (a authorization, ok bool) {
	a, err := e.authorizationOf(r)
	if err != nil {
		e.refusePage(w, r, err)
		return a, false
	}
	if err := e.readAuthorization(&a); err != nil {
		e.deliverError(w, r, a.redirect, a.mode, a.query.Get("state"), err)
		return a, false
	}
	return a, true
}

// cancel takes somebody who goes back from the sign-in page to the application.
// As at Entra its answer has a subcode and no description.
func (e *Entra) cancel(w http.ResponseWriter, r *http.Request) {
	a, ok := e.admitted(w, r)
	if !ok {
		return
	}
	values := url.Values{"error": {"access_denied"}, "error_subcode": {"cancel"}}
	if state := a.query.Get("state"); state != "" {
		values.Set("state", state)
	}
	e.stamp(w, r)
	e.site.deliver(w, r, a.redirect, a.mode, values)
}

// deliverError tells the application why there is no code.
func (e *Entra) deliverError(w http.ResponseWriter, r *http.Request, redirect, mode, state string, err error) {
	e.site.deliver(w, r, redirect, mode, e.errorValues(w, r, state, err))
}

func (e *Entra) errorValues(w http.ResponseWriter, r *http.Request, state string, err error) url.Values {
	why := asRefusal(err)
	f := e.describe(why, e.stamp(w, r))
	values := url.Values{"error": {atAuthorize(why)}, "error_description": {f.Description}, "error_uri": {f.URI}}
	if why.suberror != "" {
		values.Set("error_subcode", why.suberror)
	}
	if state != "" {
		values.Set("state", state)
	}
	return values
}

// atAuthorize is the error's name at the authorization endpoint, where the token
// endpoint's invalid_grant does not exist.
func atAuthorize(r *refusal) string {
	switch {
	case r.code == 65001:
		return "consent_required"
	case r.oauth == "invalid_grant":
		return "access_denied"
	}
	return r.oauth
}

// refusePage shows a refusal to the person.
func (e *Entra) refusePage(w http.ResponseWriter, r *http.Request, err error) {
	why := asRefusal(err)
	f := e.describe(why, e.stamp(w, r))
	e.site.refuse(w, r, why.status, f.Description)
}

func with(values url.Values, name, value string) url.Values {
	changed := without(values)
	changed.Set(name, value)
	return changed
}

// without copies the values and leaves some out.
func without(values url.Values, names ...string) url.Values {
	copied := url.Values{}
	for name, list := range values {
		if !slices.Contains(names, name) {
			copied[name] = slices.Clone(list)
		}
	}
	return copied
}
