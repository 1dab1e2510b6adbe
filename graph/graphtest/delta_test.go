package graphtest

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// round follows a delta from an address to its deltaLink.
func (r *rig) round(link string, headers ...string) (people []map[string]any, delta string, pages int) {
	r.t.Helper()
	for {
		a := r.do(http.MethodGet, link, all, nil, headers...)
		if a.status != http.StatusOK {
			r.t.Fatalf("delta: %d %s %s", a.status, a.body.Error.Code, a.body.Error.Message)
		}
		people = append(people, a.body.Value...)
		pages++
		if a.body.Delta != "" {
			return people, a.body.Delta, pages
		}
		link = a.body.Next
	}
}

const deltaAddress = "http://graph.test/v1.0/users/delta"

func TestTheFirstRoundHoldsEverybody(t *testing.T) {
	for _, address := range []string{deltaAddress, deltaAddress + "()"} {
		r := newRig(t, 450)
		people, _, pages := r.round(address + "?$select=displayName,businessPhones")
		if len(people) != 450 || pages != 3 {
			t.Errorf("%s: %d people on %d pages, want 450 on 3", address, len(people), pages)
		}
		if people, _, pages := r.round(address, "Prefer: odata.maxpagesize=450"); len(people) != 450 || pages != 1 {
			t.Errorf("with a page size: %d people on %d pages", len(people), pages)
		}
	}
}

func TestLaterRoundsTellOfChangesOnly(t *testing.T) {
	r := newRig(t, 20)
	_, link, _ := r.round(deltaAddress + "?$select=displayName,jobTitle,businessPhones,department")

	if people, _, _ := r.round(link); len(people) != 0 {
		t.Fatalf("%d changes where there were none", len(people))
	}
	u := r.org.Users[0]
	r.PutUser(contoso, u) // the same again
	u.MobilePhone = "+49 171 1"
	r.PutUser(contoso, u) // what $select does not track
	if people, _, _ := r.round(link); len(people) != 0 {
		t.Fatalf("told of %v", people)
	}

	u.JobTitle, u.Department = "Wirtschaftsprüfer", ""
	r.PutUser(contoso, u)
	r.DeleteUser(contoso, r.org.Users[1].ID)
	r.PurgeUser(contoso, r.org.Users[2].ID)
	r.PutUser(contoso, User{ID: "01234567-89AB-4DEF-8123-456789ABCDEF", DisplayName: "Neu", AccountEnabled: true, UserType: "Member"})
	r.PutUser(fabrikam, User{ID: "11111111-89ab-4def-8123-456789abcdef", DisplayName: "Anderswo"})
	people, next, _ := r.round(link)
	want := []map[string]any{
		{"id": u.ID, "displayName": "Jürgen Müller", "jobTitle": "Wirtschaftsprüfer", "department": nil, "businessPhones": []any{u.BusinessPhones[0]}},
		{"id": r.org.Users[1].ID, "@removed": map[string]any{"reason": "changed"}},
		{"id": r.org.Users[2].ID, "@removed": map[string]any{"reason": "deleted"}},
		{"id": "01234567-89ab-4def-8123-456789abcdef", "displayName": "Neu"}, // what was never set is absent
	}
	if diff := cmp.Diff(want, people); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if people, _, _ := r.round(link); len(people) != 4 {
		t.Errorf("the same link again tells of %d", len(people))
	}
	if people, _, _ := r.round(next); len(people) != 0 {
		t.Errorf("the next link tells of %d", len(people))
	}

	r.PutUser(contoso, r.org.Users[1]) // restored
	people, _, _ = r.round(next)
	if len(people) != 1 || people[0]["displayName"] != r.org.Users[1].DisplayName {
		t.Errorf("a restored person: %v", people)
	}
}

func TestMinimalAnswersHoldOnlyWhatChanged(t *testing.T) {
	r := newRig(t, 20)
	const minimal = "Prefer: return=minimal"
	_, link, _ := r.round(deltaAddress+"?$select=displayName,jobTitle,department", minimal)
	u := r.org.Users[0]
	u.JobTitle = "Wirtschaftsprüfer"
	r.PutUser(contoso, u)
	people, _, _ := r.round(link, minimal)
	want := []map[string]any{{"id": u.ID, "jobTitle": "Wirtschaftsprüfer"}}
	if diff := cmp.Diff(want, people); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func TestAChangeDuringARoundIsNeverLost(t *testing.T) {
	r := newRig(t, 60, func(o *Options) { o.PageSize = 25 })
	first := r.do(http.MethodGet, deltaAddress+"?$select=jobTitle", all, nil)
	for _, n := range []int{3, 55} { // on the page that was read, and on one to come
		u := r.org.Users[n]
		u.JobTitle = "Neu"
		r.PutUser(contoso, u)
	}
	titles := map[string]any{}
	_, link, _ := r.round(first.body.Next)
	people, _, _ := r.round(link)
	for _, p := range people {
		titles[p["id"].(string)] = p["jobTitle"]
	}
	want := map[string]any{r.org.Users[3].ID: "Neu", r.org.Users[55].ID: "Neu"}
	if !maps.Equal(want, titles) {
		t.Errorf("told of %v, want %v", titles, want)
	}
}

func TestLatestTellsOfNothingThatIsThere(t *testing.T) {
	r := newRig(t, 20)
	people, link, _ := r.round(deltaAddress + "?$deltatoken=latest&$select=displayName")
	if len(people) != 0 {
		t.Errorf("%d people", len(people))
	}
	r.DeleteUser(contoso, r.org.Users[0].ID)
	if people, _, _ = r.round(link); len(people) != 1 {
		t.Errorf("%d changes, want one", len(people))
	}
}

func TestAFilterByIDTracksThosePeopleOnly(t *testing.T) {
	r := newRig(t, 20)
	people, link, _ := r.round(deltaAddress + encode("$filter=id eq '"+r.org.Users[4].ID+"' or id eq '"+r.org.Users[5].ID+"'"))
	if len(people) != 2 {
		t.Errorf("%d people, want two", len(people))
	}
	for _, n := range []int{3, 4} {
		r.DeleteUser(contoso, r.org.Users[n].ID)
	}
	if people, _, _ = r.round(link); len(people) != 1 || people[0]["id"] != r.org.Users[4].ID {
		t.Errorf("changes %v", people)
	}
}

func TestVoidTokensAskForAFullRead(t *testing.T) {
	for name, tt := range map[string]struct {
		code string
		void func(*rig)
	}{
		"after a reset": {"resyncRequired", func(r *rig) { r.ResetDelta() }},
		"after a week":  {"syncStateNotFound", func(r *rig) { r.now = r.now.Add(7*24*time.Hour + time.Second) }},
		"of another life of the server": {"resyncRequired", func(r *rig) {
			r.now = r.now.Add(time.Second)
			r.Server = newServer(Options{Seed: 1, Clock: r.clock}, r.authority, r.org)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, 20)
			_, link, _ := r.round(deltaAddress + "?$select=displayName")
			tt.void(r)
			a := r.do(http.MethodGet, link, all, nil)
			if a.status != http.StatusGone || a.body.Error.Code != tt.code {
				t.Fatalf("%d %s, want 410 %s", a.status, a.body.Error.Code, tt.code)
			}
			location := a.header.Get("Location")
			if !strings.Contains(location, "$deltatoken=") {
				t.Fatalf("Location %q", location)
			}
			people, _, _ := r.round(location)
			if len(people) != 20 || !slices.Equal(slices.Sorted(maps.Keys(people[0])), []string{"displayName", "id"}) {
				t.Errorf("the way back gives %d people like %v", len(people), people[0])
			}
		})
	}
	t.Run("a link of another tenant", func(t *testing.T) {
		r := newRig(t, 20)
		_, link, _ := r.round(deltaAddress)
		if a := r.do(http.MethodGet, link, "fabrikam", nil); a.body.Error.Code != "Request_BadRequest" {
			t.Errorf("%d %s", a.status, a.body.Error.Code)
		}
	})
}
