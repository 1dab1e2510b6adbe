package media

import "github.com/prometheus/client_golang/prometheus"

type metrics struct {
	streams prometheus.Gauge
	ports   prometheus.Gauge
	dropped [reasons]prometheus.Counter
	lost    prometheus.Counter
}

func newMetrics(reg prometheus.Registerer) *metrics {
	dropped := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "teamsbridge_media_packets_dropped_total",
		Help: "Packets at media ports that were not used, by reason.",
	}, []string{"reason"})
	m := &metrics{
		streams: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "teamsbridge_media_streams", Help: "Streams that are open: one for each leg of a call.",
		}),
		ports: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "teamsbridge_media_ports_in_use", Help: "UDP ports that are taken for media: two for each stream.",
		}),
		lost: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "teamsbridge_media_packets_lost_total", Help: "Packets that far ends sent and that never arrived.",
		}),
	}
	for r := accepted + 1; r < reasons; r++ {
		m.dropped[r] = dropped.WithLabelValues(r.String())
	}
	if reg != nil {
		reg.MustRegister(dropped, m.streams, m.ports, m.lost)
	}
	return m
}
