package sso

import "time"

// SafeReturn is tested by itself: its table would be unreadable through Begin.
var SafeReturn = safeReturn

// WithClock sets the clock by which tokens, sessions and transactions are judged.
func WithClock(d Deps, now func() time.Time) Deps {
	d.now = now
	return d
}

// WithOrganizationsClock is WithClock for organisations.
func WithOrganizationsClock(d OrganizationsDeps, now func() time.Time) OrganizationsDeps {
	d.now = now
	return d
}

// SetFirstAdminsClock sets the clock by which administrators' codes are judged.
func SetFirstAdminsClock(f *FirstAdmins, now func() time.Time) { f.now = now }
