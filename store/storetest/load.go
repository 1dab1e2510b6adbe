package storetest

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"sync"
	"time"

	"teamsbridge/consult"
)

// Load measures writers that write as fast as they are answered, in rounds: two
// things that are measured in turns share the same weather.
type Load struct {
	rates []float64 // calls a second, by round
	waits []time.Duration
}

// Round lets so many writers call do, one after the other each, for the time
// given. It returns the writers' errors; a writer ends with its first.
func (l *Load) Round(writers int, lasts time.Duration, do func(writer int) error) error {
	waits := make([][]time.Duration, writers)
	errs := make([]error, writers)
	began := time.Now()
	end := began.Add(lasts)
	var writing sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for start := time.Now(); start.Before(end) && errs[w] == nil; {
				errs[w] = do(w)
				now := time.Now()
				waits[w] = append(waits[w], now.Sub(start))
				start = now
			}
		})
	}
	writing.Wait()
	took, all := time.Since(began), slices.Concat(waits...)
	l.rates = append(l.rates, float64(len(all))/took.Seconds())
	l.waits = append(l.waits, all...)
	return errors.Join(errs...)
}

// Calls is how many calls were answered in all rounds.
func (l *Load) Calls() int { return len(l.waits) }

// PerSecond is how many calls were answered in a second of the middle round: a
// burst of somebody else's on the same machine spoils a round, not the figure.
func (l *Load) PerSecond() float64 {
	if len(l.rates) == 0 {
		return 0
	}
	slices.Sort(l.rates)
	return l.rates[len(l.rates)/2]
}

// Percentile is the time within which so many of a hundred calls were answered.
func (l *Load) Percentile(percent int) time.Duration {
	if len(l.waits) == 0 {
		return 0
	}
	slices.Sort(l.waits)
	return l.waits[(len(l.waits)-1)*percent/100]
}

// stepsPerCall is how many steps a call has under load.
const stepsPerCall = 20

// LoadBytes is about what a LoadRecord holds in its state, input and entry.
const LoadBytes = 550

// LoadRecord is a writer's nth step, from 0, of calls as long as real ones. It
// is as like the others as real ones are: the same members, other ids and times.
func LoadRecord(writer, n int) consult.Record {
	call, version := n/stepsPerCall, uint64(n%stepsPerCall)+1
	mixed := (uint64(writer)<<32 | uint64(call)) * 0x9e3779b97f4a7c15
	id, agent, now := strconv.FormatUint(mixed, 16), strconv.FormatUint(bits.Reverse64(mixed), 16), time.Now().UTC()
	at := now.Format(time.RFC3339Nano)
	return consult.Record{
		Interaction: consult.InteractionID(id),
		Tenant:      tenant,
		Version:     version,
		Live:        version < stepsPerCall,
		At:          now,
		Owners:      []string{agent},
		Input:       fmt.Appendf(nil, `{"kind":"hold","actor":"agent1","agent":%q,"at":%q,"role":"agent1"}`, agent, at),
		State: fmt.Appendf(nil, `{"id":%q,"version":%d,"phase":"held","startedAt":%q,"customer":{"leg":"%s-c","number":"+49%09d","state":"held"},`+
			`"owner":{"agent":%q,"name":"Agent %d","leg":"%s-a"},"seq":%d}`, id, version, at, id, mixed%1e9, agent, writer, id, version),
		Entry: fmt.Appendf(nil, `{"Version":%d,"At":%q,"Actor":"agent1","Person":{"ID":%q,"Name":"Agent %d"},"Input":"hold","From":"active","To":"held"}`,
			version, at, agent, writer),
	}
}
