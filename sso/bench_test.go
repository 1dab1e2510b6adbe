package sso_test

import (
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"

	"teamsbridge/sso"
)

func BenchmarkVerify(b *testing.B) {
	a := newAuthority(b)
	v := a.verifier(b)
	for name, token := range map[string]string{
		"good Entra token":          sign(b, a.Key(0), a.V2()),
		"good contact-centre token": sign(b, a.Key(0), a.ContactCentre()),
		"expired":                   sign(b, a.Key(0), a.V2().with(payload{"exp": 1})),
		"forged under a known key":  forged(b, a),
		"unknown key":               sign(b, a.Key(1), a.V2()),
		"not a token":               "token",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = v.Verify(b.Context(), token)
			}
		})
	}
}

// BenchmarkGoOIDC is the library alone, for comparison: no person, no agent
// table, no protection of the issuer.
func BenchmarkGoOIDC(b *testing.B) {
	a := newAuthority(b)
	token := sign(b, a.Key(0), a.V2())
	keys := oidc.NewRemoteKeySet(b.Context(), a.URL+"/common/discovery/v2.0/keys")
	v := oidc.NewVerifier(a.URL+"/"+home+"/v2.0", keys, &oidc.Config{ClientID: serviceID, Now: a.Clock.Now})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Verify(b.Context(), token); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFromSession(b *testing.B) {
	d := newDesk(b)
	done := d.mustSignIn(b, sso.ProviderEntra, "", nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.FromSession(b.Context(), done.Secret); err != nil {
			b.Fatal(err)
		}
	}
}

func forged(b *testing.B, a *authority) string {
	b.Helper()
	k := a.Key(0)
	k.Private = a.Key(1).Private
	return sign(b, k, a.V2())
}
