package budget

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	waits   *prometheus.HistogramVec
	refused *prometheus.CounterVec
}

func newMetrics(registerer prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		waits: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "teamsbridge_graph_budget_wait_seconds",
			Help:    "How long requests to Graph waited for their turn, refused ones included.",
			Buckets: []float64{0.001, 0.01, 0.1, 0.5, 1, 5, 10, 30},
		}, []string{"workload", "class"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "teamsbridge_graph_budget_refused_total",
			Help: "Requests to Graph that were not sent: Graph had asked to wait (asked), or their turn would have come too late (late).",
		}, []string{"workload", "class", "why"}),
	}
	if registerer == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.waits, m.refused} {
		if err := registerer.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *metrics) waited(w Workload, c Class, took time.Duration, refused *LimitError) {
	m.waits.WithLabelValues(w.String(), c.String()).Observe(took.Seconds())
	if refused == nil {
		return
	}
	why := "late"
	if refused.Asked {
		why = "asked"
	}
	m.refused.WithLabelValues(w.String(), c.String(), why).Inc()
}
