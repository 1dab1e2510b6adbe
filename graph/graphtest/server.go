package graphtest

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
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

	OfficeLocation string `json:"officeLocation,omitempty"`
	CompanyName    string `json:"companyName,omitempty"`
	City           string `json:"city,omitempty"`
	Country        string `json:"country,omitempty"`
	EmployeeID     string `json:"employeeId,omitempty"`
	// ExtensionAttributes are those of onPremisesExtensionAttributes, by name:
	// extensionAttribute1 to extensionAttribute15.
	ExtensionAttributes map[string]string `json:"onPremisesExtensionAttributes,omitempty"`
}

// Options shape a simulated Graph.
type Options struct {
	Authority *ssotest.Entra // checks tokens, knows service principals and grants
	Seed      uint64
	Clock     func() time.Time      // nil means time.Now
	Log       func(ssotest.Request) // nil means none; hears of each request after its answer
	PageSize  int                   // default page of /users/delta; 0 means 200
	// Restless makes presences change by themselves, with Teams' lag.
	Restless bool
	// Limits are how much an application may ask; the zero value is none.
	Limits Limits
	// Lag is after which time readers see a change of the directory, be it by
	// id, in lists or by delta. Presences have a lag of their own.
	Lag time.Duration
	// UnevenDelta makes /users/delta do everything that Graph reserves to
	// itself: empty pages, people told twice, changes told again in the next round.
	UnevenDelta bool
}

// authority is what Graph asks Entra; *ssotest.Entra is one.
type authority interface {
	CheckGraphToken(raw string) (ssotest.GraphToken, error)
	ServicePrincipal(tenant, appID string) (ssotest.ServicePrincipal, bool)
	Grants(tenant, clientObjectID string) []ssotest.Grant
	AppRoles(appID string) []ssotest.AppRole
	AppRoleAssignments(tenant, objectID string) []ssotest.AppRoleAssignment
	AppRoleAssignedTo(tenant, objectID string) []ssotest.AppRoleAssignment
}

// Server is the simulated Graph. Safe for concurrent use.
type Server struct {
	authority authority
	seed      uint64
	clock     func() time.Time
	log       func(ssotest.Request)
	pageSize  int
	restless  bool
	sealer    sealer
	faults    *ssotest.Faults
	limits    Limits
	lag       time.Duration
	uneven    bool
	usage     usage

	mu          sync.RWMutex
	directories map[string]*replicas
	epoch       int64                 // delta tokens of another epoch are void
	voidCode    string                // what they are answered with
	presences   map[string]*presences // by object id: those that were set
}

// New serves the organisations.
func New(o Options, orgs ...Organization) *Server { return newServer(o, o.Authority, orgs...) }

func newServer(o Options, a authority, orgs ...Organization) *Server {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = func(ssotest.Request) {}
	}
	s := &Server{
		authority: a, seed: o.Seed, clock: o.Clock, log: o.Log, pageSize: cmp.Or(o.PageSize, 200), restless: o.Restless,
		sealer: newSealer(o.Seed), faults: ssotest.NewFaults(o.Seed),
		limits: o.Limits, lag: o.Lag, uneven: o.UnevenDelta,
		directories: make(map[string]*replicas, len(orgs)),
		epoch:       o.Clock().UnixNano(),
		voidCode:    "resyncRequired",
		presences:   make(map[string]*presences),
	}
	for _, org := range orgs {
		s.directories[strings.ToLower(org.Tenant)] = newReplicas(org, o.Lag)
	}
	return s
}

// PutUser adds, replaces or restores a person; the next delta tells of it. A
// tenant that is not known yet gets a directory.
func (s *Server) PutUser(tenant string, u User) {
	s.change(tenant, func(d *directory) bool { d.put(u); return true })
}

// DeleteUser removes a person (soft-deleted); false when there was none.
func (s *Server) DeleteUser(tenant, id string) bool { return s.remove(tenant, id, softDeleted) }

// PurgeUser removes a person, soft-deleted before or not, for good; false when
// there was none.
func (s *Server) PurgeUser(tenant, id string) bool { return s.remove(tenant, id, purged) }

func (s *Server) remove(tenant, id, reason string) bool {
	return s.change(tenant, func(d *directory) bool { return d.remove(id, reason) })
}

// User finds a person, as they were written last: ahead of what readers see.
func (s *Server) User(tenant, id string) (User, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	d, ok := s.primary(tenant)
	if !ok {
		return User{}, false
	}
	r, ok := d.find(id)
	if !ok {
		return User{}, false
	}
	u := r.user
	u.BusinessPhones = slices.Clone(u.BusinessPhones)
	u.ExtensionAttributes = maps.Clone(u.ExtensionAttributes)
	return u, true
}

// TenantOf finds whose directory a person is in; "" when nobody's.
func (s *Server) TenantOf(id string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, tenant := range slices.Sorted(maps.Keys(s.directories)) {
		if _, ok := s.directories[tenant].written.find(id); ok {
			return tenant
		}
	}
	return ""
}

// ResetDelta makes every delta link issued so far answer 410 resyncRequired.
func (s *Server) ResetDelta() { s.voidDelta("resyncRequired") }

// ExpireDelta makes every delta link issued so far answer 410
// syncStateNotFound, as one that is older than a week does.
func (s *Server) ExpireDelta() { s.voidDelta("syncStateNotFound") }

func (s *Server) voidDelta(code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch++
	s.voidCode = code
}

// Handler serves /v1.0/….
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serve) }
