package graphtest

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAFilterFindsWhomItDescribes(t *testing.T) {
	r := newRig(t, 12) // the well-known people and nobody else
	for filter, want := range map[string]string{
		"startsWith(displayName,'jürgen')":                                                      "Jürgen Müller",
		"displayName eq 'JÜRGEN MÜLLER'":                                                        "Jürgen Müller",
		"startsWith(displayName,'Jurgen')":                                                      "",
		"surname in ('Müller','Muller')":                                                        "Jürgen Müller, Jana Muller",
		"department eq 'Finanzen' and startsWith(jobTitle,'Steuer')":                            "Jürgen Müller",
		"department eq 'IT' or department eq 'Recht' and surname eq 'Nobody'":                   "Søren Ångström",
		"(department eq 'IT' or department eq 'Recht') and surname eq 'Yılmaz'":                 "Ayşe Yılmaz",
		"accountEnabled eq false":                                                               "Klaus Ehemals",
		"userType eq 'Guest'":                                                                   "Gina Gast",
		"surname eq 'O''Hara'":                                                                  "",
		"not (accountEnabled eq true)":                                                          "Klaus Ehemals",
		"department ne 'Vertrieb' and userType ne 'Member'":                                     "Gina Gast",
		"displayName ge 'S' and displayName le 'T'":                                             "Søren Ångström",
		"not startsWith(surname,'M') and startsWith(department,'Fin')":                          "",
		"mobilePhone eq null and surname eq 'Ohnesorg'":                                         "Petra Ohnesorg",
		"businessPhones/any(p:p eq '" + r.org.Users[0].BusinessPhones[0] + "')":                 "Jürgen Müller",
		"businessPhones/any(x:startsWith(x,'nothing') or x eq 'nothing')":                       "",
		"not businessPhones/any(p:startsWith(p,'+') or startsWith(p,'0') or startsWith(p,'('))": "Petra Ohnesorg",
		"endsWith(mail,'@partner.example')":                                                     "Gina Gast",
	} {
		a := r.get("/users", "$filter="+filter+" & $count=true", consistent)
		if got := strings.Join(a.names(), ", "); a.status != http.StatusOK || got != want {
			t.Errorf("%s: %d %q %s, want %q", filter, a.status, got, a.body.Error.Message, want)
		}
	}
}

func TestASearchFindsWordsInAnyOrder(t *testing.T) {
	r := newRig(t, 12)
	for search, want := range map[string]string{
		`"displayName:müller jür"`:                                   "Jürgen Müller",
		`"displayName:peter"`:                                        "Hans-Peter Groß-Özdemir",
		`"displayName:hanspeter"`:                                    "Hans-Peter Groß-Özdemir",
		`"displayName:eter"`:                                         "",
		`"displayName:"`:                                             "",
		`"surname:mül"`:                                              "Jürgen Müller",
		`"department:Fin" AND "jobTitle:Bilanz"`:                     "Hannelore Mueller",
		`"surname:Gast" OR "surname:Ehemals"`:                        "Klaus Ehemals, Gina Gast",
		`"surname:Gast" OR "surname:Ehemals" AND "displayName:Gina"`: "Gina Gast",
		`("surname:Gast" OR "surname:Ehemals") AND "givenName:K"`:    "Klaus Ehemals",
		`"displayName:\"gast\""`:                                     "Gina Gast",
		`"mail:gina.gast@partner"`:                                   "Gina Gast",
	} {
		a := r.get("/users", "$search="+search, consistent)
		if got := strings.Join(a.names(), ", "); a.status != http.StatusOK || got != want {
			t.Errorf("%s: %d %q %s, want %q", search, a.status, got, a.body.Error.Message, want)
		}
	}
	both := r.get("/users", `$search="displayName:Gina" & $filter=userType eq 'Member'`, consistent)
	if both.status != http.StatusOK || len(both.body.Value) != 0 {
		t.Errorf("search and filter together: %d %v", both.status, both.names())
	}
}

func TestPagesHoldEverybodyOnce(t *testing.T) {
	for name, query := range map[string]string{
		"as they come":               "$top=7 & $select=id,displayName",
		"by name":                    "$top=7 & $select=id,displayName & $orderby=displayName",
		"by name, backwards":         "$top=7 & $select=id,displayName & $orderby=displayName desc",
		"with an advanced filter":    "$top=7 & $filter=surname ne 'X' & $count=true",
		"with the standard page":     "",
		"by name with the filter on": "$top=7 & $filter=startsWith(userPrincipalName,'') & $count=true & $orderby=displayName",
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, 250)
			seen := map[string]bool{}
			var names []string
			next := "http://graph.test/v1.0/users" + encode(query)
			for first := true; next != ""; first = false {
				a := r.do(http.MethodGet, next, all, nil, consistent)
				if a.status != http.StatusOK {
					t.Fatalf("%d %s", a.status, a.body.Error.Message)
				}
				if counted := a.body.Count != nil; counted != (first && strings.Contains(query, "$count")) {
					t.Errorf("@odata.count on this page: %v", counted)
				}
				for _, v := range a.body.Value {
					id, _ := v["id"].(string)
					if seen[id] {
						t.Fatalf("%s comes twice", id)
					}
					seen[id] = true
				}
				names = append(names, a.names()...)
				next = a.body.Next
			}
			if len(seen) != 250 {
				t.Errorf("%d people, want 250", len(seen))
			}
			if strings.Contains(query, "orderby") {
				sorted := slices.IsSortedFunc(names, func(a, b string) int {
					if strings.Contains(query, "desc") {
						a, b = b, a
					}
					return strings.Compare(fold(a), fold(b))
				})
				if !sorted {
					t.Error("they are not in order")
				}
			}
		})
	}
}

func TestANextLinkIsGoodForItsOwnQueryOnly(t *testing.T) {
	r := newRig(t, 50)
	next := r.get("/users", "$top=7 & $filter=surname ne 'X' & $count=true", consistent).body.Next
	if a := r.do(http.MethodGet, next, all, nil); a.body.Error.Code != "Request_UnsupportedQuery" {
		t.Errorf("the second page without the header: %d %s", a.status, a.body.Error.Code)
	}
	u, err := url.Parse(next)
	if err != nil {
		t.Fatal(err)
	}
	token := u.Query().Get("$skiptoken")
	if a := r.get("/users", "$top=8 & $skiptoken="+token); a.body.Error.Code != "Request_BadRequest" {
		t.Errorf("another query with the token: %d %s", a.status, a.body.Error.Code)
	}
	if a := r.do(http.MethodGet, next, "fabrikam", nil, consistent); a.body.Error.Code != "Request_BadRequest" {
		t.Errorf("another tenant with the token: %d %s", a.status, a.body.Error.Code)
	}
	if a := r.do(http.MethodGet, strings.Replace(next, token, token[:len(token)-2]+"AA", 1), all, nil, consistent); a.status == http.StatusOK {
		t.Error("an altered token was taken")
	}
}

func TestUsersWithoutSelectHaveTheStandardProperties(t *testing.T) {
	r := newRig(t, 12)
	got := r.get("/users", "$top=1").body.Value[0]
	want := []string{
		"businessPhones", "displayName", "givenName", "id", "jobTitle", "mail", "mobilePhone", "officeLocation",
		"preferredLanguage", "surname", "userPrincipalName",
	}
	names := make([]string, 0, len(got))
	for name := range got {
		names = append(names, name)
	}
	slices.Sort(names)
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("properties (-want +got):\n%s", diff)
	}
	if v, ok := got["officeLocation"]; !ok || v != nil {
		t.Errorf("a property that is not set: %v, %v; want null", v, ok)
	}
}

func TestOnePersonIsFoundByIDAndByName(t *testing.T) {
	r := newRig(t, 12)
	for _, path := range []string{
		r.org.Users[0].ID, strings.ToUpper(r.org.Users[0].ID), "juergen.mueller@contoso.example", "JUERGEN.MUELLER@contoso.example",
	} {
		a := r.get("/users/"+path, "$select=displayName,department")
		if a.status != http.StatusOK || !strings.Contains(a.raw, `"department":"Finanzen"`) || !strings.Contains(a.raw, r.org.Users[0].ID) {
			t.Errorf("%s: %d %s", path, a.status, a.raw)
		}
	}
	if a := r.do(http.MethodGet, "http://graph.test/v1.0/users/"+r.org.Users[0].ID, "fabrikam", nil); a.status != http.StatusNotFound {
		t.Errorf("another tenant: %d", a.status)
	}
}

func TestCountIsPlainText(t *testing.T) {
	r := newRig(t, 12)
	for query, want := range map[string]int{
		"": 12, "$filter=accountEnabled eq false": 1, `$search="surname:M"`: 3, "$filter=surname ne 'Müller'": 11,
	} {
		a := r.get("/users/$count", query, consistent)
		if a.status != http.StatusOK || a.raw != strconv.Itoa(want) || a.header.Get("Content-Type") != "text/plain" {
			t.Errorf("%q: %d %q, want %d", query, a.status, a.raw, want)
		}
	}
}
