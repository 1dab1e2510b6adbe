package ua

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// sessionTimer keeps a dialog alive, or notices that it is not (RFC 4028).
type sessionTimer struct {
	interval time.Duration // 0: no timer
	ours     bool          // we refresh
	timer    *time.Timer
}

func (s *sessionTimer) stop() {
	if s.timer != nil {
		s.timer.Stop()
	}
}

// errExpired ends a dialog that nobody refreshed.
var errExpired = errors.New("the session timer ran out")

// sessionExpires reads Session-Expires, also in its compact form; zero when
// there is none.
func sessionExpires(m interface{ GetHeader(string) sip.Header }) (interval time.Duration, refresher string) {
	h := m.GetHeader("Session-Expires")
	if h == nil {
		h = m.GetHeader("x")
	}
	if h == nil {
		return 0, ""
	}
	value, params, _ := strings.Cut(h.Value(), ";")
	seconds, err := strconv.ParseUint(strings.TrimSpace(value), 10, 31)
	if err != nil {
		return 0, ""
	}
	for p := range strings.SplitSeq(params, ";") {
		if name, v, ok := strings.Cut(strings.TrimSpace(p), "="); ok && strings.EqualFold(strings.TrimSpace(name), "refresher") {
			refresher = strings.ToLower(strings.TrimSpace(v))
		}
	}
	return time.Duration(seconds) * time.Second, refresher
}

func minSE(m interface{ GetHeader(string) sip.Header }) time.Duration {
	h := m.GetHeader("Min-SE")
	if h == nil {
		return 0
	}
	value, _, _ := strings.Cut(h.Value(), ";")
	seconds, err := strconv.ParseUint(strings.TrimSpace(value), 10, 31)
	if err != nil {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

// offerTimer asks for a session timer in an INVITE or UPDATE of ours.
func offerTimer(req *sip.Request, interval time.Duration, refresher string) {
	if interval == 0 {
		return
	}
	value := fmt.Sprintf("%d", int(interval.Seconds()))
	if refresher != "" {
		value += ";refresher=" + refresher
	}
	req.AppendHeader(sip.NewHeader("Session-Expires", value))
	req.AppendHeader(sip.NewHeader("Min-SE", fmt.Sprintf("%d", int(MinSE.Seconds()))))
}

// agreeTimer reads what a request of theirs asks for and puts what holds into
// our 2xx. ok is false where the interval is too small and 422 has to be answered.
func (e *Endpoint) agreeTimer(t *trunk, req *sip.Request) (interval time.Duration, ours, ok bool) {
	interval, refresher := sessionExpires(req)
	if interval != 0 && interval < e.config.MinSE {
		return 0, false, false
	}
	supports := slicesContainsFold(tags(req, "Supported", "k"), "timer")
	if interval == 0 {
		if t.SessionExpires == 0 || !supports {
			return 0, false, true
		}
		return max(t.SessionExpires, minSE(req)), true, true
	}
	return interval, refresher == "uas" || refresher == "" && !supports, true
}

// tooSmall refuses a session interval and says which one is not.
func (e *Endpoint) tooSmall(req *sip.Request) *sip.Response {
	res := answer(req, statusIntervalTooSmall, "Session Interval Too Small")
	res.AppendHeader(sip.NewHeader("Min-SE", fmt.Sprint(int(e.config.MinSE.Seconds()))))
	return res
}

// timerAnswer writes the agreement into our 2xx.
func timerAnswer(res *sip.Response, interval time.Duration, ours bool) {
	if interval == 0 {
		return
	}
	refresher := "uac"
	if ours {
		refresher = "uas"
	} else {
		res.AppendHeader(sip.NewHeader("Require", "timer"))
	}
	res.AppendHeader(sip.NewHeader("Session-Expires", fmt.Sprintf("%d;refresher=%s", int(interval.Seconds()), refresher)))
}

// watchLocked starts the timer anew. The caller holds mu.
func (d *Dialog) watchLocked(interval time.Duration, ours bool) {
	d.session.stop()
	d.session = sessionTimer{interval: interval, ours: ours}
	if interval == 0 || d.phase != up {
		return
	}
	if ours {
		d.session.timer = time.AfterFunc(interval/2, func() { d.endpoint.spawn(d.refresh) })
		return
	}
	grace := min(32*time.Second, interval/3) // RFC 4028 10
	d.session.timer = time.AfterFunc(interval-grace, func() { d.Lose(context.Background(), errExpired) })
}

const (
	// refreshLimit is how long a refresh is tried: half of the smallest interval that
	// RFC 4028 allows, the other half of which has gone by.
	refreshLimit = MinSE / 2
	refreshPause = 500 * time.Millisecond // between two tries
)

// refresh tells the other side that we are still here, and learns whether they are.
// They may restart just now, or be busy with an offer: people who talk meanwhile
// are not parted for the first try that comes to nothing.
func (d *Dialog) refresh() {
	ctx, cancel := context.WithTimeout(context.Background(), refreshLimit)
	defer cancel()
	d.mu.Lock()
	interval := d.session.interval
	d.mu.Unlock()
	res, err := d.refreshOnce(ctx, interval)
	for (err != nil || unready(res)) && d.lives() && pause(ctx, refreshPause) == nil {
		res, err = d.refreshOnce(ctx, interval)
	}
	switch {
	case !d.lives(): // somebody has hung up meanwhile
	case err != nil:
		d.Lose(ctx, fmt.Errorf("refresh: %w", err))
	case res.StatusCode == sip.StatusRequestTimeout || res.StatusCode == sip.StatusCallTransactionDoesNotExists:
		d.Lose(ctx, fmt.Errorf("refresh: %d %s", res.StatusCode, res.Reason))
	case res.StatusCode/100 == 2:
		agreed, refresher := sessionExpires(res)
		d.mu.Lock()
		d.watchLocked(agreed, refresher != "uas")
		d.mu.Unlock()
	case res.StatusCode == statusIntervalTooSmall && minSE(res) > interval:
		d.mu.Lock()
		d.session.stop()
		d.session = sessionTimer{interval: minSE(res), ours: true} // which runs from the answer to the next try
		d.mu.Unlock()
		d.endpoint.spawn(d.refresh)
	default: // they are there, and do not want to be refreshed: try again in time
		d.mu.Lock()
		d.watchLocked(interval, true)
		d.mu.Unlock()
	}
}

// lives reports whether the dialog is up, at an endpoint that is not closed.
func (d *Dialog) lives() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.phase == up && !d.endpoint.isClosed()
}

// unready reports whether an answer asks us to come again in a moment.
func unready(res *sip.Response) bool {
	switch res.StatusCode {
	case sip.StatusRequestPending, sip.StatusInternalServerError, sip.StatusServiceUnavailable:
		return true
	}
	return false
}

// refreshOnce refreshes by UPDATE, where they know it, else by re-INVITE.
func (d *Dialog) refreshOnce(ctx context.Context, interval time.Duration) (*sip.Response, error) {
	d.mu.Lock()
	updates := d.updates
	d.mu.Unlock()
	if updates {
		return d.update(ctx, interval)
	}
	return d.reinvite(ctx, interval)
}

// update refreshes by UPDATE without an offer.
func (d *Dialog) update(ctx context.Context, interval time.Duration) (*sip.Response, error) {
	d.mu.Lock()
	if d.phase != up {
		d.mu.Unlock()
		return nil, errOver
	}
	req := d.requestLocked(sip.UPDATE)
	d.mu.Unlock()
	describe(req)
	offerTimer(req, interval, "uac")
	_, res, err := d.request(ctx, req)
	if err == nil && res.StatusCode/100 == 2 && res.Contact() != nil {
		d.mu.Lock()
		d.target = *res.Contact().Address.Clone() // it may have moved (RFC 3311 5.2)
		d.mu.Unlock()
	}
	return res, err
}
