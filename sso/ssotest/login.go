package ssotest

import (
	"net/http"
	"net/url"
)

// flows are where a sign-in may go on, below the tenant.
var flows = map[string]string{
	"authorize":    "/oauth2/v2.0/authorize",
	"adminconsent": "/v2.0/adminconsent",
}

// askForLogin shows the login form; the request comes back with it.
func (e *Entra) askForLogin(w http.ResponseWriter, r *http.Request, flow string, query url.Values, problem string) {
	e.stamp(w, r)
	tenant := "/" + url.PathEscape(r.PathValue("tenant"))
	cancel := ""
	if flow == "authorize" {
		cancel = tenant + "/cancel?" + query.Encode()
	}
	e.site.login(w, r, loginForm{
		Action:   tenant + "/login",
		Cancel:   cancel,
		Flow:     flow,
		Request:  query.Encode(),
		Username: query.Get("login_hint"),
		Problem:  problem,
	})
}

// login takes the form. Whoever signs in goes on with the request they came with.
func (e *Entra) login(w http.ResponseWriter, r *http.Request) {
	realm, err := e.realm(r.PathValue("tenant"))
	if err != nil {
		e.refusePage(w, r, err)
		return
	}
	flow := r.PostFormValue("flow")
	query, err := url.ParseQuery(r.PostFormValue("request"))
	if err != nil || flows[flow] == "" {
		e.refusePage(w, r, refuse(9002313))
		return
	}
	r.Form.Set("ui_locales", query.Get("ui_locales")) // the page keeps its language
	username := r.PostFormValue("username")
	person, err := e.signIn(realm, username, r.PostFormValue("password"))
	if err != nil {
		_, texts := speak(r)
		e.askForLogin(w, r, flow, with(query, "login_hint", username), texts.explain(asRefusal(err)))
		return
	}
	e.site.remember(w, r, person.Tenant, person.ObjectID)
	// What asked for this form must not ask for it again.
	query = without(query, "prompt", "login_hint")
	e.stamp(w, r)
	http.Redirect(w, r, "/"+url.PathEscape(r.PathValue("tenant"))+flows[flow]+"?"+query.Encode(), http.StatusSeeOther)
}

// person is who is signed in, as an account of the realm: their own, or the
// guest account of the same name in the tenant they visit.
func (e *Entra) person(r *http.Request, in realm) (Account, bool) {
	session, ok := e.site.session(r)
	if !ok {
		return Account{}, false
	}
	home, ok := e.account(session.Tenant, session.ObjectID)
	if !ok || home.Disabled || e.revokedSince(home, session.At) {
		return Account{}, false
	}
	if in.any() || in.tenant.ID == home.Tenant {
		return home, true
	}
	guest, err := e.accountIn(in, home.Username)
	return guest, err == nil && guest.Guest && !guest.Disabled
}

// logout ends the browser's session and leads back, if the address is one that
// an application registered.
func (e *Entra) logout(w http.ResponseWriter, r *http.Request) {
	if _, err := e.realm(r.PathValue("tenant")); err != nil {
		e.refusePage(w, r, err)
		return
	}
	e.stamp(w, r)
	e.site.forget(w, r)
	back := r.FormValue("post_logout_redirect_uri")
	if back == "" || !e.registeredAnywhere(back) {
		e.site.signedOut(w, r)
		return
	}
	values := url.Values{}
	if state := r.FormValue("state"); state != "" {
		values.Set("state", state)
	}
	e.site.deliver(w, r, back, "query", values)
}

func (e *Entra) registeredAnywhere(address string) bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	for _, a := range e.state.apps {
		if redirectAllowed(a.Redirects, address) {
			return true
		}
	}
	return false
}
