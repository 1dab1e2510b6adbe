package sip

import (
	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/consult"
)

type metrics struct {
	legs      prometheus.Gauge
	failures  *prometheus.CounterVec
	overloads prometheus.Counter
	audio     *prometheus.CounterVec
}

func newMetrics(r prometheus.Registerer) *metrics {
	m := &metrics{
		legs: prometheus.NewGauge(prometheus.GaugeOpts{Name: "teamsbridge_sip_legs", Help: "Legs at the SIP switch, ringing ones included."}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "teamsbridge_sip_dials_failed_total", Help: "Telephones that were rung and not reached, by reason.",
		}, []string{"reason"}),
		overloads: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "teamsbridge_sip_overload_refusals_total", Help: "Calls refused with 503 because this service was behind with others.",
		}),
	}
	m.audio = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "teamsbridge_sip_legs_over_total", Help: "Connected legs that are over, by how their audio was: good, poor (loss or jitter that people notice) or none.",
	}, []string{"audio"})
	if r != nil {
		r.MustRegister(m.legs, m.failures, m.overloads, m.audio)
	}
	return m
}

func (m *metrics) failed(reason consult.FailureReason) {
	m.failures.WithLabelValues(string(reason)).Inc()
}
