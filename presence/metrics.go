package presence

import (
	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	ages     *ageHistogram
	requests *prometheus.CounterVec
}

func newMetrics(registerer prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		ages: newAgeHistogram(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "teamsbridge_presence_requests_total",
			Help: "Presence requests to Graph, by why they were made and what came of them.",
		}, []string{"reason", "result"}),
	}
	if registerer == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.ages, m.requests} {
		if err := registerer.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *metrics) asked(why purpose, err error) {
	result := "ok"
	if err != nil {
		result = reasonOf(err)
	}
	m.requests.WithLabelValues(why.String(), result).Inc()
}
