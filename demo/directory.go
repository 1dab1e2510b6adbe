package demo

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"teamsbridge/graph/graphtest"
)

// change is what a request may say of a person; what it leaves out stays.
type change struct {
	Tenant            *string   `json:"tenant"` // of somebody new; the first organisation otherwise
	ID                *string   `json:"id"`
	DisplayName       *string   `json:"displayName"`
	GivenName         *string   `json:"givenName"`
	Surname           *string   `json:"surname"`
	JobTitle          *string   `json:"jobTitle"`
	Department        *string   `json:"department"`
	Mail              *string   `json:"mail"`
	UserPrincipalName *string   `json:"userPrincipalName"`
	BusinessPhones    *[]string `json:"businessPhones"`
	MobilePhone       *string   `json:"mobilePhone"`
	AccountEnabled    *bool     `json:"accountEnabled"`
	UserType          *string   `json:"userType"`
}

func (c change) apply(u *graphtest.User) {
	set(&u.DisplayName, c.DisplayName)
	set(&u.GivenName, c.GivenName)
	set(&u.Surname, c.Surname)
	set(&u.JobTitle, c.JobTitle)
	set(&u.Department, c.Department)
	set(&u.Mail, c.Mail)
	set(&u.UserPrincipalName, c.UserPrincipalName)
	set(&u.BusinessPhones, c.BusinessPhones)
	set(&u.MobilePhone, c.MobilePhone)
	set(&u.AccountEnabled, c.AccountEnabled)
	set(&u.UserType, c.UserType)
	if u.BusinessPhones == nil {
		u.BusinessPhones = []string{}
	}
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

func (w *World) putUser(r *http.Request) (any, error) {
	id := strings.ToLower(r.PathValue("id"))
	var body change
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	if body.ID != nil && !strings.EqualFold(*body.ID, id) {
		return nil, refuse(http.StatusUnprocessableEntity, "id: differs from the one in the path")
	}
	tenant := w.graph.TenantOf(id)
	var person graphtest.User
	if tenant != "" {
		person, _ = w.graph.User(tenant, id)
		if body.Tenant != nil && *body.Tenant != tenant {
			return nil, refuse(http.StatusUnprocessableEntity, "tenant: this person is in another organisation")
		}
	} else {
		tenant = w.first.id
		set(&tenant, body.Tenant)
		org, ok := w.organization(tenant)
		if !ok {
			return nil, refuse(http.StatusUnprocessableEntity, "tenant: there is no such organisation")
		}
		person = graphtest.User{ID: id, AccountEnabled: true, UserType: "Member", UserPrincipalName: id + "@" + org.domain}
	}
	body.apply(&person)
	person.DisplayName = cmp.Or(person.DisplayName, strings.TrimSpace(person.GivenName+" "+person.Surname), person.UserPrincipalName)
	w.graph.PutUser(tenant, person)
	w.accounts.setDisabled(id, !person.AccountEnabled)
	return person, nil
}

func (w *World) deleteUser(r *http.Request) (any, error) {
	id := strings.ToLower(r.PathValue("id"))
	tenant := w.graph.TenantOf(id)
	if tenant == "" || !w.graph.DeleteUser(tenant, id) {
		return nil, refuse(http.StatusNotFound, "nobody has this id")
	}
	w.accounts.setDisabled(id, true)
	return nil, nil
}

// revokeUser ends a person's sign-ins as revokeSignInSessions does at Graph:
// refresh tokens and the browser's session at Entra are void from now on.
func (w *World) revokeUser(r *http.Request) (any, error) {
	account, known := w.accounts.find(strings.ToLower(r.PathValue("id")))
	if !known {
		return nil, refuse(http.StatusNotFound, "nobody with this id can sign in at Entra")
	}
	w.entra.RevokeSessions(account.Tenant, account.ObjectID)
	return nil, nil
}

func (w *World) putPresence(r *http.Request) (any, error) {
	var body struct {
		Availability string `json:"availability"`
		Activity     string `json:"activity"`
		OutOfOffice  bool   `json:"outOfOffice"`
		LagMS        int64  `json:"lagMs"`
	}
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	switch {
	case body.Availability == "":
		return nil, refuse(http.StatusUnprocessableEntity, "availability: is missing")
	case body.LagMS < 0:
		return nil, refuse(http.StatusUnprocessableEntity, "lagMs: must not be negative")
	}
	presence := graphtest.Presence{
		Availability: body.Availability, Activity: cmp.Or(body.Activity, body.Availability), OutOfOffice: body.OutOfOffice,
	}
	if !w.graph.SetPresence(strings.ToLower(r.PathValue("id")), presence, time.Duration(body.LagMS)*time.Millisecond) {
		return nil, refuse(http.StatusNotFound, "nobody has this id")
	}
	return nil, nil
}

// putTenant is what an administrator of the organisation can do at Entra.
func (w *World) putTenant(r *http.Request) (any, error) {
	var body struct {
		Consent            *[]string `json:"consent"`
		AppEnabled         *bool     `json:"appEnabled"`
		AssignmentRequired *bool     `json:"assignmentRequired"`
	}
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	org, ok := w.organization(strings.ToLower(r.PathValue("id")))
	if !ok {
		return nil, refuse(http.StatusNotFound, "there is no such organisation")
	}
	if body.Consent != nil {
		w.entra.Consent(org.id, w.clientID, *body.Consent)
	}
	if body.AppEnabled != nil || body.AssignmentRequired != nil {
		w.entra.SetApp(org.id, w.clientID, body.AppEnabled, body.AssignmentRequired)
	}
	return nil, nil
}

func (w *World) organization(id string) (organization, bool) {
	for _, org := range w.organizations() {
		if org.id == id {
			return org, true
		}
	}
	return organization{}, false
}
