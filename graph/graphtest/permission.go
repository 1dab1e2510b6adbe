package graphtest

import (
	"net/http"
	"slices"
	"strings"

	"teamsbridge/sso/ssotest"
)

// access is which permissions open an endpoint, any one of a list being
// enough; "A and B" is one that takes both. What is no list for a kind of token
// is closed to it. Source: the permission tables of the API reference and
// microsoft-graph-devx-content, permissions/new.
type access struct {
	application []string // roles of an application's own token
	delegated   []string // scopes of a token that acts for a person
	own         []string // more scopes, where the path names that person
	closed      failure  // how Graph says no
	guests      bool     // open to guests of the tenant
}

// The two ways in which Graph says that a permission is missing.
var (
	directoryDenied = failure{status: http.StatusForbidden, code: "Authorization_RequestDenied", message: "Insufficient privileges to complete the operation."}
	presenceDenied  = failure{status: http.StatusForbidden, code: "Forbidden", message: ""}
)

// Permissions that show everything of every person, and of every group.
var (
	readUsers  = []string{"User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
	readGroups = []string{
		"GroupMember.Read.All", "Group.Read.All", "GroupMember.ReadWrite.All", "Group.ReadWrite.All",
		"Directory.Read.All", "Directory.ReadWrite.All",
	}
	readMemberships = slices.Concat(readGroups, []string{"User.Read.All", "User.ReadWrite.All"})
	readProfiles    = slices.Concat(readUsers, []string{"User.ReadBasic.All"})
	checkGroups     = []string{
		"User.Read.All and GroupMember.Read.All", "User.Read.All and Group.Read.All", "Directory.Read.All", "Directory.ReadWrite.All",
	}
)

// The rows of the endpoint table.
var (
	listingPeople  = access{application: readProfiles, delegated: readProfiles, closed: directoryDenied}
	trackingPeople = access{application: readUsers, delegated: readUsers, closed: directoryDenied}
	showingPeople  = access{application: readProfiles, delegated: readProfiles, own: []string{"User.Read", "User.ReadWrite"}, closed: directoryDenied}
	seeingPresence = access{
		application: []string{"Presence.Read.All", "Presence.ReadWrite.All"}, delegated: []string{"Presence.Read.All"},
		own: []string{"Presence.Read", "Presence.ReadWrite"}, closed: presenceDenied, guests: true,
	}
	seeingPresences = access{application: seeingPresence.application, delegated: seeingPresence.delegated, closed: presenceDenied, guests: true}
	readingGroups   = access{application: readGroups, delegated: readGroups, closed: directoryDenied}
	readingOwnRoles = access{application: readMemberships, delegated: readMemberships, own: []string{"User.Read", "User.ReadWrite"}, closed: directoryDenied}
	checkingGroups  = access{
		application: checkGroups,
		delegated:   slices.Concat(checkGroups, []string{"User.ReadBasic.All and GroupMember.Read.All", "User.ReadBasic.All and Group.Read.All"}),
		own:         []string{"User.Read"}, closed: directoryDenied,
	}
	seeingApps   = access{application: readApps, delegated: readApps, closed: directoryDenied}
	seeingGrants = access{application: readGrants, delegated: readGrants, closed: directoryDenied}
	anyToken     = access{guests: true} // each request of a batch is checked by itself

	readApps   = []string{"Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
	readGrants = []string{"Directory.Read.All", "Directory.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All"}
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
	d, ok := s.replica(token.Tenant)
	if !ok {
		return unauthenticated("Authorization_IdentityNotFound", "The identity of the calling application could not be established.")
	}
	c.token, c.directory = token, d
	if c.delegated() {
		s.mu.RLock()
		defer s.mu.RUnlock()
		if r, known := d.find(token.ObjectID); known && r.user.UserType == "Guest" {
			c.guest = true
		}
	}
	return nil
}

// authorize checks the token's permissions for an endpoint and notes what of
// people and groups they show.
func (c *call) authorize(a access) error {
	permitted := a.application
	if c.delegated() {
		permitted = a.delegated
		if c.self() {
			permitted = slices.Concat(permitted, a.own)
		}
	}
	switch {
	case a.closed.status == 0:
		return nil
	case c.guest && !a.guests && !(c.self() && c.holdsAny(a.own)):
		// Guests see themselves; they cannot list the directory.
		return denied(a.closed)
	case !c.holdsAny(permitted):
		return denied(a.closed)
	}
	switch {
	case c.holdsAny(readUsers), c.self() && c.holdsAny(showingPeople.own):
		c.sight.users = allProperties
	case c.holdsAny([]string{"User.ReadBasic.All"}):
		c.sight.users = basicProfile
	default:
		c.sight.users = userKind.identity()
	}
	c.sight.groups = groupKind.identity()
	if c.holdsAny(readGroups) {
		c.sight.groups = allProperties
	}
	return nil
}

// delegated tells whether the token acts for a person.
func (c *call) delegated() bool { return c.token.ObjectID != "" }

// self tells whether the path names the person that the token acts for.
func (c *call) self() bool {
	return c.delegated() && strings.EqualFold(c.id, c.token.ObjectID)
}

// holdsAny tells whether the token has one of the permissions: as application
// roles or, where it acts for a person, as scopes.
func (c *call) holdsAny(permissions []string) bool {
	held := c.token.Roles
	if c.delegated() {
		held = c.token.Scopes
	}
	return slices.ContainsFunc(permissions, func(p string) bool {
		for one := range strings.SplitSeq(p, " and ") {
			if !slices.Contains(held, one) {
				return false
			}
		}
		return true
	})
}

// denied makes an error of its own of a refusal that is always the same.
func denied(f failure) *failure { return &f }

var _ authority = (*ssotest.Entra)(nil)
