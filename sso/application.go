package sso

import "slices"

// ApplicationConfig admits an application of its own accord, without a person:
// one that keeps the agent table in step, say, or collects what happened.
type ApplicationConfig struct {
	ClientID string `koanf:"client_id"`
	Roles    []Role `koanf:"roles"` // what it may be here: Supervisor, Admin; the organisation has to give it the same app role
}

func (a ApplicationConfig) validate(p *problems, path string) {
	p.when(!isGUID(a.ClientID), path+".client_id", "must be a GUID")
	p.when(len(a.Roles) == 0, path+".roles", "must name at least one of %s, %s", RoleSupervisor, RoleAdmin)
	for _, role := range a.Roles {
		p.when(role != RoleSupervisor && role != RoleAdmin, path+".roles", "must be of %s, %s: an application is no agent", RoleSupervisor, RoleAdmin)
	}
}

// application reads which application a token without a person is about. Any
// application of an organisation can have a token for this service, roles or
// not, so it has to be admitted twice: here, by client and role, and there, by
// being given that role.
func (e *entraIssuer) application(c claims, tenant, version string) (person, error) {
	client := clientOf(c, version)
	i := slices.IndexFunc(e.cfg.Applications, func(a ApplicationConfig) bool { return a.ClientID == client })
	if i < 0 || !isApplications(c, version) {
		return person{}, &TokenError{Reason: ReasonAppOnly}
	}
	roles := rolesOf(c.list("roles"))
	roles = slices.DeleteFunc(roles, func(r Role) bool { return !slices.Contains(e.cfg.Applications[i].Roles, r) })
	if len(roles) == 0 {
		return person{}, &TokenError{Reason: ReasonAppOnly}
	}
	return person{
		tenant:      tenant,
		application: client,
		roles:       roles,
		channel:     ChannelBrowser,
		expires:     c.expires,
	}, nil
}

// isApplications reports whether the token has everything that Entra gives an
// application and no person: no scope, the service principal as its own subject,
// and a client that proved itself. idtyp, which says so outright, is an optional
// claim that few registrations ask for.
func isApplications(c claims, version string) bool {
	proof := "azpacr"
	if version == version1 {
		proof = "appidacr"
	}
	kind := c.text("idtyp")
	return (kind == "app" || !c.has("idtyp")) && !c.has("scp") &&
		isGUID(c.text("oid")) && c.text("sub") == c.text("oid") &&
		slices.Contains([]string{"1", "2"}, c.text(proof))
}
