package sso

import (
	"cmp"
	"slices"
	"strings"
	"sync/atomic"
)

// Agent is a row of the agent table.
type Agent struct {
	ID       AgentID  `koanf:"id" json:"id"`
	Tenant   string   `koanf:"tenant" json:"tenant"`      // organisation; may be left out in a configuration with one
	EntraID  string   `koanf:"entra_id" json:"entraId"`   // object id in that tenant
	Subject  string   `koanf:"subject" json:"subject"`    // sub at the contact centre's own provider
	Name     string   `koanf:"name" json:"name"`          //
	Number   string   `koanf:"number" json:"number"`      // the agent's telephone, E.164
	Country  string   `koanf:"country" json:"country"`    // ISO 3166 region of their site
	TimeZone string   `koanf:"time_zone" json:"timeZone"` // IANA name
	Team     string   `koanf:"team" json:"team"`
	Queues   []string `koanf:"queues" json:"queues"`
	Roles    []Role   `koanf:"roles" json:"roles"`
}

// Agents is the agent table. Safe for concurrent use; a look-up sees the rows
// before or after a Replace, never a mixture. Make one with [NewAgents].
type Agents struct {
	table atomic.Pointer[agentTable]
}

// agentTable is one immutable state of the table.
type agentTable struct {
	byID, byEntra, bySubject, byNumber map[agentKey]Agent
	byTenant                           map[string][]Agent // ordered by name
	byQueue                            map[agentKey][]Agent
}

// agentKey is what a row is found by; every look-up names the organisation, so
// that none can reach into another one.
type agentKey struct{ tenant, value string }

// NewAgents checks the rows (ids, identities and numbers are unique in an
// organisation) and reports every problem at once, each beginning with the path
// of its value, such as "agents[2].number".
func NewAgents(rows []Agent) (*Agents, error) {
	a := new(Agents)
	if err := a.Replace(rows); err != nil {
		return nil, err
	}
	return a, nil
}

// Replace checks the rows like [NewAgents] and puts them in the place of the
// present ones. When it returns an error nothing has changed.
func (a *Agents) Replace(rows []Agent) error {
	clean, err := checkAgents(rows)
	if err != nil {
		return err
	}
	a.table.Store(newAgentTable(clean))
	return nil
}

// WithTenant gives the rows with the tenant filled in where it was left out.
func WithTenant(rows []Agent, tenant string) []Agent {
	filled := slices.Clone(rows)
	for i := range filled {
		if filled[i].Tenant == "" {
			filled[i].Tenant = tenant
		}
	}
	return filled
}

func newAgentTable(rows []Agent) *agentTable {
	t := &agentTable{
		byID:      make(map[agentKey]Agent, len(rows)),
		byEntra:   make(map[agentKey]Agent, len(rows)),
		bySubject: make(map[agentKey]Agent),
		byNumber:  make(map[agentKey]Agent, len(rows)),
		byTenant:  make(map[string][]Agent),
		byQueue:   make(map[agentKey][]Agent),
	}
	for _, row := range rows {
		t.byID[agentKey{row.Tenant, string(row.ID)}] = row
		t.byTenant[row.Tenant] = append(t.byTenant[row.Tenant], row)
		for _, queue := range row.Queues {
			key := agentKey{row.Tenant, queue}
			t.byQueue[key] = append(t.byQueue[key], row)
		}
		for _, other := range [...]struct {
			value string
			index map[agentKey]Agent
		}{{row.EntraID, t.byEntra}, {row.Subject, t.bySubject}, {row.Number, t.byNumber}} {
			if other.value != "" {
				other.index[agentKey{row.Tenant, other.value}] = row
			}
		}
	}
	for _, list := range t.byTenant {
		names := make(map[AgentID]string, len(list)) // folded once, not at every comparison
		for _, row := range list {
			names[row.ID] = strings.ToLower(row.Name)
		}
		slices.SortFunc(list, func(a, b Agent) int {
			return cmp.Or(strings.Compare(names[a.ID], names[b.ID]), strings.Compare(string(a.ID), string(b.ID)))
		})
	}
	return t
}

// ByID finds a row.
func (a *Agents) ByID(tenant string, id AgentID) (Agent, bool) {
	return found(a.table.Load().byID, tenant, string(id))
}

// ByEntra finds the row of an Entra object id, in whatever case it is spelled.
func (a *Agents) ByEntra(tenant, objectID string) (Agent, bool) {
	return found(a.table.Load().byEntra, tenant, strings.ToLower(objectID))
}

// BySubject finds the row of a contact-centre subject, spelled exactly so.
func (a *Agents) BySubject(tenant, subject string) (Agent, bool) {
	return found(a.table.Load().bySubject, tenant, subject)
}

// ByNumber finds the row of a telephone number in E.164, spaces and
// punctuation aside.
func (a *Agents) ByNumber(tenant, number string) (Agent, bool) {
	canonical, ok := canonicalNumber(number)
	if !ok {
		return Agent{}, false
	}
	return found(a.table.Load().byNumber, tenant, canonical)
}

// List gives a tenant's rows ordered by name.
func (a *Agents) List(tenant string) []Agent {
	return clones(a.table.Load().byTenant[strings.ToLower(tenant)])
}

// InQueue gives the rows that name a queue, in no particular order.
func (a *Agents) InQueue(tenant, queue string) []Agent {
	return clones(a.table.Load().byQueue[agentKey{strings.ToLower(tenant), queue}])
}

func clones(rows []Agent) []Agent {
	out := make([]Agent, len(rows))
	for i, row := range rows {
		out[i] = row.clone()
	}
	return out
}

func found(index map[agentKey]Agent, tenant, value string) (Agent, bool) {
	row, ok := index[agentKey{strings.ToLower(tenant), value}]
	return row.clone(), ok && value != ""
}

// clone keeps callers from changing the table through its slices.
func (a Agent) clone() Agent {
	a.Queues, a.Roles = slices.Clone(a.Queues), slices.Clone(a.Roles)
	return a
}
