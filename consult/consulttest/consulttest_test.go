package consulttest_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"teamsbridge/consult"
	"teamsbridge/consult/consulttest"
	"teamsbridge/consult/memswitch"
)

// Each broken switch must be found by the check that is named: a contract that
// lets everything pass protects nobody.
func TestTheContractFindsASwitchThat(t *testing.T) {
	for _, c := range []struct {
		name   string
		breaks func(*memswitch.Switch) consult.Switch
		found  string
	}{
		{"ends the agent's leg by a transfer picture",
			func(s *memswitch.Switch) consult.Switch { return endsByPicture{s} },
			"a picture never ends a leg, named or not"},
		{"confirms nothing the second time",
			func(s *memswitch.Switch) consult.Switch { return &confirmsOnce{Switch: s, seen: map[uint64]bool{}} },
			"the same picture again is confirmed again"},
		{"confirms a picture of a leg that rings",
			func(s *memswitch.Switch) consult.Switch { return confirmsAll(s) },
			"a picture with a telephone that still rings fails, and the one before stays"},
		{"loses an event on the way",
			func(s *memswitch.Switch) consult.Switch { return dropsEvents(s) },
			"a reader who comes late blocks nobody and finds every event in order"},
		{"fails to hang up what it does not know",
			func(s *memswitch.Switch) consult.Switch { return strictHangup{s} },
			"hanging up a leg that never was is no error and says nothing"},
		{"reports a voicemail as an answer",
			func(s *memswitch.Switch) consult.Switch { return trustsVoicemail(s) },
			"a voicemail is told as voicemail, never as an answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, check := range consulttest.Checks() {
				if check.Name != c.found {
					continue
				}
				if complaint := try(t, check, c.breaks); complaint == "" {
					t.Fatalf("check %q passes", c.found)
				}
				return
			}
			t.Fatalf("no check %q", c.found)
		})
	}
}

// try runs one check against a broken switch and gives its complaint.
func try(t *testing.T, check consulttest.Check, breaks func(*memswitch.Switch) consult.Switch) string {
	t.Helper()
	sound, err := memswitch.New(memswitch.Options{Manual: true})
	if err != nil {
		t.Fatal(err)
	}
	defer sound.Close()
	rec := &recorder{ctx: t.Context()}
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		check.Run(rec, consulttest.Rig{
			Switch: breaks(sound),
			Call:   sound.Call,
			Act: func(ctx context.Context, id consult.InteractionID, p consult.Party, act string) error {
				return sound.Act(ctx, id, p, memswitch.Act(act))
			},
			Close: sound.Close,
		})
	}()
	<-finished
	return rec.complaint
}

// recorder is a consulttest.T that remembers the first complaint.
type recorder struct {
	ctx       context.Context
	complaint string
}

func (r *recorder) Helper()                  {}
func (r *recorder) Context() context.Context { return r.ctx }
func (r *recorder) Fatalf(format string, args ...any) {
	r.complaint = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

type endsByPicture struct{ *memswitch.Switch }

func (b endsByPicture) Arrange(ctx context.Context, id consult.InteractionID, a consult.Arrangement) error {
	if err := b.Switch.Arrange(ctx, id, a); err != nil || a.Cause != consult.ActionTransfer {
		return err
	}
	for _, l := range b.Lines() {
		if l.Party == consult.PartyAgent {
			return b.Hangup(ctx, id, l.Leg)
		}
	}
	return nil
}

type confirmsOnce struct {
	*memswitch.Switch
	seen map[uint64]bool
}

func (b *confirmsOnce) Arrange(ctx context.Context, id consult.InteractionID, a consult.Arrangement) error {
	if b.seen[a.Seq] {
		// A later event takes the place of the missing one, so that the check
		// need not run into its time limit.
		return b.Dial(ctx, consult.Dial{Leg: "other", Interaction: id, Party: consult.PartyConsulted})
	}
	b.seen[a.Seq] = true
	return b.Switch.Arrange(ctx, id, a)
}

// rewritten is a switch whose events pass through a filter.
type rewritten struct {
	*memswitch.Switch
	events chan consult.Event
}

func (b rewritten) Events() <-chan consult.Event { return b.events }

func rewrite(s *memswitch.Switch, filter func(consult.Event) (consult.Event, bool)) consult.Switch {
	b := rewritten{s, make(chan consult.Event, 2000)}
	go func() {
		defer close(b.events)
		for e := range s.Events() {
			if e, keep := filter(e); keep {
				b.events <- e
			}
		}
	}()
	return b
}

func confirmsAll(s *memswitch.Switch) consult.Switch {
	return rewrite(s, func(e consult.Event) (consult.Event, bool) {
		if e.Kind == consult.EventArrangeFailed {
			e.Kind, e.Reason = consult.EventArranged, ""
		}
		return e, true
	})
}

func dropsEvents(s *memswitch.Switch) consult.Switch {
	return rewrite(s, func(e consult.Event) (consult.Event, bool) { return e, e.Seq != 17 })
}

func trustsVoicemail(s *memswitch.Switch) consult.Switch {
	return rewrite(s, func(e consult.Event) (consult.Event, bool) {
		if e.Reason == consult.FailureVoicemail {
			e.Kind, e.Reason = consult.EventAnswered, ""
		}
		return e, true
	})
}

type strictHangup struct{ *memswitch.Switch }

func (b strictHangup) Hangup(ctx context.Context, id consult.InteractionID, leg consult.LegID) error {
	calls, err := b.Calls(ctx)
	if err != nil {
		return err
	}
	for _, c := range calls {
		for _, l := range c.Legs {
			if c.Interaction == id && l.Leg == leg {
				return b.Switch.Hangup(ctx, id, leg)
			}
		}
	}
	return memswitch.ErrNoLeg
}
