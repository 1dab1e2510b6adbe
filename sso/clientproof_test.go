package sso_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"teamsbridge/sso"
)

// certified is a service with a certificate, which Entra knows, and no secret.
func certified(t *testing.T) (*world, sso.ClientAssertion) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "teamsbridge"},
		NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(time.Hour),
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	app := service()
	app.Secrets, app.Certificates = nil, []*x509.Certificate{certificate}
	w.Entra.AddApp(app)
	thumbprint := sha256.Sum256(raw)
	return w, func(_ context.Context, endpoint string) (string, error) {
		now := time.Now()
		token := jwt.NewWithClaims(jwt.SigningMethodPS256, jwt.MapClaims{
			"iss": serviceID, "sub": serviceID, "aud": endpoint, "jti": rand.Text(), "nbf": now.Unix(), "exp": now.Add(time.Minute).Unix(),
		})
		token.Header["x5t#S256"] = base64.RawURLEncoding.EncodeToString(thumbprint[:])
		return token.SignedString(key)
	}
}

func withoutSecret(cfg *sso.Config) { cfg.Entra.ClientSecret = "" }

func TestASignInIsRedeemedAndReviewedByCertificateWhereThereIsNoSecret(t *testing.T) {
	w, proof := certified(t)
	w.Proof = proof
	w.build(t, withoutSecret)
	if _, err := w.FromSession(t.Context(), signInWithBrowser(t, w, "anja@nordlicht.example", "")); err != nil {
		t.Fatal(err)
	}
	revoked := signInWithBrowser(t, w, "sofia@nordlicht.example", "")
	w.Entra.RevokeSessions(home, sofia)
	if _, err := w.FromSession(t.Context(), revoked); !errors.Is(err, sso.ErrSignInRequired) {
		t.Errorf("revoked, and still in: %v", err)
	}
}

func TestAServiceThatCannotProveItselfSaysSoOfItselfAlone(t *testing.T) {
	for name, tt := range map[string]struct {
		proof sso.ClientAssertion
		want  string
	}{
		"nothing to show":       {nil, "own credential"},
		"a proof that fails":    {func(context.Context, string) (string, error) { return "", errors.New("file is gone") }, "cannot prove itself"},
		"a proof of somebody's": {func(context.Context, string) (string, error) { return "e30.e30.e30", nil }, "own credential"},
		"a proof for elsewhere": {nil, "own credential"},
	} {
		t.Run(name, func(t *testing.T) {
			w, proof := certified(t)
			w.Proof = tt.proof
			if name == "a proof for elsewhere" {
				w.Proof = func(ctx context.Context, _ string) (string, error) {
					return proof(ctx, "https://elsewhere.example/token")
				}
			}
			w.build(t, withoutSecret)
			begun, err := w.Begin(t.Context(), sso.Entry{Provider: sso.ProviderEntra, Return: "/"})
			if err != nil {
				t.Fatal(err)
			}
			query := signingIn(t, "anja@nordlicht.example").visit(begun.URL)
			_, err = w.Complete(t.Context(), sso.Callback{State: query.Get("state"), Code: query.Get("code"), Browser: begun.Browser})
			if err == nil || !strings.Contains(err.Error(), tt.want) || errors.Is(err, sso.ErrSignInRequired) || errors.Is(err, sso.ErrProviderUnavailable) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestARenewedSecretIsShownWithoutARestart(t *testing.T) {
	w := newWorld(t)
	app := service()
	app.Secrets, app.ExpiredSecrets = []string{"the next"}, []string{"entra-secret"}
	w.Entra.AddApp(app)
	signIn := func() error {
		begun, err := w.Begin(t.Context(), sso.Entry{Provider: sso.ProviderEntra, Return: "/"})
		if err != nil {
			t.Fatal(err)
		}
		query := signingIn(t, "anja@nordlicht.example").visit(begun.URL)
		_, err = w.Complete(t.Context(), sso.Callback{State: query.Get("state"), Code: query.Get("code"), Browser: begun.Browser})
		return err
	}
	if err := signIn(); err == nil || strings.Contains(err.Error(), "entra-secret") {
		t.Fatalf("with the old secret: %v", err)
	}
	w.SetClientSecrets(sso.Config{Entra: sso.EntraConfig{ClientSecret: "the next"}})
	if err := signIn(); err != nil {
		t.Errorf("with the next: %v", err)
	}
}
