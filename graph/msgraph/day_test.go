package msgraph_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/google/go-cmp/cmp"

	"teamsbridge/graph"
	"teamsbridge/graph/budget"
	"teamsbridge/graph/graphtest"
	"teamsbridge/graph/msgraph"
	"teamsbridge/presence"
	"teamsbridge/sso/ssotest"
)

var update = flag.Bool("update", false, "write golden files anew")

const dayFile = "../../docs/microsoft-away.md"

// morning is a working day of an agent while Microsoft has a bad one. The real
// SDK, directory, presence cache and budget run against the simulated Graph on
// a clock of their own, so hours pass in moments and always the same way.
var morning = []struct {
	at   string // time of day
	what string // what happens then, as the document tells it; empty: nothing new
	do   func(*day)
}{
	{"08:00", "The service starts; nothing is known yet.", func(*day) {}},
	{"08:01", "", nil},
	{"08:10", "Graph throttles presence: 429, `Retry-After: 20`, for two minutes.", func(d *day) {
		d.fault(presences, http.StatusTooManyRequests, 20)
	}},
	{"08:11", "", nil},
	{"08:12", "The storm is over.", func(d *day) { d.mend(presences) }},
	{"08:13", "", nil},
	{"08:20", "Graph answers every reading of the directory with 503.", func(d *day) {
		d.fault("/v1.0/users", http.StatusServiceUnavailable, 0)
	}},
	{"08:30", "", nil},
	{"08:31", "503 no more; somebody of this name has left the organisation meanwhile.", func(d *day) {
		d.mend("/v1.0/users")
		d.server.DeleteUser(contoso, string(d.leaver))
	}},
	{"08:36", "", nil},
	{"08:40", "Graph takes 40 seconds for each answer about people.", func(d *day) {
		d.server.InjectFault(ssotest.Fault{Route: "/v1.0/users", Delay: 40 * time.Second})
	}},
	{"08:45", "", nil},
	{"08:46", "Graph is quick again, and has forgotten where the reading was (410).", func(d *day) {
		d.mend("/v1.0/users")
		d.server.ResetDelta()
	}},
	{"08:50", "", nil},
	{"09:00", "No way to Microsoft at all, for an hour.", func(d *day) { d.cable.setCut(true) }},
	{"09:04", "", nil},
	{"09:30", "", nil},
	{"10:00", "Microsoft can be reached again.", func(d *day) { d.cable.setCut(false) }},
	{"10:02", "", nil},
	{"10:10", "Entra gives no tokens (503); the one in use is good for a while yet.", func(d *day) {
		d.fault("/"+contoso+"/oauth2", http.StatusServiceUnavailable, 0)
	}},
	{"10:30", "", nil},
	{"10:31", "All is well.", func(d *day) { d.mend("/" + contoso + "/oauth2") }},
	{"10:35", "", nil},
}

const presences = "/v1.0/communications/getPresencesByUserId"

func TestAMorningWithoutMicrosoft(t *testing.T) {
	var page strings.Builder
	synctest.Test(t, func(t *testing.T) {
		d := newDay(t)
		defer d.end()
		begin, _ := time.Parse("15:04", morning[0].at)
		start := time.Now()
		for _, step := range morning {
			at, err := time.Parse("15:04", step.at)
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Until(start.Add(at.Sub(begin)))) // of the bubble's clock
			if step.do != nil {
				fmt.Fprintf(&page, "| **%s** | **%s** | | | |\n", step.at, step.what)
				step.do(d)
				if step.at == morning[0].at {
					d.run(t)
				}
				continue
			}
			fmt.Fprintf(&page, "| %s | | %s | %s | %s |\n", step.at, d.search(t), d.presences(t), d.click(t))
		}
	})
	want := dayHead + page.String()
	if *update {
		if err := os.WriteFile(dayFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(dayFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/microsoft-away.md is not what happened (go test ./graph/msgraph -run Morning -update writes it):\n%s", diff)
	}
}

const dayHead = `# What an agent sees while Microsoft is away

A morning against the simulated Graph in which nearly everything goes wrong, with what an agent saw at each step: a search, the
presence of the 20 people on their page (polled every 5 seconds), and a click on Consult, before which the expert is read live for
at most a second. Calls never wait for Microsoft. Played by ` + "`graph/msgraph/day_test.go`" + ` through the real SDK, directory, presence
cache and budget; rendered by ` + "`go test ./graph/msgraph -run Morning -update`" + `, and a test compares the two.

| time | Microsoft | search | presence of 20 people | click on Consult |
|------|-----------|--------|-----------------------|------------------|
`

// day is everything that an agent's page stands on, and Microsoft.
type day struct {
	cable    *cable
	entra    *ssotest.Entra
	server   *graphtest.Server
	experts  *graph.Experts
	cache    *presence.Cache
	watcher  *presence.Watcher
	looksAt  []graph.UserID
	leaver   graph.UserID // finds themselves gone in the middle of the morning
	finishes []func()
}

func newDay(t *testing.T) *day {
	t.Helper()
	d := &day{cable: newCable()}
	var handler http.Handler
	server, client := serveOn(d.cable, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	address := "https://" + d.cable.Addr().String()
	d.entra = ssotest.New(ssotest.Options{Seed: 1, PlainURL: address, TLSURL: address})
	d.entra.AddApp(ssotest.App{ClientID: service, Name: "teamsbridge", Secrets: []string{secret}, GraphApplication: permissions})
	org := graphtest.Generate(1, contoso, "Contoso", "contoso.example", "DE", 400)
	d.entra.AddTenant(ssotest.Tenant{ID: contoso, Name: org.Name, Domain: org.Domain})
	d.entra.Consent(contoso, service, permissions)
	d.server = graphtest.New(graphtest.Options{Authority: d.entra, Seed: 1}, org)
	mux := http.NewServeMux()
	mux.Handle("/v1.0/", d.server.Handler())
	mux.Handle("/", d.entra.Handler())
	handler = mux

	limits, err := budget.New(budget.Config{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := msgraph.New(msgraph.Config{BaseURL: address + "/v1.0"}, msgraph.Deps{
		Credential: func(tenant string) (azcore.TokenCredential, error) {
			return &keeping{TokenCredential: &credential{client: client, endpoint: address + "/" + tenant + "/oauth2/v2.0/token"}}, nil
		},
		HTTPClient: client, Budget: limits,
	})
	if err != nil {
		t.Fatal(err)
	}
	d.experts, err = graph.NewExperts(graph.Config{}, graph.Deps{Directory: reader, Tenants: []graph.Tenant{{ID: contoso, Country: "DE"}}})
	if err != nil {
		t.Fatal(err)
	}
	d.cache, err = presence.NewCache(presence.Config{}, presence.Deps{Source: reader, Spare: func(tenant graph.TenantID) int {
		return limits.Spare(string(tenant), budget.Presence, budget.Poll)
	}})
	if err != nil {
		t.Fatal(err)
	}
	d.finishes = append(d.finishes, server.Close, client.CloseIdleConnections)
	return d
}

// keeping uses a token until five minutes before its end, as azidentity's
// credentials do.
type keeping struct {
	azcore.TokenCredential

	mu    sync.Mutex
	token azcore.AccessToken
}

func (k *keeping) GetToken(ctx context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if time.Until(k.token.ExpiresOn) > 5*time.Minute {
		return k.token, nil
	}
	token, err := k.TokenCredential.GetToken(ctx, o)
	if err == nil {
		k.token = token
	}
	return token, err
}

// run starts what runs in the background, and looks at the first page of a search.
func (d *day) run(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	for _, run := range []func(context.Context) error{d.experts.Run, d.cache.Run} {
		done := make(chan error, 1)
		go func() { done <- run(ctx) }()
		d.finishes = append(d.finishes, func() {
			if err := <-done; err != nil {
				t.Errorf("Run: %v", err)
			}
		})
	}
	d.finishes = append(d.finishes, cancel)
	time.Sleep(10 * time.Second) // of the bubble's clock
	found, err := d.experts.Search(t.Context(), contoso, graph.Query{Text: "m", Limit: 20})
	if err != nil || len(found.Experts) < 20 {
		t.Fatalf("Search: %d experts, %v", len(found.Experts), err)
	}
	for _, e := range found.Experts {
		d.looksAt = append(d.looksAt, e.ID)
	}
	d.leaver = d.looksAt[19]
	d.watcher = d.cache.Watch(contoso)
	d.finishes = append(d.finishes, d.watcher.Close)
	d.watcher.Set(d.looksAt)
}

func (d *day) end() {
	for _, finish := range slices.Backward(d.finishes) {
		finish()
	}
}

// fault makes Graph, or Entra, answer a route with a failure until it is mended.
func (d *day) fault(route string, status, retryAfter int) {
	d.inject(ssotest.Fault{Route: route, Status: status, RetryAfter: retryAfter})
}

func (d *day) mend(route string) { d.inject(ssotest.Fault{Route: route, Count: -1}) }

func (d *day) inject(f ssotest.Fault) {
	if strings.HasPrefix(f.Route, "/v1.0/") {
		d.server.InjectFault(f)
	} else {
		d.entra.InjectFault(f)
	}
}

// search says what the agent finds, and how old the directory is.
func (d *day) search(t *testing.T) string {
	found, err := d.experts.Search(t.Context(), contoso, graph.Query{Text: "m", Limit: 20})
	if err != nil {
		return "error: " + err.Error()
	}
	s := d.experts.Status(contoso)
	said := fmt.Sprintf("%d found, read %s ago", found.Total, roughly(time.Since(s.SyncedAt)))
	if s.LastError != "" {
		said += ", `" + s.LastError + "`"
	}
	return said
}

// presences says how fresh what the agent sees is.
func (d *day) presences(t *testing.T) string {
	fresh, stale, unknown := 0, 0, 0
	var oldest time.Duration
	reasons := map[string]bool{}
	for _, p := range d.cache.Read(contoso, d.looksAt) {
		switch {
		case p.Availability == presence.Unknown:
			unknown++
		case p.Stale:
			stale++
		default:
			fresh++
		}
		if p.Availability != presence.Unknown {
			oldest = max(oldest, p.Age)
		}
		if p.Reason != "" {
			reasons["`"+p.Reason+"`"] = true
		}
	}
	var parts []string
	for _, part := range []struct {
		n    int
		name string
	}{{fresh, "fresh"}, {stale, "marked old"}, {unknown, "unknown"}} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.name))
		}
	}
	said := strings.Join(parts, ", ")
	if oldest > 10*time.Second {
		said += ", " + roughly(oldest) + " old at most"
	}
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		said += ", " + reason
	}
	return said
}

// click says how an expert is confirmed before a call to them, and how long
// that took.
func (d *day) click(t *testing.T) string {
	begun := time.Now()
	confirmed, err := d.experts.Confirm(budget.With(t.Context(), budget.Confirmation), contoso, d.looksAt[0])
	took := time.Since(begun)
	switch {
	case err != nil:
		return "error: " + err.Error()
	case confirmed.Live:
		return "read live"
	case took == 0:
		return "from the index, at once"
	default:
		return "from the index, after " + took.Round(100*time.Millisecond).String()
	}
}

// roughly tells a time so that it does not matter when exactly the directory,
// whose rounds are spread, was read last.
func roughly(d time.Duration) string {
	if d < 3*time.Minute {
		return "under 3 min"
	}
	return fmt.Sprintf("about %d min", int(d.Round(5*time.Minute).Minutes()))
}
