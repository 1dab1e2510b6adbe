package ssotest_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	"github.com/coreos/go-oidc/v3/oidc"

	"teamsbridge/sso/ssotest"
)

// The clients here are the real libraries: whatever they find wrong with the
// simulator, they would find wrong with an Entra that behaved like it.

var graphScopes = []string{"https://graph.microsoft.com/.default"}

func (w world) azure() azcore.ClientOptions {
	return azcore.ClientOptions{
		Cloud:     cloud.Configuration{ActiveDirectoryAuthorityHost: w.URL},
		Transport: w.Client,
		Retry:     policy.RetryOptions{MaxRetries: -1},
	}
}

func TestAzidentityGetsAnApplicationTokenForGraph(t *testing.T) {
	certificate, key := selfSigned(t, time.Now())
	w := newWorld(t, func(a *ssotest.App, _ *ssotest.Options) { a.Certificates = []*x509.Certificate{certificate} })

	bySecret, err := azidentity.NewClientSecretCredential(tenantA, serviceID, secret,
		&azidentity.ClientSecretCredentialOptions{ClientOptions: w.azure(), DisableInstanceDiscovery: true})
	if err != nil {
		t.Fatal(err)
	}
	byCertificate, err := azidentity.NewClientCertificateCredential(tenantA, serviceID, []*x509.Certificate{certificate}, key,
		&azidentity.ClientCertificateCredentialOptions{ClientOptions: w.azure(), DisableInstanceDiscovery: true, SendCertificateChain: true})
	if err != nil {
		t.Fatal(err)
	}
	for name, credential := range map[string]azcore.TokenCredential{"by secret": bySecret, "by certificate": byCertificate} {
		for _, continuous := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				token, err := credential.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: graphScopes, EnableCAE: continuous})
				if err != nil {
					t.Fatal(err)
				}
				got, err := w.CheckGraphToken(token.Token)
				if err != nil {
					t.Fatal(err)
				}
				if got.Tenant != tenantA || got.AppID != serviceID || got.ObjectID != "" ||
					!slices.Equal(got.Roles, []string{"Presence.Read.All", "User.Read.All"}) {
					t.Errorf("token says %+v", got)
				}
			})
		}
	}
}

func TestAzidentityFindsTheCloudByInstanceDiscovery(t *testing.T) {
	w := newWorld(t)
	options := w.azure()
	options.Transport = sendAllTo{w}
	credential, err := azidentity.NewClientSecretCredential(tenantA, serviceID, secret,
		&azidentity.ClientSecretCredentialOptions{ClientOptions: options})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := credential.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: graphScopes}); err != nil {
		t.Fatal(err)
	}
}

// sendAllTo is a transport to which every host is the simulator, as a name server
// could make it.
type sendAllTo struct{ w world }

func (s sendAllTo) Do(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Host = s.w.URL[len("https://"):]
	r.Host = r.URL.Host
	return s.w.Client.Do(r)
}

func TestMSALActsOnBehalfOfAPerson(t *testing.T) {
	w := newWorld(t)
	credential, err := confidential.NewCredFromSecret(secret)
	if err != nil {
		t.Fatal(err)
	}
	client, err := confidential.New(w.URL+"/"+tenantA, serviceID, credential,
		confidential.WithHTTPClient(w.Client), confidential.WithInstanceDiscovery(false))
	if err != nil {
		t.Fatal(err)
	}
	assertion := w.signedIn(t, tenantA, ssotest.TeamsWeb, anja).AccessToken

	for _, scopes := range [][]string{
		graphScopes,
		{"https://graph.microsoft.com/Presence.Read.All"},
		{"https://graph.microsoft.com/User.Read"}, // by the refresh token of the first
	} {
		result, err := client.AcquireTokenOnBehalfOf(t.Context(), assertion, scopes)
		if err != nil {
			t.Fatalf("%v: %v", scopes, err)
		}
		got, err := w.CheckGraphToken(result.AccessToken)
		if err != nil {
			t.Fatal(err)
		}
		if got.ObjectID != anjaID || len(got.Scopes) == 0 || len(got.Roles) != 0 {
			t.Errorf("%v: token says %+v", scopes, got)
		}
	}

	w.Consent(tenantA, serviceID, nil)
	if _, err := client.AcquireTokenOnBehalfOf(t.Context(), assertion, []string{"https://graph.microsoft.com/Mail.Read"}); err == nil {
		t.Error("a token without consent")
	}
}

func TestGoOIDCVerifiesAccessTokensOfBothVersions(t *testing.T) {
	for name, version := range map[string]int{"version 2": 2, "version 1": 1} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(a *ssotest.App, _ *ssotest.Options) { a.TokenVersion = version })
			issuer, audience := w.URL+"/"+tenantA+"/v2.0", serviceID
			if version == 1 {
				issuer, audience = w.URL+"/"+tenantA+"/", idURI
			}
			ctx := oidc.ClientContext(t.Context(), w.Client)
			keys := oidc.NewRemoteKeySet(ctx, w.URL+"/"+tenantA+"/discovery/v2.0/keys")
			verifier := oidc.NewVerifier(issuer, keys, &oidc.Config{ClientID: audience})

			first := w.signedIn(t, tenantA, ssotest.TeamsWeb, anja).AccessToken
			w.RotateKeys()
			second := w.signedIn(t, tenantA, serviceID, anja).AccessToken
			for _, raw := range []string{first, second} {
				if _, err := verifier.Verify(ctx, raw); err != nil {
					t.Error(err)
				}
			}
			w.RotateKeys()
			fresh := oidc.NewVerifier(issuer, oidc.NewRemoteKeySet(ctx, w.URL+"/"+tenantA+"/discovery/v2.0/keys"), &oidc.Config{ClientID: audience})
			if _, err := fresh.Verify(ctx, first); err == nil {
				t.Error("a key is still published after two rotations")
			}
		})
	}
}

func TestGoOIDCDiscoversATenant(t *testing.T) {
	w := newWorld(t)
	ctx := oidc.ClientContext(t.Context(), w.Client)
	provider, err := oidc.NewProvider(ctx, w.URL+"/"+tenantA+"/v2.0")
	if err != nil {
		t.Fatal(err)
	}
	answer := w.signedIn(t, tenantA, serviceID, anja)
	token, err := provider.Verifier(&oidc.Config{ClientID: serviceID}).Verify(ctx, answer.IDToken)
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		Tenant string   `json:"tid"`
		Person string   `json:"oid"`
		Name   string   `json:"name"`
		Roles  []string `json:"roles"`
	}
	if err := token.Claims(&claims); err != nil {
		t.Fatal(err)
	}
	if claims.Tenant != tenantA || claims.Person != anjaID || claims.Name != "Anja Weber" || !slices.Equal(claims.Roles, []string{"Agent"}) {
		t.Errorf("id_token says %+v", claims)
	}
}

// selfSigned makes a certificate that begins at the time and holds for a day.
func selfSigned(t *testing.T, from time.Time) (*x509.Certificate, crypto.PrivateKey) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "teamsbridge"},
		NotBefore: from.Add(-time.Minute), NotAfter: from.Add(24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return certificate, key
}
