package sso

import (
	"errors"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

func newVerificationCounter(registerer prometheus.Registerer) (*prometheus.CounterVec, error) {
	counter := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "teamsbridge_sso_verifications_total",
		Help: "Tokens and sessions checked, by result: ok, no-token, no-session, agent-unknown, not-admitted, unavailable, error, or why a token was refused.",
	}, []string{"result"})
	if registerer == nil {
		return counter, nil
	}
	if err := registerer.Register(counter); err != nil {
		return nil, fmt.Errorf("sso: register metrics: %w", err)
	}
	return counter, nil
}

// verificationResult names an outcome from a closed set.
func verificationResult(err error) string {
	if err == nil {
		return "ok"
	}
	if refused, ok := errors.AsType[*TokenError](err); ok {
		return string(refused.Reason)
	}
	if _, ok := errors.AsType[*NotAdmittedError](err); ok {
		return "not-admitted"
	}
	if _, ok := errors.AsType[*AgentUnknownError](err); ok {
		return "agent-unknown"
	}
	switch {
	case errors.Is(err, ErrSignInRequired):
		return "no-token"
	case errors.Is(err, ErrSessionNotFound):
		return "no-session"
	case errors.Is(err, ErrProviderUnavailable):
		return "unavailable"
	}
	return "error"
}
