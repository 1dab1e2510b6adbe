package ua

import "github.com/prometheus/client_golang/prometheus"

type metrics struct {
	dropped *prometheus.CounterVec // messages not parsed, by reason
	invites *prometheus.CounterVec // INVITEs by direction and class of the final status
	peerUp  *prometheus.GaugeVec
}

func newMetrics(r prometheus.Registerer, e *Endpoint) *metrics {
	m := &metrics{
		dropped: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "teamsbridge_sip_messages_dropped_total", Help: "SIP messages that were not read, by reason.",
		}, []string{"reason"}),
		invites: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "teamsbridge_sip_invites_total", Help: "INVITEs by direction and outcome: 2xx to 6xx, none without an answer.",
		}, []string{"direction", "outcome"}),
		peerUp: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "teamsbridge_sip_peer_up", Help: "Whether a peer of a trunk answered the last OPTIONS.",
		}, []string{"trunk", "peer"}),
	}
	if r == nil {
		return m
	}
	r.MustRegister(m.dropped, m.invites, m.peerUp, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "teamsbridge_sip_dialogs", Help: "SIP dialogs that are ringing or up.",
	}, func() float64 {
		e.mu.Lock()
		defer e.mu.Unlock()
		return float64(len(e.dialogs))
	}))
	return m
}

func gauge(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// class names a final status for metrics.
func class(status int) string {
	switch status / 100 {
	case 2:
		return "2xx"
	case 3:
		return "3xx"
	case 4:
		return "4xx"
	case 5:
		return "5xx"
	case 6:
		return "6xx"
	default:
		return "none"
	}
}
