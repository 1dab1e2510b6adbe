package main

import (
	"testing"
	"time"

	"teamsbridge/graph"
)

func TestProgressSaysWhatIsKnown(t *testing.T) {
	for _, c := range []struct {
		name   string
		status graph.Status
		want   string
	}{
		{"Graph did not say how many there are", graph.Status{People: 400, Experts: 300}, "400 people read, 300 of them experts"},
		{"the first page", graph.Status{People: 400, Experts: 300, Reading: graph.Reading{Expected: 5000}}, "400 of 5000 people read, 300 of them experts"},
		{"under way", graph.Status{People: 400, Experts: 300, Rate: 1234.5, Reading: graph.Reading{Expected: 5000, Left: 4 * time.Second}},
			"400 of 5000 people read, 300 of them experts, 1234/s, 4s left"},
		{"over", graph.Status{Ready: true, People: 5000, Experts: 3000}, "5000 people read, 3000 of them experts"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := progressOf(c.status); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
