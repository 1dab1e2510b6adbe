package ssotest

import "strings"

// Tenant names of the paths that mean no tenant in particular.
const (
	pathOrganizations = "organizations"
	pathCommon        = "common"
	pathConsumers     = "consumers"
)

// realm is what the first part of a path means: one tenant, or any.
type realm struct {
	tenant Tenant // zero for organizations and common
	path   string // as it stood in the path
}

// any reports whether the path leaves the tenant open.
func (r realm) any() bool { return r.tenant.ID == "" }

// realm reads the first part of a path: a tenant's id or domain, or one of the
// names that mean any.
func (e *Entra) realm(path string) (realm, error) {
	switch lower := strings.ToLower(path); lower {
	case pathOrganizations, pathCommon:
		return realm{path: lower}, nil
	case pathConsumers:
		return realm{}, refuse(90002, path)
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	for id, t := range e.state.tenants {
		if strings.EqualFold(id, path) || (t.Domain != "" && strings.EqualFold(t.Domain, path)) {
			return realm{tenant: t, path: path}, nil
		}
	}
	return realm{}, refuse(90002, path)
}

// app finds a registration by its client id.
func (e *Entra) app(clientID string) (App, bool) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	a, ok := e.state.apps[strings.ToLower(clientID)]
	return a, ok
}

// client finds who is asking.
func (e *Entra) client(clientID string, r realm) (App, error) {
	if clientID == "" {
		return App{}, refuse(900144, "client_id")
	}
	a, ok := e.app(clientID)
	if !ok {
		return App{}, refuse(700016, clientID, r.path)
	}
	return a, nil
}

// resourceByURI finds the app a scope belongs to: by its App ID URI, its client
// id, or api:// before that.
func (e *Entra) resourceByURI(uri string) (App, bool) {
	if a, ok := e.app(strings.TrimPrefix(uri, "api://")); ok {
		return a, true
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	for _, a := range e.state.apps {
		if a.IDURI != "" && strings.EqualFold(strings.TrimSuffix(a.IDURI, "/"), strings.TrimSuffix(uri, "/")) {
			return a, true
		}
	}
	return App{}, false
}

// account finds a person by id, as they are now.
func (e *Entra) account(tenant, objectID string) (Account, bool) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	a, ok := e.state.accounts[personKey{tenant, strings.ToLower(objectID)}]
	return a, ok
}

// accountIn finds somebody by name in a realm. Where the tenant is left open only
// their home counts: guests must name the tenant they visit.
func (e *Entra) accountIn(r realm, username string) (Account, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	elsewhere := false
	for _, a := range e.state.accounts {
		if !strings.EqualFold(a.Username, username) {
			continue
		}
		if a.Tenant == r.tenant.ID || r.any() && !a.Guest {
			return a, nil
		}
		elsewhere = true
	}
	if elsewhere {
		return Account{}, refuse(50020, username, r.path)
	}
	return Account{}, refuse(50034, username, r.path)
}

// signIn checks a name and password.
func (e *Entra) signIn(r realm, username, password string) (Account, error) {
	a, err := e.accountIn(r, username)
	if err != nil {
		return Account{}, err
	}
	expected := a.Password
	if a.Guest && expected == "" {
		if home, err := e.accountIn(realm{}, username); err == nil {
			expected = home.Password
		}
	}
	if expected == "" || password != expected {
		return Account{}, refuse(50126)
	}
	return a, usable(a)
}

// usable refuses a person who may not sign in at all.
func usable(a Account) error {
	if a.Disabled {
		return refuse(50057)
	}
	return nil
}

// revokedSince reports whether the person's sessions were voided after then
// (Unix milliseconds).
func (e *Entra) revokedSince(a Account, then int64) bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	at, ok := e.state.revoked[personKey{a.Tenant, a.ObjectID}]
	return ok && then <= at
}
