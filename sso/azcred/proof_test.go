package azcred_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"teamsbridge/sso/azcred"
	"teamsbridge/sso/ssotest"
)

// otherIssuer makes tokens that the application trusts.
type otherIssuer struct {
	key             *rsa.PrivateKey
	issuer, subject string
}

func newOtherIssuer(t *testing.T) otherIssuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return otherIssuer{key: key, issuer: "https://cluster.example/oidc", subject: "system:serviceaccount:calls:teamsbridge"}
}

func (o otherIssuer) trusted() ssotest.App {
	return ssotest.App{Federations: []ssotest.Federation{{Issuer: o.issuer, Subject: o.subject, Key: &o.key.PublicKey}}}
}

func (o otherIssuer) token(t *testing.T, subject string) string {
	t.Helper()
	token, err := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
		"iss": o.issuer, "sub": subject, "aud": ssotest.ExchangeAudience, "exp": time.Now().Add(time.Hour).Unix(),
	}).SignedString(o.key)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestWorkloadIdentityReadsItsTokenEachTime(t *testing.T) {
	issuer := newOtherIssuer(t)
	_, server, _ := start(t, issuer.trusted())
	cfg := config(server)
	cfg.FederatedTokenFile = filepath.Join(t.TempDir(), "token")
	put(t, cfg.FederatedTokenFile, []byte(issuer.token(t, "system:serviceaccount:calls:default")))
	credentials := open(t, cfg, server.Client())
	if credentials.Kind() != azcred.KindWorkloadIdentity || !credentials.Ends().IsZero() {
		t.Errorf("%s, ends %v", credentials.Kind(), credentials.Ends())
	}
	if got := credentials.Try(t.Context(), tenant); got.Code != "AADSTS700213" || got.Meaning != azcred.MeaningCredential {
		t.Errorf("another subject: %+v", got)
	}
	put(t, cfg.FederatedTokenFile, []byte(issuer.token(t, issuer.subject)+"\n"))
	if got := credentials.Try(t.Context(), tenant); !got.OK {
		t.Errorf("with the file's new token: %+v", got)
	}
	put(t, cfg.FederatedTokenFile, nil)
	wantNoProof(t, "an empty file", credentials)
	if err := os.Remove(cfg.FederatedTokenFile); err != nil {
		t.Fatal(err)
	}
	wantNoProof(t, "no file", credentials)
}

func wantNoProof(t *testing.T, when string, c *azcred.Credentials) {
	t.Helper()
	if got := c.Try(t.Context(), tenant); got.Code != "no-proof" || got.Meaning != azcred.MeaningCredential {
		t.Errorf("%s: %+v", when, got)
	}
}

// imds answers for the machine, as the instance metadata service does, and
// passes everything else on.
type imds struct {
	next   http.RoundTripper
	answer func(*http.Request) (status int, body map[string]string)
}

func (m imds) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != "169.254.169.254" {
		return m.next.RoundTrip(r)
	}
	return inProcess{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, body := m.answer(r)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body)
	})}.RoundTrip(r)
}

func TestAManagedIdentityProvesTheApplication(t *testing.T) {
	identity := uuid.NewString() // no test's before: azidentity keeps tokens for the whole process
	issuer := newOtherIssuer(t)
	entra, server, _ := start(t, issuer.trusted())
	asked := 0
	client := &http.Client{Transport: imds{server.Client().Transport, func(r *http.Request) (int, map[string]string) {
		q := r.URL.Query()
		if r.Header.Get("Metadata") != "true" || q.Get("resource") != ssotest.ExchangeAudience || q.Get("client_id") != identity || q.Get("api-version") == "" {
			return http.StatusBadRequest, map[string]string{"error": "invalid_request"}
		}
		asked++
		return http.StatusOK, map[string]string{
			"access_token": issuer.token(t, issuer.subject), "expires_in": "86399", "token_type": "Bearer", "resource": ssotest.ExchangeAudience,
		}
	}}}
	cfg := config(server)
	cfg.ManagedIdentity = identity
	credentials := open(t, cfg, client)
	credential, err := credentials.For(tenant)
	if err != nil {
		t.Fatal(err)
	}
	token, err := credential.GetToken(t.Context(), wanted)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := entra.CheckGraphToken(token.Token); err != nil || got.AppID != clientID {
		t.Errorf("the token says %+v, %v: want the application, not the identity", got, err)
	}
	if got := credentials.Try(t.Context(), tenant); !got.OK {
		t.Errorf("%+v", got)
	}
	if asked != 1 {
		t.Errorf("the machine was asked %d times, want once for both", asked)
	}
}

func TestAMachineWithoutTheManagedIdentity(t *testing.T) {
	_, server, _ := start(t, newOtherIssuer(t).trusted())
	client := &http.Client{Transport: imds{server.Client().Transport, func(*http.Request) (int, map[string]string) {
		return http.StatusBadRequest, map[string]string{"error": "invalid_request", "error_description": "Identity not found"}
	}}}
	cfg := config(server)
	cfg.ManagedIdentity = uuid.NewString()
	wantNoProof(t, "no such identity", open(t, cfg, client))
}

func TestASecretsEndComesFromTheConfiguration(t *testing.T) {
	_, server, _ := start(t, ssotest.App{Secrets: []string{secret}})
	cfg := config(server)
	cfg.ClientSecretEnds = "2031-03-01"
	want := time.Date(2031, 3, 1, 0, 0, 0, 0, time.UTC)
	if got := open(t, cfg, server.Client()).Ends(); !got.Equal(want) {
		t.Errorf("ends %v, want %v", got, want)
	}
}

func TestTheConfidentialClientShowsTheSameProof(t *testing.T) {
	file, certificate := writeCertificate(t)
	issuer := newOtherIssuer(t)
	tokenFile := filepath.Join(t.TempDir(), "token")
	put(t, tokenFile, []byte(issuer.token(t, issuer.subject)))
	for _, c := range []struct {
		name string
		app  ssotest.App
		set  func(*azcred.Config)
	}{
		{"a certificate", ssotest.App{Certificates: []*x509.Certificate{certificate}}, func(c *azcred.Config) { c.CertificateFile = file }},
		{"a workload identity", issuer.trusted(), func(c *azcred.Config) { c.FederatedTokenFile = tokenFile }},
		{"a client secret", ssotest.App{Secrets: []string{secret}}, func(*azcred.Config) {}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, server, _ := start(t, c.app)
			cfg := config(server)
			c.set(&cfg)
			shown, err := open(t, cfg, server.Client()).Confidential()
			if err != nil {
				t.Fatal(err)
			}
			client, err := confidential.New(server.URL+"/"+tenant, clientID, shown,
				confidential.WithHTTPClient(server.Client()), confidential.WithInstanceDiscovery(false))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := client.AcquireTokenByCredential(t.Context(), wanted.Scopes); err != nil || !strings.HasPrefix(got.AccessToken, "ey") {
				t.Errorf("%v", err)
			}
		})
	}
}
