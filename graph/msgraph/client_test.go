package msgraph_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/google/go-cmp/cmp"

	"teamsbridge/graph"
	"teamsbridge/graph/graphtest"
	"teamsbridge/graph/msgraph"
	"teamsbridge/presence"
	"teamsbridge/sso/ssotest"
)

// muller is the first of every generated organisation.
func muller(w *world) graph.Person {
	return graph.Person{
		ID: w.id(0), Name: "Jürgen Müller", GivenName: "Jürgen", Surname: "Müller", Role: "Steuerberater",
		Department: "Finanzen", Phones: w.org.Users[0].BusinessPhones, Enabled: true, Type: "Member",
	}
}

func TestDeltaReadsEverybodyAndThenOnlyChanges(t *testing.T) {
	w := newWorld(t, 1500)
	people, link, pages := w.readAll(t, "")
	if len(people) != 1500 || pages != 2 {
		t.Errorf("%d people on %d pages, want 1500 on 2", len(people), pages)
	}
	if diff := cmp.Diff(muller(w), people[0]); diff != "" {
		t.Errorf("the first person (-want +got):\n%s", diff)
	}
	var disabled, guests, phoneless int
	for _, p := range people {
		if !p.Enabled {
			disabled++
		}
		if p.Type == "Guest" {
			guests++
		}
		if len(p.Phones) == 0 {
			phoneless++
		}
	}
	if disabled == 0 || guests == 0 || phoneless == 0 {
		t.Errorf("%d disabled, %d guests, %d without phone", disabled, guests, phoneless)
	}

	changed := w.org.Users[1]
	changed.JobTitle, changed.BusinessPhones = "Leiterin Finanzen", nil
	w.graph.PutUser(contoso, changed)
	w.graph.DeleteUser(contoso, w.org.Users[2].ID)
	people, link, _ = w.readAll(t, link)
	want := []graph.Person{
		{ID: w.id(1), Name: "Hannelore Mueller", GivenName: "Hannelore", Surname: "Mueller", Role: "Leiterin Finanzen", Department: "Finanzen", Phones: []string{}, Enabled: true, Type: "Member"},
		{ID: w.id(2), Enabled: true, Removed: true},
	}
	if diff := cmp.Diff(want, people); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if people, _, _ = w.readAll(t, link); len(people) != 0 {
		t.Errorf("%d changes where there were none", len(people))
	}
}

func TestDeltaAsksForAFullReadWhenItsLinkIsVoid(t *testing.T) {
	now := time.Now()
	w := newWorld(t, 20, func(o *graphtest.Options) { o.Clock = func() time.Time { return now } })
	_, link, _ := w.readAll(t, "")
	t.Run("after a reset", func(t *testing.T) {
		w.graph.ResetDelta()
		if _, err := w.DeltaPage(t.Context(), contoso, link); !errors.Is(err, graph.ErrResyncRequired) {
			t.Errorf("error %v, want ErrResyncRequired", err)
		}
	})
	t.Run("after a week", func(t *testing.T) {
		_, link, _ := w.readAll(t, "")
		now = now.Add(8 * 24 * time.Hour)
		if _, err := w.DeltaPage(t.Context(), contoso, link); !errors.Is(err, graph.ErrResyncRequired) {
			t.Errorf("error %v, want ErrResyncRequired", err)
		}
	})
}

func TestDeltaNeverLeavesTheConfiguredAddress(t *testing.T) {
	w := newWorld(t, 20)
	for _, link := range []string{
		"https://graph.example/v1.0/users/delta?$skiptoken=1",
		strings.Replace(w.url, "https", "http", 1) + "/v1.0/users/delta?$skiptoken=1",
		strings.Replace(w.url, "https://", "https://me@", 1) + "/v1.0/users/delta?$skiptoken=1",
		w.url + "/v1.0/../elsewhere",
		w.url + "/v1.00/users/delta",
		w.url + "1/v1.0/users/delta",
		"/v1.0/users/delta",
		"://",
	} {
		_, err := w.DeltaPage(t.Context(), contoso, link)
		if err == nil {
			t.Errorf("%s was followed", link)
		}
	}
	if n := len(w.requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
	if _, err := w.DeltaPage(t.Context(), contoso, "https://graph.example/v1.0/users/delta"); !errors.Is(err, graph.ErrResyncRequired) {
		t.Errorf("a foreign link gives %v, want a full read", err)
	}
}

func TestPersonIsReadLive(t *testing.T) {
	w := newWorld(t, 20)
	got, err := w.Person(t.Context(), contoso, w.id(0))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(muller(w), got); diff != "" {
		t.Errorf("person (-want +got):\n%s", diff)
	}
	seen := w.requests()
	if len(seen) != 1 || !strings.Contains(seen[0].query, "$select=") || seen[0].header.Get("x-ms-throttle-priority") != "high" || len(seen[0].header.Get("client-request-id")) != 36 {
		t.Errorf("requests %+v", seen)
	}
	for name, id := range map[string]graph.UserID{
		"nobody": "00000000-0000-4000-8000-000000000000", "somebody of another organisation": graph.UserID(graphtest.Generate(1, fabrikam, "Fabrikam", "fabrikam.example", "AT", 5).Users[0].ID),
	} {
		if _, err := w.Person(t.Context(), contoso, id); !errors.Is(err, graph.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", name, err)
		}
	}
	w.requests() // those until here
	for name, id := range map[string]graph.UserID{
		"a path": "delta?x", "nothing": "", "a function of Graph's": "delta", "a count": "$count", "a sign-in name": "jurgen@contoso.example",
		"blanks": "  ", "a control character": "a\x00b", "a path upwards": "..", "an id in braces": "{" + w.id(0) + "}", "an id and more": w.id(0) + "/manager",
		"10,000 characters": graph.UserID(strings.Repeat("a", 10_000)),
	} {
		if _, err := w.Person(t.Context(), contoso, id); !errors.Is(err, graph.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", name, err)
		}
	}
	if n := len(w.requests()); n != 0 {
		t.Errorf("%d requests for what is no id", n)
	}
}

func TestASignInNameIsAllThatIsAskedFor(t *testing.T) {
	w := newWorld(t, 20)
	const anna = "01234567-89ab-4def-8123-456789abcdef"
	w.graph.PutUser(contoso, graphtest.User{ID: anna, DisplayName: "Anna D'Arc", UserPrincipalName: "anna@contoso.example", AccountEnabled: true, UserType: "Member"})
	w.requests() // those until here
	if name, err := w.SignInName(t.Context(), contoso, anna); err != nil || name != "anna@contoso.example" {
		t.Errorf("%q, %v", name, err)
	}
	if seen := w.requests(); len(seen) != 1 || seen[0].query != "%24select=userPrincipalName" && seen[0].query != "$select=userPrincipalName" {
		t.Errorf("requests %+v", seen)
	}
	for _, id := range []graph.UserID{"00000000-0000-4000-8000-000000000000", "me", "anna@contoso.example"} {
		if _, err := w.SignInName(t.Context(), contoso, id); !errors.Is(err, graph.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", id, err)
		}
	}
}

func TestFindPeopleAsksLive(t *testing.T) {
	w := newWorld(t, 20)
	w.graph.PutUser(contoso, graphtest.User{ID: "01234567-89ab-4def-8123-456789abcdef", DisplayName: "Anna D'Arc", GivenName: "Anna", Surname: "D'Arc", UserPrincipalName: "anna@contoso.example", AccountEnabled: true, UserType: "Member"})
	for text, want := range map[string]string{
		"jürgen": "Jürgen Müller", "Müller": "Jürgen Müller", "Ohnesorg": "Petra Ohnesorg", "D'Arc": "Anna D'Arc",
		"Petra & Co": "", "100%": "", "  ": "", "a+b": "", "') or startsWith(displayName,'J": "",
	} {
		people, err := w.FindPeople(t.Context(), contoso, text, 10)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		names := make([]string, 0, len(people))
		for _, p := range people {
			names = append(names, p.Name)
		}
		if got := strings.Join(names, ", "); got != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
	if people, err := w.FindPeople(t.Context(), contoso, "", 1); err != nil || len(people) != 0 {
		t.Errorf("nothing finds %v, %v", people, err)
	}
	if people, err := w.FindPeople(t.Context(), contoso, "H", 1); err != nil || len(people) != 1 {
		t.Errorf("with a limit of one: %v, %v", people, err)
	}
}

func TestPresencesAreTranslated(t *testing.T) {
	w := newWorld(t, 700)
	w.graph.SetPresence(string(w.id(0)), graphtest.Presence{Availability: "DoNotDisturb", Activity: "Presenting"}, 0)
	w.graph.SetPresence(string(w.id(1)), graphtest.Presence{Availability: "presenceUnknown", Activity: "PresenceUnknown"}, 0)
	w.graph.SetPresence(string(w.id(2)), graphtest.Presence{Availability: "offline", Activity: "OutOfOffice"}, 0)
	w.graph.SetPresence(string(w.id(3)), graphtest.Presence{Availability: "INACALL", Activity: "OnTheMoon", OutOfOffice: true}, 0)
	got, err := w.Presences(t.Context(), contoso, []graph.UserID{w.id(0), w.id(1), "00000000-0000-4000-8000-000000000000", w.id(2), w.id(3)})
	if err != nil {
		t.Fatal(err)
	}
	want := []presence.Observation{
		{ID: w.id(0), Availability: "doNotDisturb", Activity: "presenting"},
		{ID: w.id(1), Availability: "unknown", Activity: "unknown"},
		{ID: w.id(2), Availability: "offline", Activity: "outOfOffice", OutOfOffice: true},
		{ID: w.id(3), Availability: "inACall", Activity: "onTheMoon", OutOfOffice: true},
	}
	for i := range got {
		if got[i].Sequence == "" {
			t.Errorf("no sequence for %s", got[i].ID)
		}
		got[i].Sequence = ""
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("presences (-want +got):\n%s", diff)
	}

	ids := make([]graph.UserID, presence.MaxBatch)
	for i := range ids {
		ids[i] = w.id(i)
	}
	if got, err := w.Presences(t.Context(), contoso, ids); err != nil || len(got) != presence.MaxBatch {
		t.Errorf("%d presences, %v", len(got), err)
	}
	if _, err := w.Presences(t.Context(), contoso, append(ids, w.id(650))); err == nil {
		t.Error("651 ids were asked")
	}
	if got, err := w.Presences(t.Context(), contoso, nil); err != nil || got != nil {
		t.Errorf("nobody: %v, %v", got, err)
	}
}

func TestCheckPermissionsTellsWhichIsMissing(t *testing.T) {
	w := newWorld(t, 20)
	for _, tt := range []struct {
		name    string
		granted []string
		want    []bool // User.Read.All, Presence.Read.All
	}{
		{"both", permissions, []bool{true, true}},
		{"people only", []string{"User.Read.All"}, []bool{true, false}},
		{"presence only", []string{"Presence.Read.All"}, []bool{false, true}},
		{"basic profiles are not enough", []string{"User.ReadBasic.All"}, []bool{false, false}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w.entra.Consent(contoso, service, tt.granted)
			for i, check := range w.CheckPermissions(t.Context(), contoso) {
				if check.Granted != tt.want[i] || check.Permission != permissions[i] || (check.Err == nil) != check.Granted {
					t.Errorf("%+v, want %v for %s", check, tt.want[i], permissions[i])
				}
				if denied, ok := errors.AsType[*graph.DeniedError](check.Err); check.Err != nil && (!ok || denied.Code == "" || len(denied.RequestID) != 36) {
					t.Errorf("refused with %v", check.Err)
				}
			}
		})
	}
}

func TestNewRefusesAddressesThatWouldGiveTokensAway(t *testing.T) {
	deps := msgraph.Deps{Credential: func(string) (azcore.TokenCredential, error) { return nil, errors.ErrUnsupported }}
	for address, ok := range map[string]bool{
		"https://graph.microsoft.com/v1.0": true, "https://graph.microsoft.us/v1.0/": true,
		"http://127.0.0.1:8081/v1.0": true, "http://localhost:8081/v1.0": true,
		"http://graph.example/v1.0": false, "": false, "graph.microsoft.com": false, "https://": false,
		"https://user@graph.example/v1.0": false, "https://graph.example/v1.0?x=1": false, "ftp://graph.example": false, ":": false,
	} {
		if _, err := msgraph.New(msgraph.Config{BaseURL: address}, deps); (err == nil) != ok {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := msgraph.New(msgraph.Config{BaseURL: "https://graph.microsoft.com/v1.0"}, msgraph.Deps{}); err == nil {
		t.Error("a client without credential was made")
	}
}

func TestTenantsAreApart(t *testing.T) {
	w := newWorld(t, 20)
	page, err := w.DeltaPage(t.Context(), fabrikam, "")
	if err != nil {
		t.Fatal(err)
	}
	if len(page.People) != 5 {
		t.Errorf("%d people, want fabrikam's five", len(page.People))
	}
	// Contoso's link with Fabrikam's token.
	_, link, _ := w.readAll(t, "")
	if page, err := w.DeltaPage(t.Context(), fabrikam, link); err == nil {
		t.Errorf("another tenant's link gave %d people", len(page.People))
	}
	w.entra.InjectFault(ssotest.Fault{Route: "/" + fabrikam, Status: 503})
	if _, err := w.Person(t.Context(), fabrikam, w.id(0)); !errors.Is(err, graph.ErrUnavailable) {
		t.Errorf("without Entra: %v, want ErrUnavailable", err)
	}
	if _, err := w.Person(t.Context(), contoso, w.id(0)); err != nil {
		t.Errorf("the other tenant suffers: %v", err)
	}
}
