package sso_test

import (
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

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
				sso.ForgetShown(v, token) // each as if for the first time
			}
		})
	}
	b.Run("shown before", func(b *testing.B) {
		token := sign(b, a.Key(0), a.V2())
		b.ReportAllocs()
		for b.Loop() {
			if _, err := v.Verify(b.Context(), token); err != nil {
				b.Fatal(err)
			}
		}
	})
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

// BenchmarkFlood shows the verifier 10,000 bad tokens from four senders, of an
// unknown key and of a bad signature in turns, while a good agent's token is
// verified again and again; then a tenth of them to go-oidc's key set. Beside it
// stands what the agent's token takes while all is quiet.
func BenchmarkFlood(b *testing.B) {
	const bad, senders = 10_000, 4
	a := newAuthority(b)
	v := a.verifier(b)
	good := sign(b, a.Key(0), a.V2())
	verify := func(token string) {
		if _, err := v.Verify(b.Context(), token); (err == nil) != (token == good) {
			b.Fatal(err)
		}
	}
	verify(good)
	var fetches, rivals int32
	var quiet, meanwhile []time.Duration
	for b.Loop() {
		for range 1000 {
			began := time.Now()
			verify(good)
			quiet = append(quiet, time.Since(began))
		}
		a.Clock.Advance(30 * time.Second) // a cool-down is over
		tokens := []string{sign(b, a.Key(1), a.V2()), forged(b, a)}
		before := a.Fetches.Load()
		done := flood(senders, bad, func(i int) { _, _ = v.Verify(b.Context(), tokens[i%2]) })
		for open := true; open; {
			select {
			case <-done:
				open = false
			default:
				began := time.Now()
				verify(good)
				meanwhile = append(meanwhile, time.Since(began))
			}
		}
		fetches += a.Fetches.Load() - before

		keys := oidc.NewRemoteKeySet(b.Context(), a.URL+"/common/discovery/v2.0/keys")
		before = a.Fetches.Load()
		<-flood(1, bad/10, func(i int) { _, _ = keys.VerifySignature(b.Context(), tokens[i%2]) })
		rivals += (a.Fetches.Load() - before) * 10
	}
	b.ReportMetric(0, "ns/op") // a flood is as long as it is
	b.ReportMetric(float64(fetches)/float64(b.N), "fetches")
	b.ReportMetric(float64(rivals)/float64(b.N), "rival_fetches")
	b.ReportMetric(percentile(quiet, 50), "quiet_p50_ns")
	b.ReportMetric(percentile(quiet, 99), "quiet_p99_ns")
	b.ReportMetric(percentile(meanwhile, 50), "p50_ns")
	b.ReportMetric(percentile(meanwhile, 99), "p99_ns")
}

// flood lets senders do it times times in all, and says when they have.
func flood(senders, times int, do func(i int)) (done <-chan struct{}) {
	over := make(chan struct{})
	var all sync.WaitGroup
	for range senders {
		all.Go(func() {
			for i := range times / senders {
				do(i)
				runtime.Gosched() // as a request does that has been answered
			}
		})
	}
	go func() {
		all.Wait()
		close(over)
	}()
	return over
}

func percentile(took []time.Duration, p int) float64 {
	slices.Sort(took)
	return float64(took[(len(took)-1)*p/100])
}

func forged(b *testing.B, a *authority) string {
	b.Helper()
	k := a.Key(0)
	k.Private = a.Key(1).Private
	return sign(b, k, a.V2())
}
