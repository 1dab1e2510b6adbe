package presence

import (
	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	age      prometheus.Histogram
	requests *prometheus.CounterVec
}

func newMetrics(registerer prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		age: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "teamsbridge_presence_age_seconds",
			Help:    "Age of the presences that were served; unknown ones are not counted.",
			Buckets: []float64{0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 300, 1800},
		}),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "teamsbridge_presence_requests_total",
			Help: "Presence requests to Graph, by why they were made and what came of them.",
		}, []string{"reason", "result"}),
	}
	if registerer == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.age, m.requests} {
		if err := registerer.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *metrics) served(presences []Presence) {
	for i := range presences {
		if !presences[i].ObservedAt.IsZero() {
			m.age.Observe(presences[i].Age.Seconds())
		}
	}
}

func (m *metrics) asked(why purpose, err error) {
	result := "ok"
	if err != nil {
		result = reasonOf(err)
	}
	m.requests.WithLabelValues(why.String(), result).Inc()
}
