package ssotest

import (
	"maps"
	"slices"
	"strings"
)

// openIDScopes belong to no resource.
var openIDScopes = []string{"openid", "profile", "email", "offline_access"}

// scopeRequest is a scope parameter, read.
type scopeRequest struct {
	asked    []string // every word, as it came
	openID   []string // those of openIDScopes
	resource App      // Graph when only openID scopes were asked for
	uri      string   // how the resource was named
	names    []string // permissions at the resource, without its name
	all      bool     // /.default: everything that was consented to
}

func (s scopeRequest) wants(openID string) bool { return slices.Contains(s.openID, openID) }

// parseScopes reads a scope parameter. All permissions must be one resource's.
func (e *Entra) parseScopes(scope string) (scopeRequest, error) {
	s := scopeRequest{asked: strings.Fields(scope)}
	if len(s.asked) == 0 {
		return scopeRequest{}, refuse(900144, "scope")
	}
	for _, word := range s.asked {
		if slices.Contains(openIDScopes, word) {
			s.openID = append(s.openID, word)
			continue
		}
		uri, name := e.options.GraphURI, word // a bare name is one of Graph's
		if slash := strings.LastIndex(word, "/"); slash >= 0 {
			uri, name = word[:slash], word[slash+1:]
		}
		resource, ok := e.resourceByURI(strings.TrimSuffix(uri, "/")) // "…//.default" is legal
		if !ok {
			return scopeRequest{}, refuse(500011, uri, "any")
		}
		if s.resource.ClientID != "" && s.resource.ClientID != resource.ClientID {
			return scopeRequest{}, refuse(28000, scope)
		}
		s.resource, s.uri = resource, uri
		switch name {
		case "":
			return scopeRequest{}, refuse(70011, word)
		case ".default":
			s.all = true
		default:
			s.names = append(s.names, name)
		}
	}
	if s.all && len(s.names) > 0 {
		return scopeRequest{}, refuse(70011, scope)
	}
	if s.resource.ClientID == "" {
		s.resource, _ = e.app(GraphAppID)
		s.uri = e.options.GraphURI
	}
	return s, nil
}

// admit decides whether the client may get a token for the person at the
// resource, and with which permissions (the token's scp).
func (e *Entra) admit(client App, person Account, s scopeRequest) ([]string, error) {
	e.mu.Lock() // Microsoft's own apps are installed when first looked at
	defer e.mu.Unlock()
	installed, ok := e.state.installed(person.Tenant, client.ClientID)
	if !ok {
		return nil, refuse(65001, client.ClientID)
	}
	if !installed.principal.Enabled {
		return nil, refuse(7000112, client.ClientID)
	}
	resource, ok := e.state.installed(person.Tenant, s.resource.ClientID)
	if !ok {
		return nil, refuse(500011, s.uri, person.Tenant)
	}
	if !resource.principal.Enabled {
		return nil, refuse(500014, s.resource.ClientID)
	}
	for _, i := range []*installation{installed, resource} {
		if !e.mayUse(i, person) {
			return nil, refuse(50105, i.principal.AppID)
		}
	}
	return permit(client, s, installed.granted(person.ObjectID, s.resource.ClientID))
}

// permit compares what is asked for with what was consented to.
func permit(client App, s scopeRequest, granted map[string]bool) ([]string, error) {
	own := s.resource.ClientID == client.ClientID || slices.Contains(s.resource.PreAuthorized, client.ClientID)
	if own {
		for _, name := range s.resource.Scopes {
			granted[name] = true
		}
	}
	if s.all {
		if len(granted) == 0 {
			return nil, refuse(65001, client.ClientID)
		}
		return slices.Sorted(maps.Keys(granted)), nil
	}
	for _, name := range s.names {
		if s.resource.ClientID != GraphAppID && !slices.Contains(s.resource.Scopes, name) {
			return nil, refuse(650053, name, s.resource.ClientID)
		}
		if !granted[name] {
			return nil, refuse(65001, client.ClientID)
		}
	}
	permissions := slices.Clone(s.names)
	if s.resource.ClientID == GraphAppID { // at Graph these are permissions too
		for _, name := range s.openID {
			if name != "offline_access" {
				permissions = append(permissions, name)
			}
		}
	}
	return permissions, nil
}

// admitApp decides whether the app may get a token for itself at the resource:
// its object id in the tenant and the application permissions it was granted.
func (e *Entra) admitApp(client App, tenant string, s scopeRequest) (objectID string, roles []string, err error) {
	e.mu.Lock() // as in admit
	defer e.mu.Unlock()
	installed, ok := e.state.installed(tenant, client.ClientID)
	if !ok {
		return "", nil, refuse(7000229, client.ClientID, tenant)
	}
	if !installed.principal.Enabled {
		return "", nil, refuse(7000112, client.ClientID)
	}
	resource, ok := e.state.installed(tenant, s.resource.ClientID)
	if !ok {
		return "", nil, refuse(500011, s.uri, tenant)
	}
	if !resource.principal.Enabled {
		return "", nil, refuse(500014, s.resource.ClientID)
	}
	roles = installed.roles[s.resource.ClientID]
	if s.resource.ClientID == GraphAppID {
		roles = slices.Sorted(maps.Keys(installed.application))
	}
	return installed.principal.ObjectID, slices.Clone(roles), nil
}
