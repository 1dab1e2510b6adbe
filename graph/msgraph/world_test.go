package msgraph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/graph"
	"teamsbridge/graph/graphtest"
	"teamsbridge/graph/graphtest/apitest"
	"teamsbridge/graph/msgraph"
	"teamsbridge/sso/ssotest"
)

const (
	contoso  = "6e93a7a2-2bd4-4a13-8b1e-cf9e6c6c5a11"
	fabrikam = "0d0c1a3e-7a55-4c58-9a60-6a3d3d1f7b22"
	service  = "aaaaaaaa-1111-4111-8111-aaaaaaaaaaaa"
	secret   = "not-a-secret-of-anybody"
)

var permissions = []string{"User.Read.All", "Presence.Read.All"}

// world is a simulated Microsoft over real HTTPS and a Client that talks to it.
type world struct {
	*msgraph.Client
	entra   *ssotest.Entra
	graph   *graphtest.Server
	org     graphtest.Organization
	url     string
	http    *http.Client // trusts the server
	metrics *prometheus.Registry

	mu   sync.Mutex
	seen []seen
}

// seen is what of a request at Graph a test may want to look at.
type seen struct {
	method, path, query string
	header              http.Header
}

func newWorld(t testing.TB, people int, change ...func(*graphtest.Options)) *world {
	t.Helper()
	w := &world{metrics: prometheus.NewRegistry()}
	var graphHandler http.Handler
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/v1.0/") {
			w.entra.Handler().ServeHTTP(rw, r)
			return
		}
		w.mu.Lock()
		w.seen = append(w.seen, seen{r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Clone()})
		w.mu.Unlock()
		graphHandler.ServeHTTP(rw, r)
	}))
	w.url = "https://" + server.Listener.Addr().String()
	w.entra = ssotest.New(ssotest.Options{Seed: 1, PlainURL: w.url, TLSURL: w.url})
	w.entra.AddApp(ssotest.App{ClientID: service, Name: "teamsbridge", Secrets: []string{secret}, GraphApplication: permissions})
	w.org = graphtest.Generate(1, contoso, "Contoso", "contoso.example", "DE", people)
	other := graphtest.Generate(1, fabrikam, "Fabrikam", "fabrikam.example", "AT", 5)
	for _, org := range []graphtest.Organization{w.org, other} {
		w.entra.AddTenant(ssotest.Tenant{ID: org.Tenant, Name: org.Name, Domain: org.Domain})
		w.entra.Consent(org.Tenant, service, permissions)
	}
	o := graphtest.Options{Authority: w.entra, Seed: 1}
	for _, c := range change {
		c(&o)
	}
	w.graph = graphtest.New(o, w.org, other)
	w.entra.AskForMembers(w.graph.IsMember)
	if graphHandler = w.graph.Handler(); !isBenchmark(t) {
		graphHandler = apitest.Requests(t, graphHandler) // nothing undescribed leaves the adapter
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	w.http = server.Client()

	client, err := msgraph.New(msgraph.Config{BaseURL: w.url + "/v1.0"}, msgraph.Deps{
		Credential: func(tenant string) (azcore.TokenCredential, error) {
			return &credential{client: w.http, endpoint: w.url + "/" + tenant + "/oauth2/v2.0/token"}, nil
		},
		HTTPClient: w.http,
		Registerer: w.metrics,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Client = client
	return w
}

// isBenchmark tells whether what is measured must not pay for checks.
func isBenchmark(t testing.TB) bool {
	_, yes := t.(*testing.B)
	return yes
}

// requests are those that reached Graph since the last call.
func (w *world) requests() []seen {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := w.seen
	w.seen = nil
	return all
}

// credential is the service's secret, used as plainly as OAuth allows.
type credential struct {
	client   *http.Client
	endpoint string
}

func (c *credential) GetToken(ctx context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {service}, "client_secret": {secret}, "scope": o.Scopes,
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint, strings.NewReader(form.Encode()))
	if err != nil {
		return azcore.AccessToken{}, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := c.client.Do(r)
	if err != nil {
		return azcore.AccessToken{}, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return azcore.AccessToken{}, err
	}
	if response.StatusCode != http.StatusOK {
		// azidentity's error holds the answer's text too.
		return azcore.AccessToken{}, fmt.Errorf("token: %s", body)
	}
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(body, &token); err != nil {
		return azcore.AccessToken{}, err
	}
	return azcore.AccessToken{Token: token.AccessToken, ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// readAll follows a delta from link until its end.
func (w *world) readAll(t *testing.T, link string) (people []graph.Person, delta string, pages int) {
	t.Helper()
	for {
		page, err := w.DeltaPage(t.Context(), contoso, link)
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, page.People...)
		pages++
		if page.Delta != "" {
			return people, page.Delta, pages
		}
		link = page.Next
	}
}

// id is the object id of the nth person.
func (w *world) id(n int) graph.UserID { return graph.UserID(w.org.Users[n].ID) }
