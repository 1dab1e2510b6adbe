package sso_test

import (
	"maps"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
	"teamsbridge/sso/tokentest"
)

const (
	home      = tokentest.Home
	partner   = tokentest.Partner
	stranger  = tokentest.Stranger
	serviceID = tokentest.ServiceID
	otherApp  = tokentest.OtherApp
	cliApp    = tokentest.CLIApp
	teamsWeb  = tokentest.TeamsWeb
	teamsDesk = tokentest.TeamsDesk
	idURI     = tokentest.IDURI

	anja  = tokentest.Anja
	bert  = tokentest.Bert
	sofia = tokentest.Sofia
	nina  = tokentest.Nina
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func at(offset time.Duration) int64 { return noon.Add(offset).Unix() }

// clock stands still until it is moved.
type clock struct{ at atomic.Int64 }

func newClock(at time.Time) *clock {
	c := new(clock)
	c.at.Store(at.UnixNano())
	return c
}

func (c *clock) Now() time.Time          { return time.Unix(0, c.at.Load()).UTC() }
func (c *clock) Advance(d time.Duration) { c.at.Add(int64(d)) }

func agents(t testing.TB) *sso.Agents {
	t.Helper()
	return tokentest.Agents(t)
}

// authority is an issuer that publishes and signs whatever a test wants. Its
// tokens are of noon, whatever the clock says by which they are judged.
type authority struct {
	*tokentest.Authority
	Clock *clock
}

func newAuthority(t testing.TB) *authority {
	t.Helper()
	return &authority{tokentest.NewAuthority(t, func() time.Time { return noon }), newClock(noon)}
}

// verifier trusts the authority.
func (a *authority) verifier(t testing.TB, change ...func(*sso.Config, *sso.Deps)) *sso.Verifier {
	t.Helper()
	cfg := a.config()
	deps := sso.WithClock(sso.Deps{Agents: agents(t), Sessions: new(sessiontest.Memory)}, a.Clock.Now)
	for _, c := range change {
		c(&cfg, &deps)
	}
	v, err := sso.NewVerifier(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// config is what verifier starts from: one provider beside Entra.
func (a *authority) config() sso.Config {
	cfg := a.Config()
	cfg.ContactCentre = cfg.ContactCentre[:1]
	return cfg
}

type key = tokentest.Key

// payload is what a token says.
type payload map[string]any

// with gives a copy with other claims; nil takes one away.
func (p payload) with(changes payload) payload {
	return payload(tokentest.Payload(p).With(tokentest.Payload(maps.Clone(changes))))
}

func (a *authority) V2() payload            { return payload(a.Authority.V2()) }
func (a *authority) V1() payload            { return payload(a.Authority.V1()) }
func (a *authority) Application() payload   { return payload(a.Authority.Application()) }
func (a *authority) ContactCentre() payload { return payload(a.Authority.ContactCentre()) }
func (a *authority) Second() payload        { return payload(a.Authority.Second()) }

// sign makes a token the ordinary way.
func sign(t testing.TB, k key, p payload) string {
	t.Helper()
	return new(tokentest.Authority).Sign(t, k, tokentest.Payload(p))
}

func signBytes(t testing.TB, k jose.SigningKey, header map[jose.HeaderKey]any, body []byte) string {
	t.Helper()
	return tokentest.SignBytes(t, k, header, body)
}

// claiming alters a good version 2 token, signed with the real key.
func claiming(changes payload) func(testing.TB, *authority) string {
	return func(t testing.TB, a *authority) string { return sign(t, a.Key(0), a.V2().with(changes)) }
}

func claimingV1(changes payload) func(testing.TB, *authority) string {
	return func(t testing.TB, a *authority) string { return sign(t, a.Key(0), a.V1().with(changes)) }
}

func claimingCC(changes payload) func(testing.TB, *authority) string {
	return func(t testing.TB, a *authority) string { return sign(t, a.Key(0), a.ContactCentre().with(changes)) }
}
