package ssotest

import (
	"maps"
	"slices"
	"strings"
)

// directory is everything that tenants, people and apps are. Entra.mu guards it.
type directory struct {
	ids      idSource
	tenants  map[string]Tenant
	accounts map[personKey]Account
	apps     map[string]App
	installs map[installKey]*installation
	revoked  map[personKey]int64 // Unix milliseconds: what was signed in before is void
}

type personKey struct{ tenant, objectID string }

type installKey struct{ tenant, appID string }

// installation is a service principal with what it was granted.
type installation struct {
	principal   ServicePrincipal
	application map[string]bool              // Graph application permissions
	delegated   map[grantKey]map[string]bool // delegated permissions
	roles       map[string][]string          // app roles of other applications, by their client id
	assigned    map[string]bool              // object ids of people
	groups      map[string]string            // names of assigned groups, by object id
}

// grantKey is whose consent it is (empty: everybody's) and for which resource.
type grantKey struct{ person, resource string }

func newDirectory(ids idSource) directory {
	return directory{
		ids:      ids,
		tenants:  map[string]Tenant{},
		accounts: map[personKey]Account{},
		apps:     map[string]App{},
		installs: map[installKey]*installation{},
		revoked:  map[personKey]int64{},
	}
}

// install gives the app's installation in the tenant, made if need be.
func (d *directory) install(tenant, appID string) *installation {
	key := installKey{tenant, appID}
	if d.installs[key] == nil {
		d.installs[key] = &installation{
			principal: ServicePrincipal{
				ObjectID: d.ids.guid("service principal", tenant, appID),
				AppID:    appID,
				Name:     d.apps[appID].Name,
				Enabled:  true,
			},
			application: map[string]bool{},
			delegated:   map[grantKey]map[string]bool{},
			assigned:    map[string]bool{},
			groups:      map[string]string{},
		}
	}
	return d.installs[key]
}

// installed finds the app in the tenant. Microsoft's own are everywhere.
func (d *directory) installed(tenant, appID string) (*installation, bool) {
	if isFirstParty(appID) {
		return d.install(tenant, appID), true
	}
	i, ok := d.installs[installKey{tenant, appID}]
	return i, ok
}

// granted lists what a person may let the app do at the resource.
func (i *installation) granted(person, resource string) map[string]bool {
	all := maps.Clone(i.delegated[grantKey{"", resource}])
	if all == nil {
		all = map[string]bool{}
	}
	maps.Copy(all, i.delegated[grantKey{person, resource}])
	return all
}

func isFirstParty(appID string) bool {
	return slices.ContainsFunc(firstParty, func(a App) bool { return a.ClientID == appID })
}

// AddTenant adds or replaces an organisation.
func (e *Entra) AddTenant(t Tenant) {
	e.mu.Lock()
	defer e.mu.Unlock()
	t.ID = strings.ToLower(t.ID)
	e.state.tenants[t.ID] = t
}

// AddAccount adds or replaces a person.
func (e *Entra) AddAccount(a Account) {
	e.mu.Lock()
	defer e.mu.Unlock()
	a.Tenant, a.ObjectID = strings.ToLower(a.Tenant), strings.ToLower(a.ObjectID)
	a.Roles = slices.Clone(a.Roles)
	e.state.accounts[personKey{a.Tenant, a.ObjectID}] = a
}

// RemoveAccount deletes a person; what they were issued ends by its own expiry.
func (e *Entra) RemoveAccount(tenant, objectID string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.state.accounts, personKey{strings.ToLower(tenant), strings.ToLower(objectID)})
}

// RevokeSessions voids a person's refresh tokens and browser sessions
// (AADSTS50173 from then on); access tokens live to their end.
func (e *Entra) RevokeSessions(tenant, objectID string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.state.revoked[personKey{strings.ToLower(tenant), strings.ToLower(objectID)}] = e.now().UnixMilli()
}

// AddApp registers or replaces an application. It is installed nowhere by that.
func (e *Entra) AddApp(a App) {
	e.mu.Lock()
	defer e.mu.Unlock()
	a.ClientID = strings.ToLower(a.ClientID)
	e.state.apps[a.ClientID] = a
}

// Consent installs the app in the tenant and sets exactly these Graph
// permissions as granted, by name: a name grants the kinds the app asks for, or
// both kinds when it asks for neither. Consent to other resources stays.
func (e *Entra) Consent(tenant, clientID string, permissions []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	tenant, clientID = strings.ToLower(tenant), strings.ToLower(clientID)
	app, i := e.state.apps[clientID], e.state.install(tenant, clientID)
	application, delegated := map[string]bool{}, map[string]bool{}
	for _, name := range permissions {
		asApplication, asDelegated := slices.Contains(app.GraphApplication, name), slices.Contains(app.GraphDelegated, name)
		if asApplication || !asDelegated {
			application[name] = true
		}
		if asDelegated || !asApplication {
			delegated[name] = true
		}
	}
	i.application = application
	maps.DeleteFunc(i.delegated, func(k grantKey, _ map[string]bool) bool { return k.resource == GraphAppID })
	i.delegated[grantKey{"", GraphAppID}] = delegated
}

// Grant consents that the client may use the resource app's scopes for one
// person, or for everybody when objectID is empty. It installs the client.
func (e *Entra) Grant(tenant, clientID, resourceID, objectID string, scopes ...string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	i := e.state.install(strings.ToLower(tenant), strings.ToLower(clientID))
	key := grantKey{strings.ToLower(objectID), strings.ToLower(resourceID)}
	if i.delegated[key] == nil {
		i.delegated[key] = map[string]bool{}
	}
	for _, s := range scopes {
		i.delegated[key][s] = true
	}
}

// Uninstall removes the app from the tenant with all its consent.
func (e *Entra) Uninstall(tenant, clientID string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.state.installs, installKey{strings.ToLower(tenant), strings.ToLower(clientID)})
}

// SetApp changes the installed app: nil leaves a value as it is. An app that is
// not installed stays so.
func (e *Entra) SetApp(tenant, clientID string, enabled, assignmentRequired *bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	i, ok := e.state.installs[installKey{strings.ToLower(tenant), strings.ToLower(clientID)}]
	if !ok {
		return
	}
	if enabled != nil {
		i.principal.Enabled = *enabled
	}
	if assignmentRequired != nil {
		i.principal.AssignmentRequired = *assignmentRequired
	}
}

// Assign assigns a person to the installed app. Roles alone assign nobody here,
// so that a test can require assignment of people who have roles.
func (e *Entra) Assign(tenant, clientID, objectID string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.state.install(strings.ToLower(tenant), strings.ToLower(clientID)).assigned[strings.ToLower(objectID)] = true
}

// AssignGroup assigns a group to the installed app: its direct members, as
// [Entra.AskForMembers] was told to find them. Those of groups inside it stay out.
func (e *Entra) AssignGroup(tenant, clientID, groupID, name string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.state.install(strings.ToLower(tenant), strings.ToLower(clientID)).groups[strings.ToLower(groupID)] = name
}

// AskForMembers says who knows the direct members of groups: graphtest.Server,
// mostly. Without, assigned groups are empty. To be set before anybody signs in.
func (e *Entra) AskForMembers(isMember func(tenant, groupID, objectID string) bool) {
	e.isMember = isMember
}

// mayUse decides by the assignments whether a person may use the app (Microsoft
// Learn, "Manage users and groups assignment to an application": it does not
// cascade to nested groups).
func (e *Entra) mayUse(i *installation, person Account) bool {
	if !i.principal.AssignmentRequired || i.assigned[person.ObjectID] {
		return true
	}
	for group := range i.groups {
		if e.isMember != nil && e.isMember(person.Tenant, group, person.ObjectID) {
			return true
		}
	}
	return false
}

// ServicePrincipal finds an installed app, Microsoft Graph included.
func (e *Entra) ServicePrincipal(tenant, appID string) (ServicePrincipal, bool) {
	e.mu.Lock() // Microsoft's own are made when first looked at
	defer e.mu.Unlock()
	tenant = strings.ToLower(tenant)
	if _, ok := e.state.tenants[tenant]; !ok {
		return ServicePrincipal{}, false
	}
	i, ok := e.state.installed(tenant, strings.ToLower(appID))
	if !ok {
		return ServicePrincipal{}, false
	}
	return i.principal, true
}

// Grants lists delegated consent of an installed app, everybody's first.
func (e *Entra) Grants(tenant, clientObjectID string) []Grant {
	e.mu.Lock()
	defer e.mu.Unlock()
	tenant = strings.ToLower(tenant)
	i, ok := e.state.byObjectID(tenant, clientObjectID)
	if !ok {
		return nil
	}
	var grants []Grant
	for key, scopes := range i.delegated {
		if len(scopes) == 0 {
			continue
		}
		g := Grant{
			ID:             e.ids.guid("grant", tenant, i.principal.AppID, key.person, key.resource),
			ClientObjectID: i.principal.ObjectID,
			ConsentType:    "AllPrincipals",
			PrincipalID:    key.person,
			Scope:          strings.Join(slices.Sorted(maps.Keys(scopes)), " "),
		}
		if key.person != "" {
			g.ConsentType = "Principal"
		}
		if resource, ok := e.state.installed(tenant, key.resource); ok {
			g.ResourceObjectID = resource.principal.ObjectID
		}
		grants = append(grants, g)
	}
	slices.SortFunc(grants, func(a, b Grant) int {
		return strings.Compare(a.PrincipalID+a.ResourceObjectID, b.PrincipalID+b.ResourceObjectID)
	})
	return grants
}

// ApplicationPermissions lists the Graph application permissions granted to an
// installed app, as /servicePrincipals/{id}/appRoleAssignments would.
func (e *Entra) ApplicationPermissions(tenant, clientObjectID string) []string {
	e.mu.RLock()
	defer e.mu.RUnlock()
	i, ok := e.state.byObjectID(strings.ToLower(tenant), clientObjectID)
	if !ok {
		return nil
	}
	return slices.Sorted(maps.Keys(i.application))
}

func (d *directory) byObjectID(tenant, objectID string) (*installation, bool) {
	for key, i := range d.installs {
		if key.tenant == tenant && strings.EqualFold(i.principal.ObjectID, objectID) {
			return i, true
		}
	}
	return nil, false
}
