package reserve

import "github.com/prometheus/client_golang/prometheus"

// Why a reservation is refused, beside what the engine refuses.
const (
	refusedTaken    = "taken"
	refusedPerAgent = "per-agent"
)

type metrics struct {
	live    *prometheus.GaugeVec
	over    *prometheus.CounterVec
	wrong   prometheus.Counter
	refused *prometheus.CounterVec
}

func newMetrics(r prometheus.Registerer) *metrics {
	m := &metrics{
		live: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "teamsbridge_reservations", Help: "Reservations of consult numbers that are not over, by state.",
		}, []string{"state"}),
		over: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "teamsbridge_reservations_total", Help: "Reservations that are over, by how: ended, expired or the reason of a failure.",
		}, []string{"outcome"}),
		wrong: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "teamsbridge_reservation_wrong_codes_total", Help: "Codes entered by keypad that were no reservation's.",
		}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "teamsbridge_reservations_refused_total",
			Help: "Reservations that were refused: every number was taken, or the agent had enough (per-agent).",
		}, []string{"reason"}),
	}
	for _, reason := range []string{refusedTaken, refusedPerAgent} {
		m.refused.WithLabelValues(reason) // there from the start, so that an increase is seen
	}
	if r != nil {
		r.MustRegister(m.live, m.over, m.wrong, m.refused)
	}
	return m
}

// moved counts a change of state; before is empty for a new one.
func (m *metrics) moved(before, after State, reason string) {
	if before != "" {
		m.live.WithLabelValues(string(before)).Dec()
	}
	switch {
	case !after.Over():
		m.live.WithLabelValues(string(after)).Inc()
	case after == Failed:
		m.over.WithLabelValues(reason).Inc()
	default:
		m.over.WithLabelValues(string(after)).Inc()
	}
}
