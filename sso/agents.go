package sso

import (
	"errors"
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

// Agents is the agent table. Safe for concurrent use.
type Agents struct{}

// NewAgents checks the rows (unique ids, identities and numbers per tenant) and
// reports every problem at once.
func NewAgents(rows []Agent) (*Agents, error) { return nil, errors.ErrUnsupported }

// ByID finds a row.
func (a *Agents) ByID(tenant string, id AgentID) (Agent, bool) { return Agent{}, false }

// ByEntra finds the row of an Entra object id.
func (a *Agents) ByEntra(tenant, objectID string) (Agent, bool) { return Agent{}, false }

// BySubject finds the row of a contact-centre subject.
func (a *Agents) BySubject(tenant, subject string) (Agent, bool) { return Agent{}, false }

// ByNumber finds the row of a telephone number in E.164.
func (a *Agents) ByNumber(tenant, number string) (Agent, bool) { return Agent{}, false }

// List gives a tenant's rows ordered by name.
func (a *Agents) List(tenant string) []Agent { return nil }
