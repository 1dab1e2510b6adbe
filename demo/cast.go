package demo

import (
	"strings"

	"teamsbridge/consult"
	"teamsbridge/graph/graphtest"
	"teamsbridge/sso"
	"teamsbridge/sso/ssotest"
)

// role is somebody who is written into the world by name.
type role struct {
	given, surname string
	title          string
	role           sso.Role
	number         string // the agent's telephone
	team           string
	queues         []string
}

// Numbers of agents are Berlin's and Hamburg's ranges for fiction.
var (
	firstCast = []role{
		{given: "Anja", surname: "Weber", title: "Kundenberaterin", role: sso.RoleAgent, number: "+493023125101", team: "Berlin", queues: []string{"tax"}},
		{given: "Boris", surname: "Öztürk", title: "Kundenberater", role: sso.RoleAgent, number: "+493023125102", team: "Berlin", queues: []string{"tax"}},
		{given: "Clara", surname: "Nowak", title: "Kundenberaterin", role: sso.RoleAgent, number: "+493023125103", team: "Berlin", queues: []string{"law"}},
		{given: "David", surname: "Schneider", title: "Kundenberater", role: sso.RoleAgent, number: "+493023125104", team: "Berlin", queues: []string{"law"}},
		{given: "Elif", surname: "Yılmaz", title: "Teamleiterin", role: sso.RoleSupervisor},
		{given: "Frank", surname: "Meier", title: "Systemverwalter", role: sso.RoleAdmin},
	}
	secondCast = []role{
		{given: "Hanna", surname: "Petersen", title: "Kundenberaterin", role: sso.RoleAgent, number: "+494066969101", team: "Hamburg", queues: []string{"orders"}},
		{given: "Ivo", surname: "Claasen", title: "Kundenberater", role: sso.RoleAgent, number: "+494066969102", team: "Hamburg", queues: []string{"orders"}},
		{given: "Jana", surname: "Brandt", title: "Systemverwalterin", role: sso.RoleAdmin},
	}
	thirdCast = []role{
		{given: "Karl", surname: "Fremd", title: "Kundenberater", role: sso.RoleAgent},
	}
	// guestAgent exists only at the contact centre's own identity provider.
	guestAgent = role{given: "Greta", surname: "Lindholm", role: sso.RoleAgent, number: "+493023125105", team: "Berlin", queues: []string{"law"}}
)

// organization is a tenant with everybody in it.
type organization struct {
	id, name, domain string
	admitted         bool // the service knows it
	directory        graphtest.Organization
	users            []user
}

// user is somebody who can sign in, and whose password is known.
type user struct {
	id, tenant         string
	username, password string
	name               string
	role               sso.Role
	agent              *sso.Agent // their row of the agent table, if any
	why                string     // why the service turns them away, if it does
}

// newOrganization fills a directory and writes the cast into it.
func newOrganization(s seed, name, domain string, admitted bool, people int, cast []role) organization {
	org := organization{id: s.guid("tenant/" + domain), name: name, domain: domain, admitted: admitted}
	org.directory = graphtest.Generate(uint64(s), org.id, name, domain, "DE", people)
	for _, r := range cast {
		u := newUser(s, org, r)
		org.users = append(org.users, u)
		org.directory.Users = append(org.directory.Users, graphtest.User{
			ID: u.id, DisplayName: u.name, GivenName: r.given, Surname: r.surname, JobTitle: r.title, Department: "Kundenservice",
			Mail: u.username, UserPrincipalName: u.username, AccountEnabled: true, UserType: "Member",
			// No business phone: an agent must not be listed as an expert too.
			BusinessPhones: []string{},
		})
	}
	return org
}

func newUser(s seed, org organization, r role) user {
	local := plain(r.given) + "." + plain(r.surname)
	u := user{
		id:       s.guid("user/" + org.domain + "/" + local),
		tenant:   org.id,
		username: local + "@" + org.domain,
		password: s.password(org.domain + "/" + local),
		name:     r.given + " " + r.surname,
		role:     r.role,
	}
	if r.role == sso.RoleAgent && org.admitted {
		u.agent = &sso.Agent{
			ID: sso.AgentID(u.id), Tenant: org.id, EntraID: u.id, Name: u.name, Number: r.number,
			Country: "DE", TimeZone: "Europe/Berlin", Team: r.team, Queues: r.queues, Roles: []sso.Role{sso.RoleAgent},
		}
	}
	return u
}

// plain spells a name as a user name does.
func plain(name string) string {
	return strings.NewReplacer("ö", "oe", "ü", "ue", "ä", "ae", "ß", "ss", "ı", "i").Replace(strings.ToLower(name))
}

// stranger is an expert who can sign in but is no agent here.
func stranger(s seed, org organization) (user, bool) {
	for _, person := range org.directory.Users {
		if person.AccountEnabled && person.UserType == "Member" && len(person.BusinessPhones) > 0 {
			return user{
				id: person.ID, tenant: org.id, username: person.UserPrincipalName, password: s.password("stranger/" + org.domain),
				name: person.DisplayName, why: "agent-unknown",
			}, true
		}
	}
	return user{}, false
}

// targets are the lists of the consult dialog.
func targets(first, second organization) (queues []consult.QueueConfig, entryPoints, dialNumbers []consult.NumberConfig) {
	queues = []consult.QueueConfig{
		{ID: "tax", Tenant: first.id, Name: "Steuern", Agents: []string{first.users[0].id, first.users[1].id}},
		{ID: "law", Tenant: first.id, Name: "Recht", Agents: []string{first.users[2].id, first.users[3].id, guestAgentID}},
		{ID: "orders", Tenant: second.id, Name: "Bestellungen", Agents: []string{second.users[0].id, second.users[1].id}},
	}
	entryPoints = []consult.NumberConfig{
		{ID: "hotline", Tenant: first.id, Name: "Hotline", Number: "+493023125000"},
		{ID: "claims", Tenant: first.id, Name: "Schadensmeldung", Number: "+493023125001"},
		{ID: "north", Tenant: second.id, Name: "Zentrale Nord", Number: "+494066969000"},
	}
	dialNumbers = []consult.NumberConfig{
		{ID: "interpreter", Tenant: first.id, Name: "Dolmetscherdienst", Number: "+493023125010"},
		{ID: "tax-hotline", Tenant: first.id, Name: "Kammer-Auskunft", Number: "+498999998010"},
		{ID: "carrier", Tenant: second.id, Name: "Spedition", Number: "+494066969010"},
	}
	return queues, entryPoints, dialNumbers
}

// wrapUpReasons are what an agent of the demo chooses from after a call.
func wrapUpReasons() []consult.WrapUpReason {
	return []consult.WrapUpReason{
		{Code: "solved", Label: "Anliegen gelöst"},
		{Code: "callback", Label: "Rückruf vereinbart"},
		{Code: "handed-over", Label: "An Fachbereich übergeben"},
		{Code: "follow-up", Label: "Nacharbeit nötig"},
		{Code: "wrong-number", Label: "Falsch verbunden"},
	}
}

// guestAgentID is an id of another kind than a directory's: ids are opaque.
const (
	guestAgentID      = "cc-greta"
	guestAgentSubject = "cc|greta.lindholm"
	firstAgentSubject = "cc|anja.weber"
)

// contactCentreAccounts are the people known to the contact centre's own
// provider: one who is known nowhere else, and one agent known to Entra too.
func contactCentreAccounts(s seed, first organization) []ssotest.ProviderAccount {
	return []ssotest.ProviderAccount{
		{Subject: guestAgentSubject, Username: "greta", Password: s.password("contact-centre/greta"), Name: guestAgent.given + " " + guestAgent.surname},
		{Subject: firstAgentSubject, Username: "anja", Password: s.password("contact-centre/anja"), Name: first.users[0].name},
	}
}

// agentTable is every row of the agent table.
func agentTable(first, second organization) []sso.Agent {
	var rows []sso.Agent
	for _, org := range []organization{first, second} {
		for _, u := range org.users {
			if u.agent != nil {
				rows = append(rows, *u.agent)
			}
		}
	}
	rows[0].Subject = firstAgentSubject
	return append(rows, sso.Agent{
		ID: guestAgentID, Tenant: first.id, Subject: guestAgentSubject, Name: guestAgent.given + " " + guestAgent.surname,
		Number: guestAgent.number, Country: "DE", TimeZone: "Europe/Berlin", Team: guestAgent.team, Queues: guestAgent.queues,
		Roles: []sso.Role{sso.RoleAgent},
	})
}
