package demo

import (
	"sync"

	"teamsbridge/sso/ssotest"
)

// accounts remembers who can sign in, so that a change of the directory
// reaches their account too.
type accounts struct {
	entra *ssotest.Entra
	mu    sync.Mutex
	byID  map[string]ssotest.Account
}

func (a *accounts) put(account ssotest.Account) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.byID == nil {
		a.byID = make(map[string]ssotest.Account)
	}
	a.byID[account.ObjectID] = account
	a.entra.AddAccount(account)
}

func (a *accounts) find(id string) (ssotest.Account, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	account, known := a.byID[id]
	return account, known
}

// setDisabled follows the directory; whoever has no account is left alone.
func (a *accounts) setDisabled(id string, disabled bool) {
	account, ok := a.find(id)
	if ok && account.Disabled != disabled {
		account.Disabled = disabled
		a.put(account)
	}
}

func (u user) account() ssotest.Account {
	account := ssotest.Account{Tenant: u.tenant, ObjectID: u.id, Username: u.username, Password: u.password, Name: u.name}
	if u.role != "" {
		account.Roles = []string{string(u.role)}
	}
	return account
}
