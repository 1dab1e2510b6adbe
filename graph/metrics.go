package graph

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are the numbers of all mirrors. The organisations are those of the
// configuration, so their label is a closed set.
type metrics struct {
	search *prometheus.HistogramVec
	rounds *prometheus.CounterVec
}

func newMetrics(registerer prometheus.Registerer, organisations map[TenantID]*answering) (*metrics, error) {
	m := &metrics{
		search: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "teamsbridge_directory_search_seconds",
			Help:    "Time of one expert search in the index.",
			Buckets: []float64{1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 5e-2},
		}, []string{"kind"}),
		rounds: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "teamsbridge_directory_rounds_total",
			Help: "Rounds of the directory mirror: ok, resync, or why one could not be finished yet.",
		}, []string{"tenant", "result"}),
	}
	if registerer == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.search, m.rounds, statusCollector(organisations)} {
		if err := registerer.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// observe counts a search by its kind: text, phone or list.
func (m *metrics) observe(p *plan, began time.Time) {
	kind := "list"
	switch {
	case len(p.numbers) > 0:
		kind = "phone"
	case len(p.words) > 0 || p.nothing:
		kind = "text"
	}
	m.search.WithLabelValues(kind).Observe(time.Since(began).Seconds())
}

// statusCollector reads the directories' health when it is asked for.
type statusCollector map[TenantID]*answering

var (
	peopleDesc = prometheus.NewDesc("teamsbridge_directory_people",
		"People of the organisation's directory, read so far or held.", []string{"tenant"}, nil)
	expertsDesc = prometheus.NewDesc("teamsbridge_directory_experts",
		"People who are listed as experts.", []string{"tenant"}, nil)
	syncAgeDesc = prometheus.NewDesc("teamsbridge_directory_sync_age_seconds",
		"Time since the last completed round; absent before the first.", []string{"tenant"}, nil)
)

// Describe implements prometheus.Collector.
func (c statusCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- peopleDesc
	ch <- expertsDesc
	ch <- syncAgeDesc
}

// Collect implements prometheus.Collector.
func (c statusCollector) Collect(ch chan<- prometheus.Metric) {
	for id, o := range c {
		s := o.board.current()
		gauge := func(desc *prometheus.Desc, value float64) {
			ch <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, string(id))
		}
		gauge(peopleDesc, float64(s.People))
		gauge(expertsDesc, float64(s.Experts))
		if !s.SyncedAt.IsZero() {
			gauge(syncAgeDesc, time.Since(s.SyncedAt).Seconds())
		}
	}
}
