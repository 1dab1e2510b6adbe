package configs

import (
	"time"

	"teamsbridge/audit"
	"teamsbridge/consult"
	"teamsbridge/consult/dial"
	"teamsbridge/consult/reserve"
	"teamsbridge/consult/sip"
	"teamsbridge/graph"
	"teamsbridge/graph/budget"
	"teamsbridge/internal/cloud"
	"teamsbridge/internal/logging"
	"teamsbridge/presence"
	"teamsbridge/sso"
	"teamsbridge/sso/azcred"
	"teamsbridge/web"
)

// Config is everything an operator can set.
type Config struct {
	// Cloud names Microsoft's cloud: the one place that decides where people sign
	// in, where Graph is, and whose Teams shows the page (package cloud).
	Cloud string         `koanf:"cloud"`
	Log   logging.Config `koanf:"log"`
	Web   web.Config     `koanf:"web"`
	// Limits becomes web.Config's.
	Limits     web.LimitsConfig `koanf:"limits"`
	Outbound   Outbound         `koanf:"outbound"`
	Store      Store            `koanf:"store"`
	Audit      audit.Config     `koanf:"audit"`
	SSO        SSO              `koanf:"sso"`
	Credential azcred.Config    `koanf:"credential"`
	Graph      Graph            `koanf:"graph"`
	Directory  Directory        `koanf:"directory"`
	Experts    Experts          `koanf:"experts"`
	Presence   presence.Config  `koanf:"presence"`
	Consult    consult.Config   `koanf:"consult"`
	Dial       dial.Config      `koanf:"dial"`
	// Agent and Hold become consult.Config's.
	Agent  consult.AgentConfig `koanf:"agent"`
	Hold   consult.HoldConfig  `koanf:"hold"`
	Switch Switch              `koanf:"switch"`
	// SIP is the switch of kind SwitchSIP.
	SIP sip.Config `koanf:"sip"`
	// Reservations are calls that another contact centre makes to sip.consult_numbers.
	Reservations reserve.Config `koanf:"reservations"`
	// Agents is the agent table, given here or in AgentsFile.
	Agents     []sso.Agent `koanf:"agents"`
	AgentsFile string      `koanf:"agents_file"`
	// DrainTimeout is how long a stop waits for commands that are under way.
	DrainTimeout time.Duration `koanf:"drain_timeout"`
}

// Outbound says how the service reaches Microsoft and the contact centre's provider.
type Outbound struct {
	CAFile  string        `koanf:"ca_file"` // PEM of authorities trusted beside the system's
	Timeout time.Duration `koanf:"timeout"` // of one request
}

// Store says where the journal is kept, and for how long.
type Store struct {
	Kind       string `koanf:"kind"`        // StoreSQLite or StorePostgres
	Path       string `koanf:"path"`        // the SQLite file
	ReserveMiB int    `koanf:"reserve_mib"` // kept free for hang-ups and releases on a full disk
	// DSN is where the PostgreSQL database is. It may be kept in a file of its
	// own (dsn_file), and must be if it has a password.
	DSN         string    `koanf:"dsn"`
	Connections int       `koanf:"connections"` // to PostgreSQL at most
	Retention   Retention `koanf:"retention"`
}

// The values of Store.Kind.
const (
	StoreSQLite   = "sqlite"
	StorePostgres = "postgres"
)

// Retention says when what is over is forgotten.
type Retention struct {
	Interactions time.Duration `koanf:"interactions"` // after they ended; 0 keeps them for ever
	Notes        time.Duration `koanf:"notes"`        // what people wrote in them, after they ended; 0 keeps them with the interaction
	Audit        time.Duration `koanf:"audit"`        // lines of the audit; 0 keeps them for ever
	Recents      time.Duration `koanf:"recents"`      // whom an agent has consulted
}

// SSO is package sso's part, and what package consult needs of the same policy.
type SSO struct {
	sso.Config  `koanf:",squash"`
	NumberMatch string `koanf:"number_match"` // becomes consult.Config.NumberMatch
}

// Graph says where Microsoft Graph is. It is not msgraph.Config, so that
// reading a configuration does not compile Microsoft's SDK.
type Graph struct {
	BaseURL string `koanf:"base_url"` // empty means the cloud's
	// Permissions says in whose name Graph is asked: PermissionsApplication or
	// PermissionsDelegated.
	Permissions string        `koanf:"permissions"`
	Budget      budget.Config `koanf:"budget"`
}

// The values of Graph.Permissions.
const (
	PermissionsApplication = "application" // the service's own
	PermissionsDelegated   = "delegated"   // those of the agents who look, on their behalf
)

// Directory says how the organisations' directories are read; it becomes
// graph.Config's Mode and Persist.
type Directory struct {
	Mode    string `koanf:"mode"`    // graph.ModeIndex or graph.ModeLive
	Persist bool   `koanf:"persist"` // keep the listed people in the store, for the next start
}

// Experts is package graph's part, and what package web needs of the same policy.
type Experts struct {
	graph.Config `koanf:",squash"`
	Search       string            `koanf:"search"`    // becomes web.Config.ExpertsSearch
	Country      string            `koanf:"country"`   // region of national numbers in the directories
	Countries    map[string]string `koanf:"countries"` // by tenant, where it differs from Country
}

// Switch says which telephone system carries the calls.
type Switch struct {
	Kind string `koanf:"kind"` // SwitchSimulated or SwitchSIP
	File string `koanf:"file"` // where the simulated network keeps its legs; empty: in memory
	// Drain is how long a stop waits for calls that are going on, where this
	// process carries their audio.
	Drain time.Duration `koanf:"drain"`
}

// The values of Switch.Kind.
const (
	SwitchSimulated = "simulated" // the telephone network without telephones
	SwitchSIP       = "sip"
)

// Default is what holds where the file and the environment say nothing.
func Default() Config {
	return Config{
		Cloud: cloud.Global,
		Log:   logging.Config{Level: "info", Format: "json"},
		Web:   web.Config{Listen: "127.0.0.1:8080", MaxBody: 64 << 10, ReadTimeout: 10 * time.Second},
		Limits: web.LimitsConfig{
			PerAgent: web.RateConfig{Rate: 20, Burst: 100}, PerAddress: web.RateConfig{Rate: 100, Burst: 1000},
			Connections: 20_000, ConnectionsPerAddress: 5_000,
		},
		Outbound: Outbound{Timeout: 30 * time.Second},
		Store: Store{
			Kind: StoreSQLite, Path: "teamsbridge.db", ReserveMiB: 16, Connections: 16,
			Retention: Retention{Interactions: 90 * day, Notes: 30 * day, Audit: 365 * day, Recents: 30 * day},
		},
		Audit: audit.Config{Stream: audit.StreamOff, Persons: true},
		SSO: SSO{
			Config: sso.Config{
				Require: sso.RequireAlways, CheckEvery: time.Hour, HoldLastState: day,
				Session: sso.SessionConfig{Idle: time.Hour, Absolute: 12 * time.Hour},
			},
			NumberMatch: "block",
		},
		Graph:     Graph{Permissions: PermissionsApplication},
		Directory: Directory{Mode: graph.ModeIndex, Persist: true},
		Experts: Experts{
			Config:  graph.Config{SyncInterval: time.Minute, ConfirmTimeout: time.Second},
			Search:  "open",
			Country: "DE",
		},
		Presence: presence.Config{
			PollInterval: 5 * time.Second, StaleAfter: 30 * time.Second, CollectWindow: 5 * time.Millisecond,
		},
		Consult: consult.Config{
			RingTimeout: 15 * time.Second, SwitchTimeout: 10 * time.Second, AfterEnd: "active",
		},
		Dial:         dial.Config{Emergency: "confirm"},
		Switch:       Switch{Kind: SwitchSimulated, Drain: 5 * time.Minute},
		Reservations: reserve.Config{Expire: 2 * time.Minute, PerAgent: 3},
		DrainTimeout: 30 * time.Second,
	}
}

// ConsultConfig is package consult's configuration, put together from the
// sections that speak of it.
func (c Config) ConsultConfig() consult.Config {
	cfg := c.Consult
	cfg.NumberMatch = c.SSO.NumberMatch
	cfg.Dial = c.Dial
	cfg.Agent, cfg.Hold = c.Agent, c.Hold
	if cfg.Acceptance == "" && c.Switch.Kind == SwitchSIP {
		cfg.Acceptance = "key" // nothing else tells an expert from their voicemail there
	}
	return cfg
}

// ExpertsConfig is package graph's configuration, put together from the two
// sections that speak of it.
func (c Config) ExpertsConfig() graph.Config {
	cfg := c.Experts.Config
	cfg.Mode, cfg.Persist = c.Directory.Mode, c.Directory.Persist
	return cfg
}

// WebConfig is package web's configuration, put together from the three sections
// that speak of it.
func (c Config) WebConfig() web.Config {
	cfg := c.Web
	cfg.ExpertsSearch = c.Experts.Search
	cfg.Limits = c.Limits
	return cfg
}

// Tenants are the organisations whose directories are mirrored.
func (c Config) Tenants() []graph.Tenant {
	tenants := make([]graph.Tenant, 0, len(c.SSO.Entra.Tenants))
	for _, id := range c.SSO.Entra.Tenants {
		country := c.Experts.Country
		if own, ok := c.Experts.Countries[id]; ok {
			country = own
		}
		tenants = append(tenants, graph.Tenant{ID: graph.TenantID(id), Country: country})
	}
	return tenants
}
