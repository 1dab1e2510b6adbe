package graphtest

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"teamsbridge/graph/graphtest/apitest"
)

// sample is a request that an operation of the description answers, about the
// first person and their group.
func (r *rig) sample(o apitest.Operation) (address string, body io.Reader) {
	path := strings.NewReplacer("{appId}", serviceApp, "/groups/{id}", "/groups/"+r.groupID("Finanzen"), "{id}", r.org.Users[0].ID).Replace(o.Path)
	switch {
	case strings.Contains(path, "microsoft.graph.") && !strings.HasSuffix(path, "$count"):
		path += "?$count=true"
	case path == "/oauth2PermissionGrants":
		path += "?$filter=clientId%20eq%20'" + serviceApp + "'"
	}
	switch {
	case strings.HasSuffix(path, "/getPresencesByUserId"):
		body = strings.NewReader(`{"ids":["` + r.org.Users[0].ID + `"]}`)
	case strings.HasSuffix(path, "/checkMemberGroups"):
		body = strings.NewReader(`{"groupIds":["` + r.groupID("Finanzen") + `"]}`)
	case path == "/$batch":
		body = strings.NewReader(`{"requests":[{"id":"1","method":"GET","url":"/users"}]}`)
	}
	return "http://graph.test/v1.0" + path, body
}

func description(t *testing.T) *apitest.Description {
	t.Helper()
	d, err := apitest.Load()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestEverythingDescribedIsServed also compares the two tables of permissions:
// a token with one permission alone is let in exactly where the description
// says so, for each kind of token.
func TestEverythingDescribedIsServed(t *testing.T) {
	d := description(t)
	r := newRig(t, 20)
	tokens := r.authority.(keyring)
	names := map[string]bool{}
	for _, o := range d.Operations() {
		for _, way := range d.Permissions(o) {
			for _, name := range way.Names {
				names[name] = true
			}
		}
	}
	ask := func(o apitest.Operation, application bool, permissions ...string) int {
		if tokens["sample"] = person(contoso, r.org.Users[0].ID, permissions...); application {
			tokens["sample"] = app(contoso, permissions...)
		}
		address, body := r.sample(o)
		return r.do(o.Method, address, "sample", body, consistent).status
	}
	checked, unchecked := r.checked, r.Handler()
	for _, o := range d.Operations() {
		t.Run(o.Method+" "+o.Path, func(t *testing.T) {
			ways := d.Permissions(o)
			r.checked = checked
			for _, way := range ways {
				if got := ask(o, way.Application, way.Names...); got != http.StatusOK {
					t.Errorf("with %v (application %v): %d", way.Names, way.Application, got)
				}
			}
			r.checked = unchecked // thousands of refusals, all alike
			for name := range names {
				for _, application := range []bool{false, true} {
					described := slices.ContainsFunc(ways, func(w apitest.Permission) bool {
						return w.Application == application && (len(w.Names) == 0 || slices.Equal(w.Names, []string{name}))
					})
					if got := ask(o, application, name); (got == http.StatusOK) != described {
						t.Errorf("with %s (application %v): %d, described: %v", name, application, got, described)
					}
				}
			}
		})
	}
}

func TestEverythingServedIsDescribed(t *testing.T) {
	d := description(t)
	for _, e := range endpoints {
		served := slices.ContainsFunc(d.Operations(), func(o apitest.Operation) bool {
			path := strings.NewReplacer("{id}", contoso, "{appId}", contoso).Replace(o.Path)
			return o.Method == e.method && e.path.MatchString(path)
		})
		if !served {
			t.Errorf("%s %s is not described", e.method, e.path)
		}
	}
}
