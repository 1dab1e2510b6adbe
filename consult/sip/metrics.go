package sip

import (
	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/consult"
)

type metrics struct {
	legs     prometheus.Gauge
	failures *prometheus.CounterVec
}

func newMetrics(r prometheus.Registerer) *metrics {
	m := &metrics{
		legs: prometheus.NewGauge(prometheus.GaugeOpts{Name: "teamsbridge_sip_legs", Help: "Legs at the SIP switch, ringing ones included."}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "teamsbridge_sip_dials_failed_total", Help: "Telephones that were rung and not reached, by reason.",
		}, []string{"reason"}),
	}
	if r != nil {
		r.MustRegister(m.legs, m.failures)
	}
	return m
}

func (m *metrics) failed(reason consult.FailureReason) {
	m.failures.WithLabelValues(string(reason)).Inc()
}
