package web

import (
	"net/http"
	"net/http/pprof"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics of the HTTP surface. Labels come from closed sets: the pattern of
// the route, known methods, statuses.
type metrics struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	streams  prometheus.Gauge
	limited  *prometheus.CounterVec
}

func newMetrics(r prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "teamsbridge_http_requests_total", Help: "Requests answered.",
		}, []string{"route", "method", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "teamsbridge_http_request_duration_seconds", Help: "Time to answer, event streams left out.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route", "method"}),
		streams: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "teamsbridge_http_event_streams", Help: "Event streams that are open.",
		}),
	}
	m.limited = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "teamsbridge_http_limited_total", Help: "Requests answered 429 and connections closed at once, by the limit that was met.",
	}, []string{"limit"})
	for _, limit := range []string{limitAgent, limitAddress, limitConnections} {
		m.limited.WithLabelValues(limit)
	}
	if r == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.requests, m.duration, m.streams, m.limited} {
		if err := r.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// eventsRoute is not measured in time: a stream lasts as long as its reader.
const eventsRoute = apiBase + "/events"

func (m *metrics) observe(route, method string, status int, took time.Duration) {
	method = knownMethod(method)
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	if route != eventsRoute {
		m.duration.WithLabelValues(route, method).Observe(took.Seconds())
	}
}

var methods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut,
	http.MethodPatch, http.MethodDelete, http.MethodOptions,
}

// knownMethod keeps what a client invents out of the labels.
func knownMethod(method string) string {
	if slices.Contains(methods, method) {
		return method
	}
	return "other"
}

// routeInternal builds the internal listener.
func (s *Server) routeInternal() http.Handler {
	mux := http.NewServeMux()
	gatherer := s.deps.Gatherer
	if gatherer == nil {
		gatherer = prometheus.Gatherers{}
	}
	mux.Handle("GET /metrics", promhttp.HandlerFor(gatherer, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("POST /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}
