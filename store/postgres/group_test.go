package postgres

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"teamsbridge/consult"
)

// server is what groups are written to; each waits until it is let through.
type server struct {
	*groups
	sizes chan int
	let   chan error
}

func newServer(t *testing.T) server {
	t.Helper()
	s := server{sizes: make(chan int, 100), let: make(chan error)}
	s.groups = newGroups(func(ctx context.Context, steps []consult.Record) error {
		s.sizes <- len(steps)
		select {
		case err := <-s.let:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	synctest.Wait() // the lanes are free: else steps that come at once may share one
	return s
}

// joined is how a step fared.
type joined struct {
	outcome
	err error
}

// joinAll hands steps over, each in a goroutine of its own.
func (s server) joinAll(ctx context.Context, patience time.Duration, ids ...consult.InteractionID) <-chan joined {
	fared := make(chan joined, len(ids))
	for _, id := range ids {
		go func() {
			o, err := s.join(ctx, consult.Record{Tenant: "t", Interaction: id}, time.Now().Add(patience))
			fared <- joined{o, err}
		}()
	}
	synctest.Wait()
	return fared
}

func wantSizes(t *testing.T, s server, want ...int) {
	t.Helper()
	synctest.Wait()
	got := make([]int, len(s.sizes))
	for i := range got {
		got[i] = <-s.sizes
	}
	if !slices.Equal(got, want) {
		t.Errorf("groups of %v, want %v", got, want)
	}
}

func TestStepsThatComeWhileOthersAreUnderWayShareTheNextGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		first := s.joinAll(t.Context(), time.Hour, "a", "b")
		later := s.joinAll(t.Context(), time.Hour, "c", "d", "e", "f", "g")
		wantSizes(t, s, 1, 1)
		s.let <- nil
		wantSizes(t, s, 5)
		failed := errors.New("failed")
		s.let <- nil
		s.let <- failed
		for range 2 {
			if j := <-first; j.err != nil || j.outcome != (outcome{1, nil}) {
				t.Errorf("a first step: %+v", j)
			}
		}
		for range 5 {
			if j := <-later; j.err != nil || j.steps != 5 || !errors.Is(j.outcome.err, failed) {
				t.Errorf("a later step: %+v, want its group's failure", j)
			}
		}
		s.close()
	})
}

func TestAStepThatNobodyTakesIsNotBegun(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(s server, giveUp func())
		want error
	}{
		{"its caller gives up", func(_ server, giveUp func()) { giveUp() }, context.Canceled},
		{"its patience ends", func(server, func()) { time.Sleep(time.Second) }, context.DeadlineExceeded},
		{"the store is closed", func(s server, _ func()) { go s.close() }, ErrClosed},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServer(t)
				under := s.joinAll(t.Context(), time.Hour, "a", "b")
				ctx, giveUp := context.WithCancel(t.Context())
				defer giveUp()
				waits := s.joinAll(ctx, time.Second, "c")
				c.end(s, giveUp)
				if j := <-waits; !errors.Is(j.err, c.want) {
					t.Errorf("join: %v, want %v", j.err, c.want)
				}
				wantSizes(t, s, 1, 1)
				for range 2 {
					s.let <- nil
					if j := <-under; j.err != nil || j.outcome.err != nil {
						t.Errorf("a step under way: %+v, want it finished", j)
					}
				}
				s.close()
			})
		})
	}
}

func TestTheLeastPatienceOfAGroupEndsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.joinAll(t.Context(), time.Hour, "a", "b")
		began := time.Now()
		patient := s.joinAll(t.Context(), time.Hour, "c")
		hasty := s.joinAll(t.Context(), time.Second, "d")
		s.let <- nil
		for _, fared := range []<-chan joined{patient, hasty} {
			if j := <-fared; j.steps != 2 || !errors.Is(j.outcome.err, context.DeadlineExceeded) || time.Since(began) != time.Second {
				t.Errorf("after %s: %+v, want the end of a group of 2 after a second", time.Since(began), j)
			}
		}
		s.let <- nil
		s.close()
	})
}
