package main

import (
	"fmt"
	"time"

	"teamsbridge/internal/renewal"
	"teamsbridge/internal/tlsfiles"
	"teamsbridge/sso/azcred"
	"teamsbridge/web"
)

// endings are what ends one day unless somebody renews it.
type endings struct {
	credentials *azcred.Credentials
	tls         *tlsfiles.Certificate // nil where a proxy ends TLS
}

// credential is what administrators see.
func (e endings) credential() web.Credential {
	return web.Credential{Kind: e.credentials.Kind(), Ends: e.credentials.Ends(), Problem: e.credentials.Problem()}
}

// notes tell the operator of what ends soon, and of a renewal that failed.
func (e endings) notes(now time.Time) []string {
	notes := endingNotes("credential at Microsoft", now, e.credentials.Ends(), e.credentials.Problem())
	if e.tls != nil {
		notes = append(notes, endingNotes("TLS certificate", now, e.tls.Ends(), e.tls.Problem())...)
	}
	return notes
}

func endingNotes(what string, now, ends time.Time, problem string) []string {
	var notes []string
	switch renewal.StageAt(now, ends) {
	case renewal.StageFar:
	case renewal.StageEnded:
		notes = append(notes, what+" has ended")
	default:
		notes = append(notes, fmt.Sprintf("%s ends in days: %d", what, renewal.DaysLeft(now, ends)))
	}
	if problem != "" {
		notes = append(notes, what+", new certificate not used: "+problem)
	}
	return notes
}
