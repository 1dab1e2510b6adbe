package graphtest

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"teamsbridge/sso/ssotest"
)

// showServicePrincipal is GET /servicePrincipals(appId='…').
func (s *Server) showServicePrincipal(c *call) (any, error) {
	o, err := parseOptions(c.r, "select", "format")
	if err != nil {
		return nil, err
	}
	app, ok := s.authority.ServicePrincipal(c.directory.tenant, c.id)
	if !ok {
		return nil, &failure{
			status: http.StatusNotFound, code: "Request_ResourceNotFound",
			message: "Resource '" + c.id + "' does not exist or one of its queried reference-property objects are not present.",
		}
	}
	all := map[string]any{
		"id": app.ObjectID, "appId": app.AppID, "displayName": app.Name, "accountEnabled": app.Enabled,
		"appRoleAssignmentRequired": app.AssignmentRequired, "isDisabled": nil,
		"servicePrincipalType": "Application", "appRoles": rolesOffered(s.authority.AppRoles(app.AppID)),
	}
	body := map[string]any{"@odata.context": c.context("servicePrincipals", o["select"]) + "/$entity", "id": app.ObjectID}
	if o["select"] == "" {
		for name, value := range all {
			body[name] = value
		}
		return body, nil
	}
	for name := range strings.SplitSeq(o["select"], ",") {
		value, known := all[name]
		if !known {
			return nil, badRequest("Parsing OData Select and Expand failed: Could not find a property named '%s' on type 'microsoft.graph.servicePrincipal'.", name)
		}
		body[name] = value
	}
	return body, nil
}

var clientClause = regexp.MustCompile(`^\s*clientId eq '([0-9A-Fa-f-]{36})'\s*$`)

// listGrants is GET /oauth2PermissionGrants?$filter=clientId eq '…'.
func (s *Server) listGrants(c *call) (any, error) {
	o, err := parseOptions(c.r, "filter", "select", "top", "format")
	if err != nil {
		return nil, err
	}
	m := clientClause.FindStringSubmatch(o["filter"])
	if m == nil {
		return nil, unsupportedQuery("Unsupported query: this simulator answers clientId eq '…' only.")
	}
	answer := collection{Context: c.context("oauth2PermissionGrants", ""), Value: []map[string]any{}}
	for _, g := range s.authority.Grants(c.directory.tenant, strings.ToLower(m[1])) {
		var principal any
		if g.PrincipalID != "" {
			principal = g.PrincipalID
		}
		answer.Value = append(answer.Value, map[string]any{
			"id": g.ID, "clientId": g.ClientObjectID, "consentType": g.ConsentType,
			"principalId": principal, "resourceId": g.ResourceObjectID, "scope": g.Scope,
		})
	}
	return answer, nil
}

func rolesOffered(roles []ssotest.AppRole) []map[string]any {
	all := []map[string]any{}
	for _, role := range roles {
		all = append(all, map[string]any{
			"id": role.ID, "value": role.Value, "displayName": role.Value, "isEnabled": true, "allowedMemberTypes": []string{"Application"},
		})
	}
	return all
}

// listRolesHeld is GET /servicePrincipals/{id}/appRoleAssignments: what the
// application may do elsewhere.
func (s *Server) listRolesHeld(c *call) (any, error) {
	return s.listAssignments(c, s.authority.AppRoleAssignments(c.directory.tenant, c.id))
}

// listAssigned is GET /servicePrincipals/{id}/appRoleAssignedTo: who is assigned
// to the application.
func (s *Server) listAssigned(c *call) (any, error) {
	return s.listAssignments(c, s.authority.AppRoleAssignedTo(c.directory.tenant, c.id))
}

// listAssignments gives one page, as many as $top says, 100 without it; there is no
// second one.
func (s *Server) listAssignments(c *call, all []ssotest.AppRoleAssignment) (any, error) {
	o, err := parseOptions(c.r, "top", "format")
	if err != nil {
		return nil, err
	}
	top := defaultAssignments
	if text, given := o["top"]; given {
		if top, err = strconv.Atoi(text); err != nil || top < 1 || top > maxAssignments {
			return nil, badRequest("Invalid page size specified: '%s'. Must be between 1 and %d inclusive.", text, maxAssignments)
		}
	}
	answer := collection{Context: c.context("appRoleAssignments", ""), Value: []map[string]any{}}
	for _, a := range all[:min(top, len(all))] {
		answer.Value = append(answer.Value, map[string]any{
			"id": a.ID, "appRoleId": a.AppRoleID, "principalId": a.PrincipalID, "principalDisplayName": a.PrincipalName,
			"principalType": a.PrincipalType, "resourceId": a.ResourceID, "resourceDisplayName": a.ResourceName,
		})
	}
	return answer, nil
}

// Sizes of a page of assignments.
const (
	defaultAssignments = 100
	maxAssignments     = 999
)
