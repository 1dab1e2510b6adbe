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

// reviewMetrics count what came of asking Entra about sign-ins.
type reviewMetrics struct{ results *prometheus.CounterVec }

// newReviewMetrics also shows how the reviews are getting on.
func newReviewMetrics(registerer prometheus.Registerer, state func() Reviews) (*reviewMetrics, error) {
	m := &reviewMetrics{prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "teamsbridge_sso_reviews_total",
		Help: "Questions to Entra whether a sign-in still holds, by result: good, ended, unavailable, too-often, nothing (to ask with), refused (for another reason).",
	}, []string{"result"})}
	for _, result := range []string{reviewGood, reviewEnded, reviewUnavailable, reviewTooOften, reviewNothing, reviewRefused} {
		m.results.WithLabelValues(result)
	}
	if registerer == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{
		m.results,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "teamsbridge_sso_review_overdue", Help: "Sign-ins in use about which Entra has said nothing for more than a minute.",
		}, func() float64 { return float64(state().Overdue) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "teamsbridge_sso_review_oldest_seconds", Help: "The longest time for which Entra has said nothing about a sign-in in use.",
		}, func() float64 { return state().Oldest.Seconds() }),
	} {
		if err := registerer.Register(c); err != nil {
			return nil, fmt.Errorf("sso: register metrics: %w", err)
		}
	}
	return m, nil
}

// The results of a review.
const (
	reviewGood        = "good"
	reviewEnded       = "ended"
	reviewUnavailable = "unavailable"
	reviewTooOften    = "too-often"
	reviewNothing     = "nothing"
	reviewRefused     = "refused"
)

func (m *reviewMetrics) count(err error) {
	result := reviewRefused
	_, ended := errors.AsType[*EndedError](err)
	switch {
	case err == nil:
		result = reviewGood
	case ended:
		result = reviewEnded
	case errors.Is(err, ErrProviderUnavailable):
		result = reviewUnavailable
	case errors.Is(err, errLoop):
		result = reviewTooOften
	case errors.Is(err, errNothingKnown):
		result = reviewNothing
	}
	m.results.WithLabelValues(result).Inc()
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
