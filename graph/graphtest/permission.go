package graphtest

import (
	"net/http"
	"slices"
	"strings"

	"teamsbridge/sso/ssotest"
)

// authenticate checks the bearer token and finds the directory of its tenant.
func (s *Server) authenticate(c *call) error {
	scheme, raw, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || raw == "" {
		return unauthenticated("InvalidAuthenticationToken", "Access token is empty.")
	}
	token, err := s.authority.CheckGraphToken(strings.TrimSpace(raw))
	if err != nil {
		// The text of the error is Graph's code by contract.
		return unauthenticated(err.Error(), "Access token validation failure.")
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	d, ok := s.directories[strings.ToLower(token.Tenant)]
	if !ok {
		return unauthenticated("Authorization_IdentityNotFound", "The identity of the calling application could not be established.")
	}
	c.token, c.directory = token, d
	if c.delegated() {
		if r, known := d.find(token.ObjectID); known && r.user.UserType == "Guest" {
			c.guest = true
		}
	}
	return nil
}

// delegated tells whether the token acts for a person.
func (c *call) delegated() bool { return c.token.ObjectID != "" }

// holds tells whether the token has one of the permissions: as application
// roles or, where it acts for a person, as scopes.
func (c *call) holds(permissions ...string) bool {
	held := c.token.Roles
	if c.delegated() {
		held = c.token.Scopes
	}
	return slices.ContainsFunc(permissions, func(p string) bool { return slices.Contains(held, p) })
}

// The two ways in which Graph says that a permission is missing.
var (
	directoryDenied = failure{status: http.StatusForbidden, code: "Authorization_RequestDenied", message: "Insufficient privileges to complete the operation."}
	presenceDenied  = failure{status: http.StatusForbidden, code: "Forbidden", message: ""}
)

// denied makes an error of its own of a refusal that is always the same.
func denied(f failure) *failure { return &f }

// Permissions that show everything of every person.
var readUsers = []string{"User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}

// allowListing is for the collection of people: guests cannot list it, and
// User.ReadBasic.All shows the basic properties only.
func allowListing(c *call) error {
	switch {
	case c.guest:
		return denied(directoryDenied)
	case c.holds(readUsers...):
		return nil
	case c.holds("User.ReadBasic.All"):
		c.readable = basicSelection
		return nil
	}
	return denied(directoryDenied)
}

// allowShowing is for one person; with User.Read everybody may see themself.
func allowShowing(c *call) error {
	if c.self() && c.holds("User.Read") {
		return nil
	}
	return allowListing(c)
}

// allowPresence is for one presence; with Presence.Read everybody may see their own.
func allowPresence(c *call) error {
	if c.self() && c.holds("Presence.Read", "Presence.ReadWrite") {
		return nil
	}
	return allowPresences(c)
}

func allowPresences(c *call) error {
	if c.holds("Presence.Read.All") || !c.delegated() && c.holds("Presence.ReadWrite.All") {
		return nil
	}
	return denied(presenceDenied)
}

func allowApplications(c *call) error {
	if c.holds("Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All") {
		return nil
	}
	return denied(directoryDenied)
}

func allowGrants(c *call) error {
	if c.holds("Directory.Read.All", "Directory.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All") {
		return nil
	}
	return denied(directoryDenied)
}

// self tells whether the path names the person that the token acts for.
func (c *call) self() bool {
	return c.delegated() && strings.EqualFold(c.id, c.token.ObjectID)
}

var _ authority = (*ssotest.Entra)(nil)
