package msgraph_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/graph"
	"teamsbridge/graph/graphtest"
	"teamsbridge/graph/msgraph"
	"teamsbridge/sso/onbehalf"
	"teamsbridge/sso/ssotest"
)

// newInspector asks for one permission only, on behalf of whoever asks.
func newInspector(t *testing.T, scope string) (*delegate, *msgraph.Client) {
	t.Helper()
	d := newDelegate(t, permissions...)
	client, err := msgraph.New(msgraph.Config{BaseURL: d.url + "/v1.0", Scope: ssotest.GraphURI + "/" + scope}, msgraph.Deps{Credential: d.people.ForCaller, HTTPClient: d.http})
	if err != nil {
		t.Fatal(err)
	}
	return d, client
}

const (
	agentsGroup = "ffffffff-0000-4000-8000-0000000000f1"
	otherGroup  = "ffffffff-0000-4000-8000-0000000000f2"
)

// assignGroup makes a group of these members and assigns it.
func (d *delegate) assignGroup(id string, members ...graph.UserID) {
	group := graphtest.Group{ID: id, DisplayName: "Agents"}
	for _, m := range members {
		group.Members = append(group.Members, string(m))
	}
	d.graph.PutGroup(contoso, group)
	d.entra.AssignGroup(contoso, desk, id, group.DisplayName)
}

// sorted are the ids of people.
func (d *delegate) sorted(people ...int) []graph.UserID {
	var all []graph.UserID
	for _, n := range people {
		all = append(all, d.id(n))
	}
	slices.Sort(all)
	return all
}

// What a token shows of an application that requires assignment, beside whom it
// reaches: with the permission that the product asks for, and with the one that
// shows consents and groups too.
var (
	required         = msgraph.Application{Enabled: true, AssignmentRequired: true}
	requiredAndShown = msgraph.Application{
		Enabled: true, AssignmentRequired: true, DelegatedSeen: true,
		Delegated: []string{"Application.Read.All", "Directory.Read.All", "Presence.Read.All", "User.Read.All"},
	}
)

func TestAnAdminsOwnTokenShowsHowTheApplicationIsSetUp(t *testing.T) {
	yes, no := true, false
	for _, c := range []struct {
		name, scope string
		play        func(*delegate)
		want        msgraph.Application
		assigned    func(*delegate) msgraph.Assigned // of want, where anybody is
	}{
		{"as consented to", "Application.Read.All", func(*delegate) {}, msgraph.Application{Enabled: true}, nil},
		{"with every consent shown", "Directory.Read.All", func(*delegate) {}, msgraph.Application{
			Enabled: true, Delegated: []string{"Application.Read.All", "Directory.Read.All", "Presence.Read.All", "User.Read.All"}, DelegatedSeen: true,
		}, nil},
		{"with more than it needs", "Application.Read.All", func(d *delegate) {
			d.entra.Consent(contoso, desk, []string{"Mail.Read", "Nobody.Knows.This"})
			d.entra.Grant(contoso, desk, ssotest.GraphAppID, string(d.id(0)), "Application.Read.All")
		}, msgraph.Application{Enabled: true, Application: []string{"Mail.Read", "(an id)"}}, nil},
		{"assignment required, and the caller assigned", "Application.Read.All", func(d *delegate) {
			d.entra.SetApp(contoso, desk, nil, &yes)
			d.entra.Assign(contoso, desk, string(d.id(0)))
			d.entra.Assign(contoso, desk, string(d.id(1)))
		}, required, func(d *delegate) msgraph.Assigned {
			return msgraph.Assigned{People: d.sorted(0, 1), Caller: msgraph.AssignedDirectly, MembersSeen: true}
		}},
		{"by a group", "Directory.Read.All", func(d *delegate) {
			d.entra.SetApp(contoso, desk, nil, &yes)
			d.assignGroup(agentsGroup, d.id(0), d.id(1))
			d.assignGroup(otherGroup, d.id(1), d.id(2))
		}, requiredAndShown, func(d *delegate) msgraph.Assigned {
			return msgraph.Assigned{Groups: 2, Caller: msgraph.AssignedByGroup, Members: d.sorted(0, 1, 2), MembersSeen: true}
		}},
		{"in a group inside an assigned one", "Directory.Read.All", func(d *delegate) {
			d.entra.SetApp(contoso, desk, nil, &yes)
			d.entra.AskForMembers(func(string, string, string) bool { return true }) // or Entra would refuse the token
			d.graph.PutGroup(contoso, graphtest.Group{ID: otherGroup, DisplayName: "Inner", Members: []string{string(d.id(0))}})
			d.assignGroup(agentsGroup, d.id(1), otherGroup) // ids of people are below the group's
		}, requiredAndShown, func(d *delegate) msgraph.Assigned {
			return msgraph.Assigned{Groups: 1, Caller: msgraph.AssignedNestedOnly, Members: append(d.sorted(1), otherGroup), MembersSeen: true}
		}},
		{"by a group whose members are not shown", "Application.Read.All", func(d *delegate) {
			d.entra.SetApp(contoso, desk, nil, &yes)
			d.assignGroup(agentsGroup, d.id(0))
		}, required, func(*delegate) msgraph.Assigned {
			return msgraph.Assigned{Groups: 1, Caller: msgraph.AssignedUnseen}
		}},
		{"assignment not required, nobody assigned", "Application.Read.All", func(d *delegate) { d.entra.SetApp(contoso, desk, nil, &no) }, msgraph.Application{Enabled: true}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, client := newInspector(t, c.scope)
			d.entra.Grant(contoso, desk, ssotest.GraphAppID, string(d.id(0)), "Application.Read.All", "Directory.Read.All")
			admin := d.agent(t)
			c.play(d)
			got, err := client.Application(graph.OnBehalf(t.Context(), admin), contoso, desk)
			if err != nil {
				t.Fatal(err)
			}
			principal, _ := d.entra.ServicePrincipal(contoso, desk)
			c.want.ObjectID = principal.ObjectID
			if c.assigned != nil {
				c.want.Assigned = c.assigned(d)
			}
			for i, name := range got.Application {
				if len(name) == len(desk) && strings.Count(name, "-") == 4 {
					got.Application[i] = "(an id)"
				}
			}
			slices.Sort(got.Application)
			slices.Sort(c.want.Application)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatTheAdminsTokenDoesNotAllowIsNotLookedAt(t *testing.T) {
	for _, c := range []struct {
		name   string
		tenant graph.TenantID
		client string
		play   func(*delegate)
		caller func(*delegate, graph.Caller) context.Context
		is     func(error) bool
	}{
		{"nobody consented to the permission", contoso, desk, nil, nil, reasoned(onbehalf.ReasonConsent)},
		{"another organisation", fabrikam, desk, consented, nil, reasoned(onbehalf.ReasonEnded)},
		{"a token of nobody's", contoso, desk, consented, func(_ *delegate, c graph.Caller) context.Context {
			c.Assertion = "eyJhbGciOiJub25lIn0.e30."
			return graph.OnBehalf(context.Background(), c)
		}, func(err error) bool { return err != nil && !strings.Contains(err.Error(), "eyJ") }},
		{"nobody asks, though somebody is present", contoso, desk, consented, func(d *delegate, c graph.Caller) context.Context {
			d.people.Present(c)
			return context.Background()
		}, reasoned(onbehalf.ReasonNobody)},
		{"an id that is a path", contoso, "x')/../users?('", consented, nil, func(err error) bool { return errors.Is(err, graph.ErrNotFound) }},
		{"not an application of theirs", contoso, contoso, consented, nil, func(err error) bool { return errors.Is(err, graph.ErrNotFound) }},
		{"Entra is away", contoso, desk, func(d *delegate) {
			d.entra.InjectFault(ssotest.Fault{Route: "/" + contoso + "/oauth2/v2.0/token", Status: http.StatusServiceUnavailable, Count: 50})
		}, nil, func(err error) bool { return errors.Is(err, graph.ErrUnavailable) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, client := newInspector(t, "Application.Read.All")
			admin := d.agent(t)
			d.requests()
			if c.play != nil {
				c.play(d)
			}
			ctx := graph.OnBehalf(t.Context(), admin)
			if c.caller != nil {
				ctx = c.caller(d, admin)
			}
			got, err := client.Application(ctx, c.tenant, c.client)
			if !c.is(err) {
				t.Errorf("error %v", err)
			}
			if got.ObjectID != "" {
				t.Errorf("seen %+v", got)
			}
		})
	}
}

func consented(d *delegate) {
	d.entra.Grant(contoso, desk, ssotest.GraphAppID, "", "Application.Read.All")
}

func reasoned(reason string) func(error) bool {
	return func(err error) bool {
		e, ok := errors.AsType[*onbehalf.Error](err)
		return ok && e.Reason == reason && errors.Is(err, graph.ErrSignInRequired)
	}
}
