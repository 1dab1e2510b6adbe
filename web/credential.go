package web

import (
	"time"

	"teamsbridge/internal/renewal"
	"teamsbridge/sso"
)

// Credential is the service's own at Microsoft, the same for every organisation.
type Credential struct {
	Kind    string    // "certificate", "workload-identity", "managed-identity" or "client-secret"
	Ends    time.Time // zero when nobody here knows
	Problem string    // why a new certificate is not in use; empty when nothing is wrong
}

type credentialState struct {
	ExpiresAt *string                 `json:"expiresAt" format:"date-time"`
	Kind      *string                 `json:"kind" doc:"certificate, workload-identity, managed-identity or client-secret"`
	DaysLeft  *int                    `json:"daysLeft" doc:"Whole days until it ends; negative afterwards"`
	Warning   nullable[renewal.Stage] `json:"warning" doc:"soon (30 days or less), urgent (7 days or less) or ended"`
	Problem   *string                 `json:"problem" doc:"Why a new certificate is not used"`
}

func (s *Server) credentialOf(org sso.Organization) credentialState {
	known := Credential{Ends: org.CredentialEnds}
	if s.deps.Credential != nil {
		known = s.deps.Credential()
	}
	out := credentialState{ExpiresAt: timeOrNull(known.Ends), Kind: orNull(known.Kind), Problem: orNull(known.Problem)}
	if now := s.now(); !known.Ends.IsZero() {
		days := renewal.DaysLeft(now, known.Ends)
		out.DaysLeft, out.Warning = &days, orNullWord(renewal.StageAt(now, known.Ends))
	}
	return out
}
