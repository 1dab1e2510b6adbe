package ssotest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// roleAdmin is the app role whose holders may also consent for their tenant. At
// Microsoft that is a directory role; the simulated world has admins of one kind.
const roleAdmin = "Admin"

// consentRequest is a request for admin consent whose client and redirect
// address are right.
type consentRequest struct {
	realm    realm
	client   App
	query    url.Values
	redirect string
}

// consentPage is what the consent page shows.
type consentPage struct {
	App, Tenant, Username  string
	Permissions            []string
	Action, Request, Other string
}

// adminConsent asks an admin to accept the permissions an application wants.
func (e *Entra) adminConsent(w http.ResponseWriter, r *http.Request) {
	c, err := e.consentRequestOf(r, r.URL.Query())
	if err != nil {
		e.refusePage(w, r, err)
		return
	}
	wanted, err := e.wantedPermissions(c)
	if err != nil {
		e.deliverConsent(w, r, c, err, nil)
		return
	}
	person, found := e.person(r, c.realm)
	if !found || c.query.Get("prompt") == "login" {
		e.askForLogin(w, r, "adminconsent", c.query, "")
		return
	}
	tenant, _ := e.realm(person.Tenant)
	page := consentPage{
		App: c.client.Name, Tenant: tenant.tenant.Name, Username: person.Username, Permissions: wanted,
		Action: r.URL.Path, Request: c.query.Encode(),
		Other: "?" + with(c.query, "prompt", "login").Encode(),
	}
	name := "consent"
	if !slices.Contains(person.Roles, roleAdmin) {
		name = "need-admin"
	}
	e.stamp(w, r)
	e.site.draw(w, r, http.StatusOK, name, func(t words) string { return t.Consent }, page)
}

// decideConsent takes the admin's decision.
func (e *Entra) decideConsent(w http.ResponseWriter, r *http.Request) {
	query, err := url.ParseQuery(r.PostFormValue("request"))
	if err != nil {
		e.refusePage(w, r, refuse(9002313))
		return
	}
	c, err := e.consentRequestOf(r, query)
	if err != nil {
		e.refusePage(w, r, err)
		return
	}
	person, found := e.person(r, c.realm)
	if !found {
		e.askForLogin(w, r, "adminconsent", c.query, "")
		return
	}
	wanted, err := e.wantedPermissions(c)
	switch {
	case err != nil:
	case r.PostFormValue("decision") != "accept":
		err = refuse(65004)
	case !slices.Contains(person.Roles, roleAdmin):
		err = refuse(90094, person.Username)
	default:
		e.accept(person.Tenant, c.client, wanted)
	}
	e.deliverConsent(w, r, c, err, &person)
}

// incremental are delegated permissions that may be asked for without being
// registered: of Graph's many, those that administration needs.
var incremental = []string{"Application.Read.All", "Directory.Read.All"}

// accept grants what was consented to. What is not registered is added to the
// rest, as a delegated permission.
func (e *Entra) accept(tenant string, client App, wanted []string) {
	more := slices.DeleteFunc(slices.Clone(wanted), func(name string) bool { return slices.Contains(registered(client), name) })
	if len(more) == 0 {
		e.Consent(tenant, client.ClientID, wanted)
		return
	}
	e.Grant(tenant, client.ClientID, GraphAppID, "", wanted...)
}

// registered are the permissions of Graph that the registration names.
func registered(client App) []string {
	all := slices.Concat(client.GraphApplication, client.GraphDelegated)
	slices.Sort(all)
	return slices.Compact(all)
}

// consentRequestOf reads what must be right before anything may be sent back.
func (e *Entra) consentRequestOf(r *http.Request, query url.Values) (consentRequest, error) {
	c := consentRequest{query: query, redirect: query.Get("redirect_uri")}
	var err error
	if c.realm, err = e.realm(r.PathValue("tenant")); err != nil {
		return consentRequest{}, err
	}
	if c.realm.path == pathCommon { // an admin consents for an organization
		return consentRequest{}, refuse(50059)
	}
	if c.client, err = e.client(query.Get("client_id"), c.realm); err != nil {
		return consentRequest{}, err
	}
	if c.redirect == "" {
		return consentRequest{}, refuse(900971)
	}
	if !redirectAllowed(c.client.Redirects, c.redirect) {
		return consentRequest{}, refuse(50011, c.redirect, c.client.ClientID)
	}
	return c, nil
}

// wantedPermissions are those of Graph that the request is about: all that the
// application registered for /.default, else the named ones.
func (e *Entra) wantedPermissions(c consentRequest) ([]string, error) {
	s, err := e.parseScopes(c.query.Get("scope"))
	if err != nil {
		return nil, err
	}
	if s.resource.ClientID != GraphAppID {
		return nil, refuse(70011, c.query.Get("scope"))
	}
	known := registered(c.client)
	if s.all {
		return known, nil
	}
	for _, name := range s.names {
		if !slices.Contains(known, name) && !slices.Contains(incremental, name) {
			return nil, refuse(650053, name, GraphAppID)
		}
	}
	return s.names, nil
}

// deliverConsent answers the application. As at Entra an answer with an error, too,
// says admin_consent=True.
func (e *Entra) deliverConsent(w http.ResponseWriter, r *http.Request, c consentRequest, err error, person *Account) {
	values := url.Values{}
	if err != nil {
		values = e.errorValues(w, r, "", err)
	} else {
		e.stamp(w, r)
		values.Set("scope", strings.TrimSpace(c.query.Get("scope")))
	}
	values.Set("admin_consent", "True")
	if state := c.query.Get("state"); state != "" {
		values.Set("state", state)
	}
	switch {
	case person != nil:
		values.Set("tenant", person.Tenant)
	case !c.realm.any():
		values.Set("tenant", c.realm.tenant.ID)
	}
	e.site.deliver(w, r, c.redirect, "query", values)
}
