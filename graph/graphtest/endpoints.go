package graphtest

import (
	"net/http"
	"regexp"
	"strings"
)

// endpoint is one path that this Graph serves.
type endpoint struct {
	path   *regexp.Regexp // below /v1.0; its groups are call.id and call.rest
	method string
	access access
	units  int // resource units that a request costs; communications has none
	serve  func(*Server, *call) (any, error)
}

// communications marks endpoints whose limit counts requests, not units.
const communications = 0

// relations are the ends of paths that lead from one object to others.
const (
	toMembers    = `/(members` + castOrCount
	toAllMembers = `/(transitiveMembers` + castOrCount
	toMemberOf   = `/((?:memberOf|transitiveMemberOf)` + castOrCount
	castOrCount  = `(?:/microsoft\.graph\.(?:user|group))?(?:/\$count)?)$`
)

// endpoints in the order in which they are tried: what is fixed before what
// an id stands for. Source of the units: the reference's throttling limits of
// identity and access.
var endpoints = []endpoint{
	{regexp.MustCompile(`^/users$`), http.MethodGet, listingPeople, 2, (*Server).listUsers},
	{regexp.MustCompile(`^/users/\$count$`), http.MethodGet, listingPeople, 1, (*Server).countUsers},
	{regexp.MustCompile(`^/users/delta(?:\(\))?$`), http.MethodGet, trackingPeople, 1, (*Server).deltaUsers},
	{regexp.MustCompile(`^/users/([^/]+)$`), http.MethodGet, showingPeople, 1, (*Server).showUser},
	{regexp.MustCompile(`^/users/([^/]+)/presence$`), http.MethodGet, seeingPresence, communications, (*Server).showPresence},
	{regexp.MustCompile(`^/users/([^/]+)/checkMemberGroups$`), http.MethodPost, checkingGroups, 4, (*Server).checkMemberGroups},
	{regexp.MustCompile(`^/users/([^/]+)` + toMemberOf), http.MethodGet, readingOwnRoles, 2, (*Server).listMemberOf},
	{regexp.MustCompile(`^/groups$`), http.MethodGet, readingGroups, 1, (*Server).listGroups},
	{regexp.MustCompile(`^/groups/\$count$`), http.MethodGet, readingGroups, 1, (*Server).countGroups},
	{regexp.MustCompile(`^/groups/([^/]+)$`), http.MethodGet, readingGroups, 1, (*Server).showGroup},
	{regexp.MustCompile(`^/groups/([^/]+)` + toMembers), http.MethodGet, readingGroups, 3, (*Server).listMembers},
	{regexp.MustCompile(`^/groups/([^/]+)` + toAllMembers), http.MethodGet, readingGroups, 5, (*Server).listMembers},
	{regexp.MustCompile(`^/communications/presences/([^/]+)$`), http.MethodGet, seeingPresence, communications, (*Server).showPresence},
	{regexp.MustCompile(`^/communications/getPresencesByUserId$`), http.MethodPost, seeingPresences, communications, (*Server).listPresences},
	{regexp.MustCompile(`^/servicePrincipals\(appId='([^']+)'\)$`), http.MethodGet, seeingApps, 1, (*Server).showServicePrincipal},
	{regexp.MustCompile(`^/servicePrincipals/([^/]+)/appRoleAssignments$`), http.MethodGet, seeingApps, 1, (*Server).listRolesHeld},
	{regexp.MustCompile(`^/servicePrincipals/([^/]+)/appRoleAssignedTo$`), http.MethodGet, seeingApps, 1, (*Server).listAssigned},
	{regexp.MustCompile(`^/oauth2PermissionGrants$`), http.MethodGet, seeingGrants, 2, (*Server).listGrants},
}

// batchPath is served apart from the table, which its requests go through.
const batchPath = version + "/$batch"

// version is the only one served; beta is not.
const version = "/v1.0"

// route finds the endpoint of a request and what its path names.
func (c *call) route() (endpoint, error) {
	path, ok := strings.CutPrefix(c.r.URL.Path, version)
	if !ok {
		return endpoint{}, &failure{status: http.StatusNotFound, code: "BadRequest", message: "Invalid version: the simulated Graph serves v1.0."}
	}
	if c.r.URL.Path == batchPath {
		return c.routeBatch()
	}
	path, err := c.resolveMe(path)
	if err != nil {
		return endpoint{}, err
	}
	for _, e := range endpoints {
		m := e.path.FindStringSubmatch(path)
		switch {
		case m == nil:
			continue
		case c.r.Method != e.method:
			return endpoint{}, methodNotAllowed(e.method)
		}
		if len(m) > 1 {
			c.id = m[1]
		}
		if len(m) > 2 {
			c.rest = strings.Split(m[2], "/")
		}
		return e, nil
	}
	return endpoint{}, &failure{
		status: http.StatusNotFound, code: "ResourceNotFound",
		message: "Resource not found for the segment '" + strings.TrimPrefix(path, "/") + "'.",
	}
}

// resolveMe replaces /me by the person that the token acts for.
func (c *call) resolveMe(path string) (string, error) {
	rest, me := strings.CutPrefix(path, "/me")
	switch {
	case !me || rest != "" && rest[0] != '/':
		return path, nil
	case !c.delegated():
		return "", &failure{status: http.StatusBadRequest, code: "BadRequest", message: "/me request is only valid with delegated authentication flow."}
	}
	return "/users/" + c.token.ObjectID + rest, nil
}

func methodNotAllowed(allowed string) *failure {
	return &failure{
		status: http.StatusMethodNotAllowed, code: "Request_BadRequest",
		message: "Specified HTTP method is not allowed for the request target.",
		header:  http.Header{"Allow": {allowed}},
	}
}
