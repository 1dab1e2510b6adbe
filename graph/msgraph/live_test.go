package msgraph_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/google/go-cmp/cmp"

	"teamsbridge/graph"
	"teamsbridge/graph/graphtest"
	"teamsbridge/graph/msgraph"
)

const specialists = "5f0c4d1e-1111-4222-8333-444455556666"

// withGroups lets the service read groups too.
func (w *world) withGroups(t *testing.T) {
	t.Helper()
	w.entra.Consent(contoso, service, append(slices.Clone(permissions), "GroupMember.Read.All"))
}

// unhurried takes the few seconds of a live search off, which are for whoever
// waits for an answer, not for a busy machine under test.
type unhurried struct{ *msgraph.Client }

func (u unhurried) SearchPeople(ctx context.Context, tenant graph.TenantID, q graph.LiveQuery) ([]graph.Person, bool, error) {
	return u.Client.SearchPeople(context.WithoutCancel(ctx), tenant, q)
}

// living are experts of contoso in mode live, over the real SDK.
func (w *world) living(t *testing.T, cfg graph.Config) *graph.Experts {
	t.Helper()
	cfg.Mode = graph.ModeLive
	experts, err := graph.NewExperts(cfg, graph.Deps{
		Directory: unhurried{w.Client}, Tenants: []graph.Tenant{{ID: contoso, Country: "DE"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return experts
}

func TestLiveSearchFindsWhatGraphCanFind(t *testing.T) {
	w := newWorld(t, 300)
	number := w.org.Users[0].BusinessPhones[0]
	experts := w.living(t, graph.Config{})
	for _, c := range []struct {
		name  string
		query graph.Query
		want  string // whom the first answer is; empty: nobody
	}{
		{"a given name and the beginning of a surname", graph.Query{Text: "jürgen mül"}, "Jürgen Müller"},
		{"the other way round", graph.Query{Text: "Müller Jür"}, "Jürgen Müller"},
		{"a name and a role", graph.Query{Text: "müller steuer"}, "Jürgen Müller"},
		{"a department as a filter", graph.Query{Text: "jürgen", Department: "finanzen"}, "Jürgen Müller"},
		{"a role as a filter", graph.Query{Text: "müller", Role: "steuerberater"}, "Jürgen Müller"},
		{"a department that nobody is in", graph.Query{Text: "jürgen", Department: "O'Brien's"}, ""},
		{"a telephone number as the directory spells it", graph.Query{Text: number}, "Jürgen Müller"},
		{"words that nobody has", graph.Query{Text: "nobody at all"}, ""},
		{"signs alone", graph.Query{Text: `"*)`}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := experts.Search(t.Context(), contoso, c.query)
			if err != nil {
				t.Fatal(err)
			}
			name := ""
			if len(got.Experts) > 0 {
				name = got.Experts[0].Name
			}
			if name != c.want {
				t.Errorf("found %q of %d, want %q", name, got.Total, c.want)
			}
			if got.ReadAt.IsZero() {
				t.Error("does not say when it was read")
			}
		})
	}
	t.Run("everybody, page by page, none twice", func(t *testing.T) {
		seen := map[graph.UserID]bool{}
		q := graph.Query{Limit: 40}
		for {
			got, err := experts.Search(t.Context(), contoso, q)
			if err != nil {
				t.Fatal(err)
			}
			if got.Total != -1 || !slices.Contains(got.CannotFind, graph.BlindMoreThanAsked) {
				t.Fatalf("total %d, cannot find %v: 300 people are more than asked for", got.Total, got.CannotFind)
			}
			for _, e := range got.Experts {
				if seen[e.ID] {
					t.Errorf("%s twice", e.ID)
				}
				seen[e.ID] = true
			}
			if q.Cursor = got.Next; q.Cursor == "" {
				break
			}
		}
		if len(seen) < 100 {
			t.Errorf("%d people", len(seen))
		}
	})
}

func TestSearchTextNeverBecomesAnOperatorOfGraph(t *testing.T) {
	w := newWorld(t, 50)
	experts := w.living(t, graph.Config{})
	for _, text := range []string{
		`" OR "displayName:a`, `a" OR "mail:`, `a") OR ("displayName:b`, `\" OR 1 eq 1`, `\`, `"`, `'`, `''`, `a' or startsWith(displayName,'b`,
		`) or true`, `NOT a`, `a AND b`, `OR`, `AND`, `displayName:a`, `$filter=true`, `&$filter=accountEnabled eq false`, `a&$top=999`,
		`a#b`, `a%22b`, `%00`, "a\x00b", "a\nb\r\nc", "\xff\xfe", "\u2028", "a\u200bb", "\u202eabc", "🙂", "a*", "a?b", "a+b", "<a>", `{"a":1}`, "../../users",
		strings.Repeat("a", 10_000), strings.Repeat("a ", 5_000), strings.Repeat(`"`, 10_000), strings.Repeat("é", 300), "O'Brien", "Jean-Luc", "ＡＢ", "İi",
	} {
		for _, q := range []graph.Query{{Text: text}, {Text: "a", Department: text}, {Text: "a", Role: text}} {
			got, err := experts.Search(t.Context(), contoso, q)
			if err != nil && !errors.Is(err, graph.ErrPhoneIncomplete) {
				t.Errorf("%.40q: %v", text, err)
			}
			for _, e := range got.Experts {
				if u, ok := w.graph.User(contoso, string(e.ID)); !ok || !u.AccountEnabled || u.UserType != "Member" {
					t.Errorf("%.40q found %+v, who is no expert", text, u)
				}
			}
		}
	}
	for _, r := range w.requests() {
		if r.path != "/v1.0/users" {
			t.Errorf("asked %s", r.path)
		}
	}
}

func TestALiveSearchIsOneRequestForHalfAMinute(t *testing.T) {
	w := newWorld(t, 50)
	experts := w.living(t, graph.Config{})
	for range 3 {
		if _, err := experts.Search(t.Context(), contoso, graph.Query{Text: "müller"}); err != nil {
			t.Fatal(err)
		}
	}
	got := w.requests()
	if len(got) != 1 || got[0].header.Get("ConsistencyLevel") != "eventual" {
		t.Errorf("%d requests", len(got))
	}
}

func TestPeopleAreCounted(t *testing.T) {
	w := newWorld(t, 1234)
	if n, err := w.CountPeople(t.Context(), contoso); n != 1234 || err != nil {
		t.Errorf("CountPeople = %d, %v", n, err)
	}
}

func TestMembersOfAGroupAndOfGroupsInsideIt(t *testing.T) {
	w := newWorld(t, 1200)
	const inner = "5f0c4d1e-9999-4222-8333-444455556666"
	var many []string
	for _, u := range w.org.Users[2:1100] {
		many = append(many, u.ID)
	}
	w.graph.PutGroup(contoso, graphtest.Group{ID: specialists, DisplayName: "Specialists", Members: []string{w.org.Users[0].ID, inner}})
	w.graph.PutGroup(contoso, graphtest.Group{ID: inner, DisplayName: "Inner", Members: many})

	if _, err := w.GroupMembers(t.Context(), contoso, specialists); err == nil {
		t.Error("read without the permission for it")
	} else if _, denied := errors.AsType[*graph.DeniedError](err); !denied {
		t.Errorf("without permission: %v", err)
	}
	w = newWorld(t, 1200)
	w.withGroups(t)
	w.graph.PutGroup(contoso, graphtest.Group{ID: specialists, DisplayName: "Specialists", Members: []string{w.org.Users[0].ID, inner}})
	w.graph.PutGroup(contoso, graphtest.Group{ID: inner, DisplayName: "Inner", Members: many})
	got, err := w.GroupMembers(t.Context(), contoso, specialists)
	if err != nil || len(got) != 1099 || !slices.Contains(got, w.id(0)) || slices.Contains(got, w.id(1)) {
		t.Errorf("%d members, %v; want 1099", len(got), err)
	}
	if _, err := w.GroupMembers(t.Context(), contoso, "5f0c4d1e-0000-4222-8333-444455556666"); !errors.Is(err, graph.ErrNotFound) {
		t.Errorf("no such group: %v", err)
	}
}

func TestAttributesAreReadWhereAFilterNeedsThem(t *testing.T) {
	w := newWorld(t, 5)
	u := w.org.Users[0]
	u.CompanyName, u.ExtensionAttributes = "Contoso", map[string]string{"extensionAttribute3": "expert"}
	w.graph.PutUser(contoso, u)
	client := w.client(t, "companyName", "extensionAttribute3", "extensionAttribute15")
	want := map[string]string{"companyName": "Contoso", "extensionAttribute3": "expert"}
	if p, err := client.Person(t.Context(), contoso, w.id(0)); err != nil || !cmp.Equal(p.Attributes, want) {
		t.Errorf("Person: %v, %v", p.Attributes, err)
	}
	page, err := client.DeltaPage(t.Context(), contoso, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range page.People {
		if p.ID == w.id(0) && !cmp.Equal(p.Attributes, want) {
			t.Errorf("DeltaPage: %v", p.Attributes)
		}
	}
}

// client is another Client of the world, which reads further attributes.
func (w *world) client(t *testing.T, attributes ...string) *msgraph.Client {
	t.Helper()
	c, err := msgraph.New(msgraph.Config{BaseURL: w.url + "/v1.0"}, msgraph.Deps{
		Credential: func(tenant string) (azcore.TokenCredential, error) {
			return &credential{client: w.http, endpoint: w.url + "/" + tenant + "/oauth2/v2.0/token"}, nil
		},
		HTTPClient: w.http,
		Attributes: attributes,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}
