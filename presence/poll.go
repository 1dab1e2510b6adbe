package presence

import (
	"cmp"
	"slices"
	"time"
)

// pollTicks is how often in Config.PollInterval polling looks who is due.
const pollTicks = 10

// poll asks for those who are watched and were not asked for in the last
// Config.PollInterval: full requests only, which take along who would be due
// next, and at most a fifth of all who are watched at a time, so that neither
// Graph nor the streams get everything at once. When the budget has less room
// those go first who have waited longest.
func (t *tenant) poll() {
	interval := t.cache.cfg.PollInterval
	now := t.cache.clock.now()
	l := t.lookDue(now, interval-interval/pollTicks)
	if !l.blocked {
		l.choose(t.cache.spare(t.id))
	}
	if len(l.due) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if l.blocked {
		t.excuse(l.due, now)
		return
	}
	for _, a := range l.due {
		if a.entry.due(now, interval/2) { // not asked for meanwhile
			t.join(a.entry, forPoll, now)
		}
	}
	t.arm(now)
}

// look is what polling finds.
type look struct {
	watched int
	due     []aged
	soon    []aged // half the time is behind them
	blocked bool   // Graph has asked to wait
}

// aged is somebody to be asked for, with when they were last.
type aged struct {
	entry *entry
	asked moment
}

func (t *tenant) lookDue(now moment, after time.Duration) look {
	t.mu.RLock()
	defer t.mu.RUnlock()
	l := look{watched: t.watched, blocked: now < t.trouble.blocked}
	if l.watched == 0 {
		return l
	}
	for _, e := range t.entries {
		switch {
		case e.due(now, after):
			l.due = append(l.due, aged{e, e.asked()})
		case e.due(now, after/2):
			l.soon = append(l.soon, aged{e, e.asked()})
		}
	}
	return l
}

// choose cuts who is due to what may be sent now, or fills up the requests.
func (l *look) choose(spare int) {
	requests := min(ceil(len(l.due), MaxBatch), 2*ceil(ceil(l.watched, MaxBatch), pollTicks), spare)
	room := requests * MaxBatch
	switch {
	case room == 0:
		l.due = nil
	case room < len(l.due):
		slices.SortFunc(l.due, func(a, b aged) int { return cmp.Compare(a.asked, b.asked) })
		l.due = l.due[:room]
	default:
		l.due = append(l.due, l.soon[:min(len(l.soon), room-len(l.due))]...)
	}
}

// excuse tells those who watch that Graph has asked to wait; with the lock held.
func (t *tenant) excuse(due []aged, now moment) {
	news := news{}
	for _, a := range due {
		if e := a.entry; e.reason != ReasonThrottled {
			e.fail(ReasonThrottled, now)
			news.add(e, t.cache, now)
		}
	}
	news.tell()
}

func ceil(n, by int) int { return (n + by - 1) / by }
