package graphtest

import (
	"net/http"
	"time"

	"teamsbridge/sso/ssotest"
)

// User is one person of a simulated directory, with Graph's names.
type User struct {
	ID                string   `json:"id"`
	DisplayName       string   `json:"displayName"`
	GivenName         string   `json:"givenName,omitempty"`
	Surname           string   `json:"surname,omitempty"`
	JobTitle          string   `json:"jobTitle,omitempty"`
	Department        string   `json:"department,omitempty"`
	Mail              string   `json:"mail,omitempty"`
	UserPrincipalName string   `json:"userPrincipalName"`
	BusinessPhones    []string `json:"businessPhones"`
	MobilePhone       string   `json:"mobilePhone,omitempty"`
	AccountEnabled    bool     `json:"accountEnabled"`
	UserType          string   `json:"userType"` // Member, Guest
}

// Organization is a tenant's directory.
type Organization struct {
	Tenant, Name, Domain string
	Users                []User
}

// Generate makes a repeatable organisation: the same arguments give the same
// people. country is the ISO 3166 region most business phones belong to.
func Generate(seed uint64, tenant, name, domain, country string, people int) Organization {
	return Organization{}
}

// Presence is a person's presence with Graph's values, as the simulator holds it.
type Presence struct {
	Availability string // Available, Busy, DoNotDisturb, Away, BeRightBack, Offline, PresenceUnknown ...
	Activity     string
	OutOfOffice  bool
}

// Options shape a simulated Graph.
type Options struct {
	Authority *ssotest.Entra // checks tokens, knows service principals and grants
	Seed      uint64
	Clock     func() time.Time      // nil means time.Now
	Log       func(ssotest.Request) // nil means none
	PageSize  int                   // default page of /users/delta; 0 means 200
	// Restless makes presences change by themselves, with Teams' lag.
	Restless bool
}

// Server is the simulated Graph.
type Server struct{}

// New serves the organisations.
func New(o Options, orgs ...Organization) *Server { return &Server{} }

// Handler serves /v1.0/….
func (s *Server) Handler() http.Handler { return nil }

// PutUser adds or replaces a person; the next delta tells of it.
func (s *Server) PutUser(tenant string, u User) {}

// DeleteUser removes a person (soft-deleted); false when there was none.
func (s *Server) DeleteUser(tenant, id string) bool { return false }

// User finds a person.
func (s *Server) User(tenant, id string) (User, bool) { return User{}, false }

// TenantOf finds whose directory a person is in; "" when nobody's.
func (s *Server) TenantOf(id string) string { return "" }

// SetPresence changes a presence, visible to readers after lag.
func (s *Server) SetPresence(id string, p Presence, lag time.Duration) bool { return false }

// InjectFault makes requests go wrong, with Graph's error envelope.
func (s *Server) InjectFault(f ssotest.Fault) {}

// ResetDelta makes every delta link issued so far answer 410 (resync required).
func (s *Server) ResetDelta() {}
