package sso

import (
	"encoding/json"
	"math"
	"net/http"
	"time"
)

// SafeReturn is tested by itself: its table would be unreadable through Begin.
var SafeReturn = safeReturn

// WithClock sets the clock by which tokens, sessions and transactions are judged,
// and takes away the others that decide: however slow the machine is, nobody's
// patience with an issuer ends before a minute.
func WithClock(d Deps, now func() time.Time) Deps {
	d.now, d.Patience = now, time.Minute
	if d.HTTPClient == nil {
		d.HTTPClient = &http.Client{Timeout: time.Minute}
	}
	return d
}

// WithOrganizationsClock is WithClock for organisations.
func WithOrganizationsClock(d OrganizationsDeps, now func() time.Time) OrganizationsDeps {
	d.now = now
	return d
}

// SetFirstAdminsClock sets the clock by which administrators' codes are judged.
func SetFirstAdminsClock(f *FirstAdmins, now func() time.Time) { f.now = now }

// UsableKeys gives the ids of the keys that would be trusted of a JWK set.
func UsableKeys(document []byte) (ids []string, weakest int, err error) {
	var published publishedKeys
	if err := json.Unmarshal(document, &published); err != nil {
		return nil, 0, err
	}
	weakest = math.MaxInt
	for _, k := range published.usable() {
		ids, weakest = append(ids, k.id), min(weakest, k.public.N.BitLen())
	}
	return ids, weakest, nil
}

// ForgetShown makes a token one that was never shown.
func ForgetShown(v *Verifier, token string) { v.shown.forget(digest(token)) }
