package demo

import (
	"fmt"
	"net/http"

	"teamsbridge/consult"
	"teamsbridge/sso"
)

// worldView is the answer of GET /_control/world: a contract that tests of the
// product are written against.
type worldView struct {
	Tenant  string `json:"tenant"`
	Scope   string `json:"scope"`
	Clients struct {
		Browser string `json:"browser"`
		Teams   string `json:"teams"`
	} `json:"clients"`
	Service struct {
		ClientID     string `json:"clientId"`
		ClientSecret string `json:"clientSecret"`
		URL          string `json:"url"`
	} `json:"service"`
	Users         []userView         `json:"users"`
	Organizations []organizationView `json:"organizations"`
	ContactCentre struct {
		TokenEndpoint string              `json:"tokenEndpoint"`
		ClientID      string              `json:"clientId"`
		Users         []contactCentreView `json:"users"`
	} `json:"contactCentre"`
	Queues        []queueView            `json:"queues"`
	EntryPoints   []numberView           `json:"entryPoints"`
	DialNumbers   []numberView           `json:"dialNumbers"`
	WrapUpReasons []consult.WrapUpReason `json:"wrapUpReasons"`
	// TurnedAway are people whose genuine sign-in the service refuses.
	TurnedAway []turnedAwayView `json:"turnedAway"`
}

type userView struct {
	ID       string   `json:"id"`
	Username string   `json:"username"`
	Password string   `json:"password"`
	Name     string   `json:"name"`
	Roles    []string `json:"roles"`
	Number   *string  `json:"number"`
}

type turnedAwayView struct {
	userView
	Tenant string `json:"tenant"`
	Reason string `json:"reason"` // the slug of the problem
}

type organizationView struct {
	Tenant string     `json:"tenant"`
	Name   string     `json:"name"`
	Users  []userView `json:"users"`
}

type contactCentreView struct {
	ID       string  `json:"id"`
	Username string  `json:"username"`
	Password string  `json:"password"`
	Name     string  `json:"name"`
	Number   *string `json:"number"`
}

type queueView struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Agents []string `json:"agents"`
}

type numberView struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Number string `json:"number"`
}

func (w *World) showWorld(*http.Request) (any, error) { return w.view(), nil }

// view describes the first organisation in full and the other admitted ones by
// who can sign in there.
func (w *World) view() worldView {
	v := worldView{
		Tenant: w.first.id, Scope: w.scope(), Users: viewUsers(w.first.users),
		Organizations: []organizationView{{Tenant: w.second.id, Name: w.second.name, Users: viewUsers(w.second.users)}},
		WrapUpReasons: wrapUpReasons(),
		Queues:        []queueView{}, EntryPoints: []numberView{}, DialNumbers: []numberView{}, TurnedAway: []turnedAwayView{},
	}
	v.Clients.Browser, v.Clients.Teams = w.clientID, teamsWeb
	v.Service.ClientID, v.Service.ClientSecret, v.Service.URL = w.clientID, w.seed.secret("application"), w.options.ServiceURL
	v.ContactCentre.TokenEndpoint = w.plainURL + contactCentrePath + "/token"
	v.ContactCentre.ClientID = contactCentreClient
	for _, account := range contactCentreAccounts(w.seed, w.first) {
		for _, agent := range w.Agents() {
			if agent.Subject == account.Subject {
				v.ContactCentre.Users = append(v.ContactCentre.Users, contactCentreView{
					ID: string(agent.ID), Username: account.Username, Password: account.Password, Name: account.Name, Number: optional(agent.Number),
				})
			}
		}
	}
	queues, entryPoints, dialNumbers := targets(w.first, w.second)
	for _, q := range queues {
		if q.Tenant == w.first.id {
			v.Queues = append(v.Queues, queueView{ID: q.ID, Name: q.Name, Agents: q.Agents})
		}
	}
	v.EntryPoints = w.viewNumbers(entryPoints)
	v.DialNumbers = w.viewNumbers(dialNumbers)
	for _, u := range w.strangers {
		v.TurnedAway = append(v.TurnedAway, turnedAwayView{userView: viewUser(u), Tenant: u.tenant, Reason: u.why})
	}
	return v
}

func (w *World) viewNumbers(numbers []consult.NumberConfig) []numberView {
	views := []numberView{}
	for _, n := range numbers {
		if n.Tenant == w.first.id {
			views = append(views, numberView{ID: n.ID, Name: n.Name, Number: n.Number})
		}
	}
	return views
}

func viewUsers(users []user) []userView {
	views := make([]userView, len(users))
	for i, u := range users {
		views[i] = viewUser(u)
	}
	return views
}

func viewUser(u user) userView {
	v := userView{ID: u.id, Username: u.username, Password: u.password, Name: u.name, Roles: []string{}}
	if u.role != "" {
		v.Roles = append(v.Roles, string(u.role))
	}
	if u.agent != nil {
		v.Number = optional(u.agent.Number)
	}
	return v
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// lineView is one leg, for the telephone page.
type lineView struct {
	Interaction string   `json:"interaction"`
	Leg         string   `json:"leg"`
	Party       string   `json:"party"`
	Number      *string  `json:"number"`
	Name        *string  `json:"name"`
	State       string   `json:"state"`
	Hears       []string `json:"hears"`
	Music       bool     `json:"music"`
}

func (w *World) showLines(*http.Request) (any, error) {
	lines := []lineView{}
	for _, l := range w.network.Lines() {
		hears := []string{}
		for _, party := range l.Hears {
			hears = append(hears, string(party))
		}
		lines = append(lines, lineView{
			Interaction: string(l.Call), Leg: string(l.Leg), Party: string(l.Party), Number: optional(l.Number),
			Name: optional(w.nameOn(l)), State: string(l.State), Hears: hears, Music: l.Music,
		})
	}
	return map[string]any{"lines": lines}, nil
}

// SignIns are a few names and passwords for the terminal.
func (w *World) SignIns() []string {
	lines := []string{}
	for _, u := range w.first.users {
		lines = append(lines, fmt.Sprintf("%-10s  %-34s %s", u.role, u.username, u.password))
	}
	for _, account := range contactCentreAccounts(w.seed, w.first)[:1] {
		lines = append(lines, fmt.Sprintf("%-10s  %-34s %s   (the contact centre's own provider)", sso.RoleAgent, account.Username, account.Password))
	}
	return lines
}
