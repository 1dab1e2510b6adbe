package msgraph

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/graph"
)

// metrics count operations, not attempts; both labels are closed sets.
type metrics struct {
	requests *prometheus.CounterVec
	retries  *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

func newMetrics(r prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "teamsbridge_graph_requests_total",
			Help: "Operations at Microsoft Graph by result; denied, throttled and unavailable are Microsoft's or the tenant's doing, failed is ours.",
		}, []string{"operation", "result"}),
		retries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "teamsbridge_graph_retries_total",
			Help: "Requests that were sent to Microsoft Graph again.",
		}, []string{"operation"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "teamsbridge_graph_request_duration_seconds",
			Help:    "How long operations at Microsoft Graph took, retries included.",
			Buckets: []float64{.025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"operation"}),
	}
	if r == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.requests, m.retries, m.duration} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("metrics of Microsoft Graph: %w", err)
		}
	}
	return m, nil
}

func (m *metrics) observe(operation string, err error, took time.Duration) {
	m.requests.WithLabelValues(operation, resultOf(err)).Inc()
	m.duration.WithLabelValues(operation).Observe(took.Seconds())
}

// resultOf is the label of an outcome.
func resultOf(err error) string {
	if err == nil {
		return "ok"
	}
	if _, ok := errors.AsType[*graph.ThrottledError](err); ok {
		return "throttled"
	}
	if _, ok := errors.AsType[*graph.DeniedError](err); ok {
		return "denied"
	}
	switch {
	case errors.Is(err, graph.ErrNotFound):
		return "not-found"
	case errors.Is(err, graph.ErrSignInRequired):
		return "sign-in-required"
	case errors.Is(err, graph.ErrResyncRequired):
		return "resync"
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case errors.Is(err, graph.ErrUnavailable):
		return "unavailable"
	}
	return "failed"
}
