package demo_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/configs"
	"teamsbridge/consult/dial"
	"teamsbridge/demo"
	"teamsbridge/graph/graphtest/apitest"
	"teamsbridge/internal/porttest"
)

func newWorld(t *testing.T, o demo.Options) *demo.World {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	o.People, o.Manual = 60, true
	o.Listen, o.TLSListen, o.ServiceURL = "127.0.0.1:0", "127.0.0.1:0", "http://127.0.0.1:8080"
	o.Logger = slog.New(slog.NewTextHandler(t.Output(), nil))
	o.AroundGraph = func(graph http.Handler) http.Handler { return apitest.Answers(t, graph) }
	w, err := demo.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := w.Close(ctx); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return w
}

// ask sends one request and decodes the JSON answer.
func ask(t *testing.T, method, address string, body any) (status int, answer map[string]any) {
	t.Helper()
	var sent io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		sent = strings.NewReader(b)
	default:
		data, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		sent = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, address, sent)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		t.Fatalf("%s %s: %d with a body that is no JSON object: %v", method, address, resp.StatusCode, err)
	}
	return resp.StatusCode, answer
}

func TestSameSeedGivesTheSameWorld(t *testing.T) {
	describe := func(seed uint64) map[string]any {
		w := newWorld(t, demo.Options{Seed: seed})
		_, world := ask(t, "GET", w.URL()+"/_control/world", nil)
		contactCentre, ok := world["contactCentre"].(map[string]any)
		if !ok {
			t.Fatalf("world without contactCentre: %v", world)
		}
		delete(contactCentre, "tokenEndpoint") // names the port of this run
		return world
	}
	first, again, other := describe(7), describe(7), describe(8)
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("the same seed gave another world:\n%s", diff)
	}
	if first["tenant"] == other["tenant"] {
		t.Error("another seed gave the same tenant")
	}
}

func TestWorldIsCastAsTheContractSays(t *testing.T) {
	w := newWorld(t, demo.Options{Seed: 1})
	_, answer := ask(t, "GET", w.URL()+"/_control/world", nil)
	data, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	var world struct {
		Tenant  string
		Scope   string
		Clients struct{ Browser, Teams string }
		Service struct{ ClientID, ClientSecret string }
		Users   []struct {
			ID, Username, Password, Name string
			Roles                        []string
			Number                       *string
		}
		Organizations []struct{ Tenant string }
		ContactCentre struct {
			TokenEndpoint, ClientID string
			Users                   []struct{ ID, Username, Password string }
		}
		Queues []struct{ Agents []string }
	}
	if err := json.Unmarshal(data, &world); err != nil {
		t.Fatal(err)
	}
	var roles []string
	for _, u := range world.Users {
		if len(u.Roles) != 1 {
			t.Errorf("%s has %d roles, want one", u.Name, len(u.Roles))
			continue
		}
		roles = append(roles, u.Roles[0])
	}
	if want := []string{"Agent", "Agent", "Agent", "Agent", "Supervisor", "Admin"}; !cmp.Equal(roles, want) {
		t.Errorf("roles = %v, want %v", roles, want)
	}
	if want := []string{world.Users[0].ID, world.Users[1].ID}; !cmp.Equal(world.Queues[0].Agents, want) {
		t.Errorf("the first queue has %v, want the first two agents %v", world.Queues[0].Agents, want)
	}
	if world.Clients.Browser != world.Service.ClientID {
		t.Error("the browser signs in with another application than the service's")
	}
	if len(world.Organizations) == 0 || world.Organizations[0].Tenant == world.Tenant {
		t.Errorf("organizations = %v, want at least one other", world.Organizations)
	}
	for _, u := range world.Users {
		if u.ID == world.ContactCentre.Users[0].ID {
			t.Error("the contact centre's first account is no agent of its own")
		}
	}
	if !strings.HasSuffix(world.Scope, "/access_as_user") {
		t.Errorf("scope = %q", world.Scope)
	}
}

func TestPasswordsGiveTokensOnThePlainAddress(t *testing.T) {
	w := newWorld(t, demo.Options{Seed: 1})
	_, world := ask(t, "GET", w.URL()+"/_control/world", nil)
	person := world["users"].([]any)[0].(map[string]any)
	cc := world["contactCentre"].(map[string]any)
	ccPerson := cc["users"].([]any)[0].(map[string]any)
	for _, c := range []struct {
		name, endpoint string
		form           url.Values
	}{
		{"at Entra for the browser", w.URL() + "/" + world["tenant"].(string) + "/oauth2/v2.0/token", url.Values{
			"client_id": {world["clients"].(map[string]any)["browser"].(string)}, "scope": {world["scope"].(string)},
			"username": {person["username"].(string)}, "password": {person["password"].(string)},
		}},
		{"at Entra for Teams", w.URL() + "/" + world["tenant"].(string) + "/oauth2/v2.0/token", url.Values{
			"client_id": {world["clients"].(map[string]any)["teams"].(string)}, "scope": {world["scope"].(string)},
			"username": {person["username"].(string)}, "password": {person["password"].(string)},
		}},
		{"at the contact centre's own provider", cc["tokenEndpoint"].(string), url.Values{
			"client_id": {cc["clientId"].(string)}, "scope": {"openid"},
			"username": {ccPerson["username"].(string)}, "password": {ccPerson["password"].(string)},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.form.Set("grant_type", "password")
			req, err := http.NewRequestWithContext(t.Context(), "POST", c.endpoint, strings.NewReader(c.form.Encode()))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			var token struct {
				AccessToken string `json:"access_token"`
			}
			body, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(body, &token); err != nil || resp.StatusCode != http.StatusOK || token.AccessToken == "" {
				t.Errorf("%d %s", resp.StatusCode, body)
			}
		})
	}
}

func TestServiceTrustsTheTLSAddressThroughItsCASetting(t *testing.T) {
	dir := t.TempDir()
	w := newWorld(t, demo.Options{Seed: 1, Dir: dir})
	cfg := w.Config()
	pem, err := os.ReadFile(cfg.Outbound.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		t.Fatal("the CA file holds no certificate")
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	defer client.CloseIdleConnections()
	for _, path := range []string{"/" + cfg.SSO.Entra.Tenants[0] + "/v2.0/.well-known/openid-configuration", "/contact-centre/.well-known/openid-configuration"} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", cfg.SSO.Entra.Authority+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		var discovery struct{ Issuer, TokenEndpoint string }
		err = json.NewDecoder(resp.Body).Decode(&discovery)
		resp.Body.Close()
		if err != nil || !strings.HasPrefix(discovery.Issuer, cfg.SSO.Entra.Authority) {
			t.Errorf("%s: issuer %q, want one at %s (%v)", path, discovery.Issuer, cfg.SSO.Entra.Authority, err)
		}
	}
}

func TestTLSPortIsTakenAgain(t *testing.T) {
	dir := t.TempDir()
	var authorities []string
	for _, listen := range []string{porttest.Address(t), "127.0.0.1:0"} {
		w, err := demo.New(t.Context(), demo.Options{
			Seed: 1, People: 10, Dir: dir, Listen: "127.0.0.1:0", TLSListen: listen, Logger: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			t.Fatal(err)
		}
		authorities = append(authorities, w.Config().SSO.Entra.Authority)
		if err := w.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if authorities[0] != authorities[1] {
		t.Errorf("authority was %s, is %s after a restart", authorities[0], authorities[1])
	}
}

func TestPremiumNumbersAreNotDialledInTheDemo(t *testing.T) {
	cfg := newWorld(t, demo.Options{Seed: 1}).Config()
	allowed := func(number string) bool {
		ok, _ := cfg.Dial.Allowed(dial.Read(number, "DE"), []string{"Agent"})
		return ok
	}
	for _, number := range []string{"+49900123456", "0900 123456", "0049 900 123456", "+1 900 555 1234"} {
		if allowed(number) {
			t.Errorf("%s is allowed", number)
		}
	}
	for _, number := range []string{"+12015532447", "*123*", "112", "4711", cfg.Consult.EntryPoints[0].Number, cfg.Consult.DialNumbers[0].Number} {
		if !allowed(number) {
			t.Errorf("%s is not allowed", number)
		}
	}
}

func TestConfigurationOfTheDemoHasNoProblems(t *testing.T) {
	for name, patience := range map[string]time.Duration{"as by default": 0, "patient": time.Minute} {
		t.Run(name, func(t *testing.T) {
			cfg := newWorld(t, demo.Options{Seed: 1, Patience: patience}).Config()
			if err := configs.Validate(cfg); err != nil {
				t.Error(err)
			}
			if rings := cfg.Consult.RingTimeout; patience > 0 && rings != patience || patience == 0 && rings != configs.Default().Consult.RingTimeout {
				t.Errorf("a telephone rings for %v", rings)
			}
		})
	}
}
