package msgraph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	abstractions "github.com/microsoft/kiota-abstractions-go"

	"teamsbridge/graph"
)

// InspectPermission is what [Client.Application] needs: delegated, of somebody
// who may see the organisation's applications.
const InspectPermission = "Application.Read.All"

// Application is an application as an organisation has it (Microsoft Learn,
// "servicePrincipal resource type").
type Application struct {
	ObjectID           string // in that organisation
	Enabled            bool
	AssignmentRequired bool
	Assigned           Assigned
	Application        []string // application permissions granted at Microsoft Graph, sorted
	// Delegated are those granted at Microsoft Graph for everybody or for the
	// caller, sorted. DelegatedSeen is false where the caller's permission does not
	// show them: that takes Directory.Read.All.
	Delegated     []string
	DelegatedSeen bool
}

// graphApp is Microsoft Graph's application id, in every cloud.
const graphApp = "00000003-0000-0000-c000-000000000000"

// Application reads how the organisation has the application, on behalf of the
// context's caller, in at most five small requests and those of [Assigned], none of them repeated.
// graph.ErrNotFound where the organisation does not have it.
func (c *Client) Application(ctx context.Context, tenant graph.TenantID, clientID string) (Application, error) {
	var found Application
	if _, err := uuid.Parse(clientID); err != nil {
		return found, fmt.Errorf("inspect: %w", graph.ErrNotFound) // no id that Entra ever gave out
	}
	ask := func(do func(context.Context, inspector) error) error {
		return c.call(ctx, tenant, inspect, func(ctx context.Context, adapter abstractions.RequestAdapter) error {
			return do(ctx, inspector{c, adapter})
		})
	}
	var resource string
	var holders assignments
	err := ask(func(ctx context.Context, i inspector) (err error) {
		if found, err = i.principal(ctx, clientID); err != nil {
			return err
		}
		if found.AssignmentRequired {
			if holders, err = i.holders(ctx, found.ObjectID); err != nil {
				return err
			}
		}
		resource, found.Application, err = i.held(ctx, found.ObjectID)
		return err
	})
	if err != nil {
		return Application{}, err
	}
	if found.AssignmentRequired {
		if found.Assigned, err = assigned(ctx, holders, ask); err != nil {
			return found, err
		}
	}
	err = ask(func(ctx context.Context, i inspector) (err error) {
		found.Delegated, err = i.delegated(ctx, found.ObjectID, resource)
		return err
	})
	found.DelegatedSeen, err = shown(err)
	return found, err
}

// shown tells what the caller's permissions do not show from what went wrong.
func shown(err error) (bool, error) {
	if _, denied := errors.AsType[*graph.DeniedError](err); denied {
		return false, nil
	}
	return err == nil, err
}

// inspector asks through the SDK's adapter, like [Client.presences], and decodes
// the few members that matter itself: the SDK's packages for applications would
// add minutes to every build.
type inspector struct {
	client  *Client
	adapter abstractions.RequestAdapter
}

// get reads the path, which holds ids only, with the query's parameters.
func (i inspector) get(ctx context.Context, path string, query map[string]string, into any) error {
	parameters := i.client.parameters()
	request := abstractions.NewRequestInformationWithMethodAndUrlTemplateAndPathParameters(
		abstractions.GET, "{+baseurl}/"+path+"{?%24select,%24filter,%24top}", parameters)
	for name, text := range query {
		request.QueryParameters["%24"+name] = text
	}
	text, err := plainAnswer(ctx, i.adapter, request)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return errors.New("not an answer of Graph's")
	}
	return nil
}

func (i inspector) principal(ctx context.Context, clientID string) (Application, error) {
	var answer struct {
		ID       string `json:"id"`
		Enabled  bool   `json:"accountEnabled"`
		Required bool   `json:"appRoleAssignmentRequired"`
	}
	err := i.get(ctx, "servicePrincipals(appId='"+clientID+"')", map[string]string{"select": "id,accountEnabled,appRoleAssignmentRequired"}, &answer)
	if err != nil {
		return Application{}, err
	}
	// It is part of addresses from here on.
	if _, err := uuid.Parse(answer.ID); err != nil {
		return Application{}, errEmptyAnswer
	}
	return Application{ObjectID: answer.ID, Enabled: answer.Enabled, AssignmentRequired: answer.Required}, nil
}

// held names the application permissions at Microsoft Graph, whose object id in
// the organisation it finds on the way. One that Graph does not offer is named by
// its id.
func (i inspector) held(ctx context.Context, id string) (resource string, names []string, err error) {
	var offers struct {
		ID    string `json:"id"`
		Roles []struct {
			ID    string `json:"id"`
			Value string `json:"value"`
		} `json:"appRoles"`
	}
	if err := i.get(ctx, "servicePrincipals(appId='"+graphApp+"')", map[string]string{"select": "id,appRoles"}, &offers); err != nil {
		return "", nil, err
	}
	var page assignments
	if err := i.get(ctx, "servicePrincipals/"+id+"/appRoleAssignments", nil, &page); err != nil {
		return "", nil, err
	}
	known := make(map[string]string, len(offers.Roles))
	for _, role := range offers.Roles {
		known[strings.ToLower(role.ID)] = role.Value
	}
	for _, a := range page.Value {
		if !strings.EqualFold(a.Resource, offers.ID) {
			continue
		}
		name := clean(known[strings.ToLower(a.Role)])
		if name == "" {
			name = clean(a.Role)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return offers.ID, slices.Compact(names), nil
}

// delegated names what was consented to at the resource for everybody or for
// the caller.
func (i inspector) delegated(ctx context.Context, id, resource string) ([]string, error) {
	var page struct {
		Value []struct {
			Principal string `json:"principalId"`
			Resource  string `json:"resourceId"`
			Scope     string `json:"scope"`
		} `json:"value"`
	}
	if err := i.get(ctx, "oauth2PermissionGrants", map[string]string{"filter": "clientId eq " + quoted(id)}, &page); err != nil {
		return nil, err
	}
	caller, _ := graph.CallerOf(ctx)
	var names []string
	for _, g := range page.Value {
		if strings.EqualFold(g.Resource, resource) && (g.Principal == "" || strings.EqualFold(g.Principal, string(caller.ID))) {
			for name := range strings.FieldsSeq(g.Scope) {
				names = append(names, clean(name))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}
