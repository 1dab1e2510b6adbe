package configs

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // agents' time zones must be known on every machine

	"teamsbridge/graph"
	"teamsbridge/sso"
)

var region = regexp.MustCompile(`^[A-Z]{2}$`)

// Validate reports every problem of a configuration that was not read from a
// file. The error is *Error.
func Validate(c Config) error {
	found := &problems{}
	validate(c, found)
	return found.err()
}

// validate asks every package about its own part, then looks at what no single
// package can see.
func validate(c Config, found *problems) {
	sections := []struct {
		path  string
		value any
	}{
		{"log", c.Log},
		{"web", c.WebConfig()},
		{"sso", c.SSO.Config},
		{"credential", c.Credential},
		{"graph.budget", c.Graph.Budget},
		{"experts", c.Experts.Config},
		{"presence", c.Presence},
		{"consult", c.ConsultConfig()},
		{"dial", c.Dial},
		{"reservations", c.Reservations},
	}
	for _, section := range sections {
		if v, ok := section.value.(interface{ Validate() error }); ok {
			found.addAll(section.path, v.Validate())
		}
	}
	validateCloud(c, found)
	validatePermissions(c, found)
	validateMicrosoft(c, found)
	oneOf(found, "directory.mode", c.Directory.Mode, graph.ModeIndex, graph.ModeLive)
	validateExperts(c, found)
	validateAgents(c, found)
	validateTargets(c, found)
	oneOf(found, "dial.emergency", c.Dial.Emergency, "confirm", "refuse", "allow")
	oneOf(found, "switch.kind", c.Switch.Kind, SwitchSimulated, SwitchSIP)
	if c.Switch.Kind == SwitchSIP {
		found.addAll("sip", c.SIP.Validate())
	}
	if c.Switch.Drain < 0 {
		found.add("switch.drain", "must not be less than 0")
	}
	validateStore(c.Store, found)
	if key, message := c.Audit.Problem(); key != "" {
		found.add("audit."+key, message)
	}
	positive(found, "outbound.timeout", c.Outbound.Timeout)
	positive(found, "drain_timeout", c.DrainTimeout)
}

func validateStore(s Store, found *problems) {
	oneOf(found, "store.kind", s.Kind, StoreSQLite, StorePostgres)
	if s.Kind == StoreSQLite && s.Path == "" {
		found.add("store.path", "name the file that keeps the journal")
	}
	if s.Kind == StorePostgres && s.DSN == "" {
		found.add("store.dsn", "name the database, here or with dsn_file or "+EnvName("store.dsn"))
	}
	if s.ReserveMiB < 0 {
		found.add("store.reserve_mib", "must not be less than 0, which keeps none")
	}
	if s.Connections < 1 || s.Connections > maxConnections {
		found.add("store.connections", fmt.Sprintf("must be 1 to %d", maxConnections))
	}
	// Idempotency keys are kept for a day and name their interaction.
	if keep := s.Retention.Recents; keep < day {
		found.add("store.retention.recents", "must be at least 1d")
	}
	if keep := s.Retention.Notes; keep != 0 && keep < day {
		found.add("store.retention.notes", "must be at least 1d, or 0 to keep notes as long as their interactions")
	}
	if keep := s.Retention.Audit; keep != 0 && keep < day {
		found.add("store.retention.audit", "must be at least 1d, or 0 to keep the audit for ever")
	}
	if keep := s.Retention.Interactions; keep != 0 && keep < day {
		found.add("store.retention.interactions", "must be at least 1d, or 0 to keep interactions for ever")
	}
}

// maxConnections is more than one PostgreSQL server serves well.
const maxConnections = 1000

func validateMicrosoft(c Config, found *problems) {
	if c.SSO.Entra.Scope == "" {
		found.add("sso.entra.scope", "name the scope that this service offers, like api://…/access_as_user")
	}
	for i, p := range c.SSO.ContactCentre {
		admitted(c, found, fmt.Sprintf("sso.contact_centre[%d].tenant", i), p.Tenant)
	}
}

func validateExperts(c Config, found *problems) {
	if !region.MatchString(c.Experts.Country) {
		found.add("experts.country", "must be an ISO 3166 region like DE")
	}
	for tenant, country := range c.Experts.Countries {
		if !region.MatchString(country) {
			found.add("experts.countries."+tenant, "must be an ISO 3166 region like DE")
		}
		admitted(c, found, "experts.countries."+tenant, tenant)
	}
}

func validateAgents(c Config, found *problems) {
	if _, err := sso.NewAgents(c.Agents); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		found.addAll("agents", err)
	}
	for i, a := range c.Agents {
		at := fmt.Sprintf("agents[%d]", i)
		admitted(c, found, at+".tenant", a.Tenant)
		if a.Country != "" && !region.MatchString(a.Country) {
			found.add(at+".country", "must be an ISO 3166 region like DE")
		}
		if _, err := time.LoadLocation(a.TimeZone); err != nil {
			found.add(at+".time_zone", "must be an IANA time zone like Europe/Berlin")
		}
	}
}

// validateTargets checks what the lists of targets say of other sections.
func validateTargets(c Config, found *problems) {
	agents := make(map[[2]string]bool, len(c.Agents))
	for _, a := range c.Agents {
		agents[[2]string{a.Tenant, string(a.ID)}] = true
	}
	for i, q := range c.Consult.Queues {
		at := fmt.Sprintf("consult.queues[%d]", i)
		admitted(c, found, at+".tenant", q.Tenant)
		for j, id := range q.Agents {
			if !agents[[2]string{q.Tenant, id}] {
				found.add(fmt.Sprintf("%s.agents[%d]", at, j), "is not an agent of this organisation")
			}
		}
	}
	for i, e := range c.Consult.EntryPoints {
		admitted(c, found, fmt.Sprintf("consult.entry_points[%d].tenant", i), e.Tenant)
	}
	for i, d := range c.Consult.DialNumbers {
		admitted(c, found, fmt.Sprintf("consult.dial_numbers[%d].tenant", i), d.Tenant)
	}
}

func admitted(c Config, found *problems, path, tenant string) {
	for _, t := range c.SSO.Entra.Tenants {
		if t == tenant {
			return
		}
	}
	found.add(path, "must be one of sso.entra.tenants")
}

// httpsAddress admits plain http only on loopback, where simulators live.
func httpsAddress(found *problems, path, address string) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		found.add(path, "must be an address that begins with https://")
		return
	}
	ip := net.ParseIP(u.Hostname())
	loopback := u.Hostname() == "localhost" || (ip != nil && ip.IsLoopback())
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback) {
		found.add(path, "must begin with https://")
	}
}

func oneOf(found *problems, path, value string, allowed ...string) {
	for _, a := range allowed {
		if value == a {
			return
		}
	}
	found.add(path, "must be "+strings.Join(allowed, ", "))
}

func positive(found *problems, path string, d time.Duration) {
	if d <= 0 {
		found.add(path, "must be more than nothing, like 30s")
	}
}

// complete fills what follows from other values.
func complete(c *Config) {
	completeCloud(c)
	c.SSO.Entra.KeepAssertions = c.Graph.Permissions == PermissionsDelegated
	for i, tenant := range c.SSO.Entra.Tenants {
		c.SSO.Entra.Tenants[i] = strings.ToLower(tenant)
	}
	if c.Credential.ClientID == "" {
		c.Credential.ClientID = c.SSO.Entra.ClientID
	}
	if len(c.SSO.Entra.Tenants) != 1 {
		return
	}
	only := c.SSO.Entra.Tenants[0]
	for i := range c.Agents {
		setIfEmpty(&c.Agents[i].Tenant, only)
	}
	for i := range c.SSO.ContactCentre {
		setIfEmpty(&c.SSO.ContactCentre[i].Tenant, only)
	}
	for i := range c.Consult.Queues {
		setIfEmpty(&c.Consult.Queues[i].Tenant, only)
	}
	for i := range c.Consult.EntryPoints {
		setIfEmpty(&c.Consult.EntryPoints[i].Tenant, only)
	}
	for i := range c.Consult.DialNumbers {
		setIfEmpty(&c.Consult.DialNumbers[i].Tenant, only)
	}
}

func setIfEmpty(s *string, value string) {
	if *s == "" {
		*s = value
	}
}
