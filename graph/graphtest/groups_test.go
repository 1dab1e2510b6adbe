package graphtest

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// groupID finds a group of the rig's organisation by name.
func (r *rig) groupID(name string) string {
	r.t.Helper()
	i := slices.IndexFunc(r.org.Groups, func(g Group) bool { return g.DisplayName == name })
	if i < 0 {
		r.t.Fatalf("no group %s", name)
	}
	return r.org.Groups[i].ID
}

func TestAGroupTellsOfItsMembersAndOfTheirs(t *testing.T) {
	r := newRig(t, 12)
	advisers := "/groups/" + r.groupID(AdvisersGroup)
	for _, tt := range []struct {
		path, query, header string
		want                []string
	}{
		{"/members", "", "", []string{"Finanzen", "Recht", "Datenschutz"}},
		{"/transitiveMembers", "", "", []string{"Jürgen Müller", "Hannelore Mueller", "Ayşe Yılmaz", "Małgorzata Wiśniewska", "Finanzen", "Recht", "Datenschutz"}},
		{"/transitiveMembers/microsoft.graph.group", "$count=true", consistent, []string{"Finanzen", "Recht", "Datenschutz"}},
		{"/transitiveMembers/microsoft.graph.user", "$count=true & $select=id,displayName & $orderby=displayName", consistent, []string{"Ayşe Yılmaz", "Hannelore Mueller", "Jürgen Müller", "Małgorzata Wiśniewska"}},
		{"/transitiveMembers/microsoft.graph.user", "$count=true & $filter=startsWith(jobTitle,'Steuer')", consistent, []string{"Jürgen Müller"}},
		{"/transitiveMembers/microsoft.graph.user", `$count=true & $search="displayName:mueller"`, consistent, []string{"Hannelore Mueller"}},
		{"/members/microsoft.graph.user", "$count=true", consistent, []string{}},
	} {
		t.Run(tt.path+" "+tt.query, func(t *testing.T) {
			a := r.get(advisers+tt.path, tt.query, tt.header)
			if a.status != http.StatusOK {
				t.Fatalf("%d %s", a.status, a.raw)
			}
			if diff := cmp.Diff(tt.want, a.names()); diff != "" {
				t.Errorf("members (-want +got):\n%s", diff)
			}
		})
	}
	if a := r.get(advisers+"/transitiveMembers/microsoft.graph.user/$count", "", consistent); a.raw != "4" {
		t.Errorf("their number: %d %q", a.status, a.raw)
	}
	if a := r.get(advisers+"/transitiveMembers/$count", "", consistent); a.raw != "7" {
		t.Errorf("the number of all: %d %q", a.status, a.raw)
	}
}

func TestGroupsRefuseWhatGraphRefuses(t *testing.T) {
	r := newRig(t, 60)
	finance := "/groups/" + r.groupID("Finanzen")
	const unsupported = "Request_UnsupportedQuery"
	for _, tt := range []struct{ name, path, query, header, code string }{
		{"a cast without header", finance + "/members/microsoft.graph.user", "$count=true", "", unsupported},
		{"a cast without $count", finance + "/members/microsoft.graph.user", "", consistent, unsupported},
		{"a count without header", finance + "/members/$count", "", "", "Request_BadRequest"},
		{"a cast to what no group holds", finance + "/members/microsoft.graph.device", "$count=true", consistent, "ResourceNotFound"},
		{"a filter over several kinds", finance + "/members", "$filter=startsWith(displayName,'J')", "", unsupported},
		{"a property of no kind", finance + "/members", "$select=shoeSize", "", "Request_BadRequest"},
		{"a property of one kind", finance + "/members", "$select=jobTitle", "", ""},
		{"a group that is not there", "/groups/" + contoso, "", "", "Request_ResourceNotFound"},
		{"members of a group that is not there", "/groups/" + contoso + "/members", "", "", "Request_ResourceNotFound"},
		{"groups of nobody", "/users/" + contoso + "/memberOf", "", "", "Request_ResourceNotFound"},
		{"groups by name", "/groups", "$filter=displayName eq 'Finanzen'", "", ""},
		{"groups by an unknown property", "/groups", "$filter=shoeSize eq '1'", "", "Request_BadRequest"},
		{"groups by words", "/groups", `$search="description:abteilung rec"`, consistent, ""},
		{"a strange ConsistencyLevel", "/groups", "", "ConsistencyLevel: strong", "Request_BadRequest"},
		{"a client that takes no JSON", "/groups", "", "Accept: text/html", "notAcceptable"},
		{"a client that takes anything", "/groups", "", "Accept: text/html, */*;q=0.1", ""},
		{"a format that is none", "/groups", "$format=xml", "", "Request_BadRequest"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := r.get(tt.path, tt.query, tt.header)
			if a.body.Error.Code != tt.code || (a.status == http.StatusOK) != (tt.code == "") {
				t.Errorf("%d %q, want %q", a.status, a.body.Error.Code, tt.code)
			}
		})
	}
}

func TestPagesOfMembersHoldEverybodyOnce(t *testing.T) {
	r := newRig(t, 300)
	next := "http://graph.test/v1.0/groups/" + r.groupID(AdvisersGroup) + "/transitiveMembers/microsoft.graph.user?$count=true&$top=7&$select=id"
	seen := map[string]bool{}
	for next != "" {
		a := r.do(http.MethodGet, next, all, nil, consistent)
		if a.status != http.StatusOK {
			t.Fatalf("%d %s", a.status, a.raw)
		}
		for _, v := range a.body.Value {
			id, _ := v["id"].(string)
			if seen[id] {
				t.Fatalf("%s comes twice", id)
			}
			seen[id] = true
		}
		if next = a.body.Next; next != "" {
			if again := r.do(http.MethodGet, next, all, nil); again.body.Error.Code != "Request_UnsupportedQuery" {
				t.Fatalf("the next page without the header: %d", again.status)
			}
		}
	}
	want := 0
	for _, u := range r.org.Users {
		if slices.Contains(advisers, u.Department) {
			want++
		}
	}
	if len(seen) != want {
		t.Errorf("%d people, want %d", len(seen), want)
	}
}

func TestSomebodysGroups(t *testing.T) {
	r := newRig(t, 12)
	me := r.org.Users[0].ID
	for path, want := range map[string]string{
		"/users/" + me + "/memberOf":           "Finanzen",
		"/users/" + me + "/transitiveMemberOf": "Finanzen, " + AdvisersGroup,
		"/me/memberOf":                         "Finanzen",
	} {
		a := r.do(http.MethodGet, "http://graph.test/v1.0"+path, "groups of oneself", nil)
		if got := strings.Join(a.names(), ", "); a.status != http.StatusOK || got != want {
			t.Errorf("%s: %d %q, want %q", path, a.status, got, want)
		}
	}
	check := func(token string, ids ...string) answer {
		body := `{"groupIds":["` + strings.Join(ids, `","`) + `"]}`
		return r.do(http.MethodPost, "http://graph.test/v1.0/users/"+me+"/checkMemberGroups", token, strings.NewReader(body))
	}
	advising := r.groupID(AdvisersGroup)
	if a := check(all, strings.ToUpper(advising), r.groupID("Recht"), contoso); !strings.Contains(a.raw, `"value":["`+advising+`"]`) {
		t.Errorf("in which of three: %d %s", a.status, a.raw)
	}
	if a := check(all, slices.Repeat([]string{advising}, 21)...); a.status != http.StatusBadRequest {
		t.Errorf("twenty-one groups: %d", a.status)
	}
	if a := check(all, "Finanzen"); a.status != http.StatusBadRequest {
		t.Errorf("a name for an id: %d", a.status)
	}
	for _, token := range []string{"users only", "groups only"} {
		if a := check(token, advising); a.status != http.StatusForbidden {
			t.Errorf("%s: %d, want 403, since it takes both permissions", token, a.status)
		}
	}
}

func TestWhatMayNotBeReadOfAMemberIsNull(t *testing.T) {
	r := newRig(t, 12)
	address := "http://graph.test/v1.0/groups/" + r.groupID("Finanzen") + "/members"
	a := r.do(http.MethodGet, address, "groups only", nil)
	if a.status != http.StatusOK || len(a.body.Value) != 2 {
		t.Fatalf("%d %s", a.status, a.raw)
	}
	for _, member := range a.body.Value {
		if member["id"] == nil || member["@odata.type"] != "#microsoft.graph.user" || member["displayName"] != nil || member["businessPhones"] != nil {
			t.Errorf("a member: %v", member)
		}
	}
	hidden := r.do(http.MethodGet, address+"/microsoft.graph.user?$count=true&$filter=startsWith(displayName,'J')", "groups only", nil, consistent)
	if hidden.status != http.StatusOK || len(hidden.body.Value) != 0 {
		t.Errorf("a filter on what may not be read: %d %s", hidden.status, hidden.raw)
	}
}

func TestGroupsThatHoldEachOtherEnd(t *testing.T) {
	r := newRig(t, 12)
	one, two := Group{ID: contoso, DisplayName: "Eins", Members: []string{fabrikam, r.org.Users[0].ID}}, Group{ID: fabrikam, DisplayName: "Zwei", Members: []string{strings.ToUpper(contoso)}}
	r.PutGroup(contoso, one)
	r.PutGroup(contoso, two)
	if a := r.get("/groups/"+one.ID+"/transitiveMembers", ""); !slices.Equal(a.names(), []string{r.org.Users[0].DisplayName, "Zwei"}) {
		t.Errorf("members %v", a.names())
	}
	if a := r.get("/users/"+r.org.Users[0].ID+"/transitiveMemberOf", ""); len(a.names()) != 4 {
		t.Errorf("groups %v", a.names())
	}
	if !r.DeleteGroup(contoso, one.ID) || r.DeleteGroup(contoso, one.ID) {
		t.Error("a group is deleted once")
	}
	if a := r.get("/groups/"+one.ID, ""); a.status != http.StatusNotFound {
		t.Errorf("a deleted group: %d", a.status)
	}
}
