package presence

import (
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// ageBounds are the histogram's buckets.
var ageBounds = [...]time.Duration{
	100 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second,
	20 * time.Second, 30 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute,
}

// ageHistogram counts the ages of presences by the page. prometheus.Histogram
// counts one by one, which costs as much as finding the presence.
type ageHistogram struct {
	desc   *prometheus.Desc
	counts [len(ageBounds) + 1]atomic.Uint64 // of each bucket alone; the last is everything older
	sum    atomic.Int64                      // nanoseconds
}

func newAgeHistogram() *ageHistogram {
	return &ageHistogram{desc: prometheus.NewDesc("teamsbridge_presence_age_seconds",
		"Age of the presences that were served; unknown ones are not counted.", nil, nil)}
}

func (h *ageHistogram) observe(presences []Presence) {
	var counts [len(ageBounds) + 1]uint64
	var sum time.Duration
	for i := range presences {
		p := &presences[i]
		if p.Origin == "" { // unknown
			continue
		}
		bucket := 0
		for bucket < len(ageBounds) && p.Age > ageBounds[bucket] {
			bucket++
		}
		counts[bucket]++
		sum += p.Age
	}
	for bucket, n := range counts {
		if n > 0 {
			h.counts[bucket].Add(n)
		}
	}
	h.sum.Add(int64(sum))
}

// Describe implements prometheus.Collector.
func (h *ageHistogram) Describe(descs chan<- *prometheus.Desc) { descs <- h.desc }

// Collect implements prometheus.Collector.
func (h *ageHistogram) Collect(metrics chan<- prometheus.Metric) {
	buckets := make(map[float64]uint64, len(ageBounds))
	var count uint64
	for i, bound := range ageBounds {
		count += h.counts[i].Load()
		buckets[bound.Seconds()] = count
	}
	count += h.counts[len(ageBounds)].Load()
	metrics <- prometheus.MustNewConstHistogram(h.desc, count, time.Duration(h.sum.Load()).Seconds(), buckets)
}
