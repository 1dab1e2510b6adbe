package azcred_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"teamsbridge/sso/azcred"
	"teamsbridge/sso/ssotest"
)

const (
	tenant   = "aaaaaaaa-0000-4000-8000-000000000001"
	clientID = "11111111-0000-4000-8000-00000000000a"
	secret   = "not-a-secret-at-all"
)

var wanted = policy.TokenRequestOptions{Scopes: []string{"https://graph.microsoft.com/.default"}, EnableCAE: true}

// start runs an Entra with one tenant and one app, installed with one permission,
// and counts requests for tokens.
func start(t *testing.T, app ssotest.App) (*ssotest.Entra, *httptest.Server, *atomic.Int32) {
	t.Helper()
	var tokens atomic.Int32
	var handler http.Handler
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	entra := ssotest.New(ssotest.Options{TLSURL: server.URL, Log: func(r ssotest.Request) {
		if strings.HasSuffix(r.Path, "/token") {
			tokens.Add(1)
		}
	}})
	handler = entra.Handler()
	app.ClientID, app.GraphApplication = clientID, []string{"User.Read.All", "Presence.Read.All"}
	entra.AddTenant(ssotest.Tenant{ID: tenant, Name: "Nordlicht", Domain: "nordlicht.example"})
	entra.AddApp(app)
	entra.Consent(tenant, clientID, []string{"User.Read.All"})
	return entra, server, &tokens
}

func config(server *httptest.Server) azcred.Config {
	return azcred.Config{ClientID: clientID, ClientSecret: secret, Authority: server.URL, DisableInstanceDiscovery: true}
}

func open(t *testing.T, cfg azcred.Config, client *http.Client) *azcred.Credentials {
	t.Helper()
	credentials, err := azcred.New(cfg, azcred.Deps{HTTPClient: client})
	if err != nil {
		t.Fatal(err)
	}
	return credentials
}

func TestCredentialForATenantIsTheSameEachTimeAndCaches(t *testing.T) {
	entra, server, tokens := start(t, ssotest.App{Secrets: []string{secret}})
	credentials := open(t, config(server), server.Client())
	one, err := credentials.For(tenant)
	if err != nil {
		t.Fatal(err)
	}
	two, err := credentials.For(strings.ToUpper(tenant))
	if err != nil || one != two {
		t.Fatalf("another credential for the same tenant, or %v", err)
	}
	for range 3 {
		token, err := one.GetToken(t.Context(), wanted)
		if err != nil {
			t.Fatal(err)
		}
		got, err := entra.CheckGraphToken(token.Token)
		if err != nil || got.AppID != clientID || got.Tenant != tenant {
			t.Errorf("token says %+v, %v", got, err)
		}
	}
	if n := tokens.Load(); n != 1 {
		t.Errorf("%d token requests for three uses, want 1", n)
	}
	if ends := credentials.Ends(); !ends.IsZero() {
		t.Errorf("a secret ends at %v, but nobody here can know", ends)
	}
}

func TestConsentGivenLaterWorksAfterTheNextTry(t *testing.T) {
	entra, server, _ := start(t, ssotest.App{Secrets: []string{secret}})
	credentials := open(t, config(server), server.Client())
	credential, err := credentials.For(tenant)
	if err != nil {
		t.Fatal(err)
	}
	roles := func() []string {
		t.Helper()
		token, err := credential.GetToken(t.Context(), wanted)
		if err != nil {
			t.Fatal(err)
		}
		got, err := entra.CheckGraphToken(token.Token)
		if err != nil {
			t.Fatal(err)
		}
		return got.Roles
	}
	if got := roles(); !slices.Equal(got, []string{"User.Read.All"}) {
		t.Fatalf("before consent: %v", got)
	}
	entra.Consent(tenant, clientID, []string{"User.Read.All", "Presence.Read.All"})
	if got := credentials.Try(t.Context(), tenant); !got.OK || got.Meaning != azcred.MeaningOK || got.Code != "" {
		t.Fatalf("Try: %+v", got)
	}
	if got := roles(); !slices.Equal(got, []string{"Presence.Read.All", "User.Read.All"}) {
		t.Errorf("after consent and Try: %v", got)
	}
}

func TestTrySaysWhatIsWrong(t *testing.T) {
	off := false
	for _, row := range []struct {
		name          string
		prepare       func(*ssotest.Entra, *azcred.Config)
		code, meaning string
	}{
		{"an admin disabled the app", func(e *ssotest.Entra, _ *azcred.Config) { e.SetApp(tenant, clientID, &off, nil) }, "AADSTS7000112", azcred.MeaningAppDisabled},
		{"the app is not installed", func(e *ssotest.Entra, _ *azcred.Config) { e.Uninstall(tenant, clientID) }, "AADSTS7000229", azcred.MeaningAppMissing},
		{"no such app anywhere", func(_ *ssotest.Entra, c *azcred.Config) { c.ClientID = "99999999-0000-4000-8000-000000000009" }, "AADSTS700016", azcred.MeaningAppMissing},
		{"the secret is wrong", func(_ *ssotest.Entra, c *azcred.Config) { c.ClientSecret = "wrong" }, "AADSTS7000215", azcred.MeaningCredential},
		{"the secret has ended", func(_ *ssotest.Entra, c *azcred.Config) { c.ClientSecret = "old" }, "AADSTS7000222", azcred.MeaningCredential},
		{"nobody consented", refuses(400, 65001), "AADSTS65001", azcred.MeaningConsentRequired},
		{"conditional access for applications", refuses(400, 53003), "AADSTS53003", azcred.MeaningOther},
		{"Entra is throttling for longer than anybody waits", func(e *ssotest.Entra, _ *azcred.Config) {
			e.InjectFault(ssotest.Fault{Route: "/" + tenant + "/oauth2/v2.0/token", Status: 429, RetryAfter: 120})
		}, "AADSTS90055", azcred.MeaningUnreachable},
	} {
		t.Run(row.name, func(t *testing.T) {
			entra, server, _ := start(t, ssotest.App{Secrets: []string{secret}, ExpiredSecrets: []string{"old"}})
			cfg := config(server)
			row.prepare(entra, &cfg)
			got := open(t, cfg, server.Client()).Try(t.Context(), tenant)
			if got.OK || got.Code != row.code || got.Meaning != row.meaning {
				t.Errorf("%+v, want %s %s", got, row.code, row.meaning)
			}
			if got.RequestID == "" {
				t.Error("no request id")
			}
		})
	}
}

func refuses(status, code int) func(*ssotest.Entra, *azcred.Config) {
	return func(e *ssotest.Entra, _ *azcred.Config) {
		e.InjectFault(ssotest.Fault{Route: "/" + tenant + "/oauth2/v2.0/token", Status: status, Code: code})
	}
}

func TestTryOfAnUnknownTenant(t *testing.T) {
	_, server, _ := start(t, ssotest.App{Secrets: []string{secret}})
	got := open(t, config(server), server.Client()).Try(t.Context(), "cccccccc-0000-4000-8000-000000000003")
	if got.OK || got.Code != "AADSTS90002" || got.Meaning != azcred.MeaningOther {
		t.Errorf("%+v", got)
	}
}

func TestTryWithoutAnybodyThere(t *testing.T) {
	t.Run("the caller gave up", func(t *testing.T) {
		_, server, _ := start(t, ssotest.App{Secrets: []string{secret}})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		wantUnreachable(t, open(t, config(server), server.Client()).Try(ctx, tenant))
	})
	t.Run("the certificate is not trusted", func(t *testing.T) {
		_, server, _ := start(t, ssotest.App{Secrets: []string{secret}})
		distrustful := &http.Client{Transport: &http.Transport{}}
		t.Cleanup(distrustful.CloseIdleConnections)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond) // it would retry
		defer cancel()
		wantUnreachable(t, open(t, config(server), distrustful).Try(ctx, tenant))
	})
	t.Run("something else answers", func(t *testing.T) {
		proxy := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "<html>sign in to the guest network</html>", http.StatusForbidden)
		}))
		t.Cleanup(proxy.Close)
		wantUnreachable(t, open(t, config(proxy), proxy.Client()).Try(t.Context(), tenant))
	})
}

func wantUnreachable(t *testing.T, got azcred.Attempt) {
	t.Helper()
	if got.OK || got.Meaning != azcred.MeaningUnreachable || got.Code != "unreachable" {
		t.Errorf("%+v, want unreachable", got)
	}
}

func TestFailedTryLeavesTheServingCredentialAlone(t *testing.T) {
	entra, server, _ := start(t, ssotest.App{Secrets: []string{secret}})
	credentials := open(t, config(server), server.Client())
	credential, err := credentials.For(tenant)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := credential.GetToken(t.Context(), wanted); err != nil {
		t.Fatal(err)
	}
	refuses(400, 65001)(entra, nil)
	if got := credentials.Try(t.Context(), tenant); got.OK {
		t.Fatalf("%+v", got)
	}
	if _, err := credential.GetToken(t.Context(), wanted); err != nil {
		t.Errorf("the token that was good until now is gone: %v", err)
	}
}

func TestNewRefusesAConfigurationThatCannotWork(t *testing.T) {
	nonsense := filepath.Join(t.TempDir(), "nonsense.pem")
	if err := os.WriteFile(nonsense, []byte("-----BEGIN SECRET-----"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name string
		cfg  azcred.Config
		want []string
	}{
		{"nothing at all", azcred.Config{}, []string{"client_id", "needs one of certificate_file, federated_token_file"}},
		{"plain http", azcred.Config{ClientID: clientID, ClientSecret: secret, Authority: "http://127.0.0.1:1"}, []string{"authority"}},
		{"two kinds at once", azcred.Config{ClientID: clientID, CertificateFile: nonsense, ManagedIdentity: clientID}, []string{"managed_identity: only one"}},
		{"the machine's own identity", azcred.Config{ClientID: clientID, ManagedIdentity: "system"}, []string{"managed_identity", "user-assigned"}},
		{"a password for no file", azcred.Config{ClientID: clientID, ClientSecret: secret, CertificatePassword: "x"}, []string{"certificate_password"}},
		{"an end that is no day", azcred.Config{ClientID: clientID, ClientSecret: secret, ClientSecretEnds: "March"}, []string{"client_secret_ends"}},
		{"no cloud of Microsoft's", azcred.Config{ClientID: clientID, ClientSecret: secret, Cloud: "moon"}, []string{"cloud"}},
		{"a file that is not there", azcred.Config{ClientID: clientID, CertificateFile: "gone.pem"}, []string{"certificate_file"}},
		{"a file that is no certificate", azcred.Config{ClientID: clientID, CertificateFile: nonsense}, []string{"no readable certificate"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := azcred.New(row.cfg, azcred.Deps{})
			if err == nil {
				t.Fatal("accepted")
			}
			for _, want := range row.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not name %s", err, want)
				}
			}
		})
	}
}
