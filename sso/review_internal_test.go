package sso

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestEntraIsAskedAtMostOnceInAWhileAndOnceForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReviews(slog.New(slog.DiscardHandler), time.Now)
		var asked atomic.Int32
		use := func(key string) (<-chan struct{}, bool) {
			return r.due(key, time.Now().Add(time.Hour), func(context.Context) error {
				asked.Add(1)
				time.Sleep(100 * time.Millisecond) // on the bubble's clock
				return nil
			}, func(context.Context) { t.Error("a good sign-in was taken away") })
		}
		first, fresh := use("a")
		second, _ := use("a")
		if first == nil || first != second || fresh {
			t.Fatal("two uses at once do not wait for one answer")
		}
		<-first
		for range 44 {
			time.Sleep(time.Second)
			if answer, fresh := use("a"); answer != nil || !fresh {
				t.Fatal("asked again too soon")
			}
		}
		time.Sleep(time.Second)
		if answer, fresh := use("a"); answer == nil || !fresh {
			t.Fatal("not asked when it is time, or somebody waits for it")
		}
		synctest.Wait()
		time.Sleep(reviewStale)
		if answer, fresh := use("a"); answer == nil || fresh {
			t.Fatal("a word older than a minute counts as fresh")
		}
		time.Sleep(time.Second)
		if n := asked.Load(); n != 3 {
			t.Errorf("asked %d times, want 3", n)
		}
	})
}

func TestAnEndIsKnownBeforeAnythingIsTakenAwayAndForgottenWithTheSignIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReviews(slog.New(slog.DiscardHandler), time.Now)
		told := false
		answer, _ := r.due("a", time.Now().Add(time.Minute), func(context.Context) error {
			return &EndedError{Reason: EndedRevoked}
		}, func(context.Context) { told = r.known("a") != nil })
		<-answer
		if ended := r.known("a"); !told || ended == nil || ended.Reason != EndedRevoked {
			t.Fatalf("ended %v, known in time %v", ended, told)
		}
		never := func(context.Context) error { t.Error("asked about a sign-in that has ended"); return nil }
		time.Sleep(50 * time.Second)
		r.due("a", time.Now().Add(time.Minute), never, nil)
		time.Sleep(time.Minute)
		r.due("b", time.Now().Add(time.Minute), func(context.Context) error { return nil }, nil)
		synctest.Wait()
		if r.known("a") != nil || len(r.all) != 1 {
			t.Errorf("%d are remembered past their end", len(r.all))
		}
	})
}

func TestOnlySoManyQuestionsAreOutAndWhatGoesWrongChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReviews(slog.New(slog.DiscardHandler), time.Now)
		var most, out int32
		away := func(ctx context.Context) error {
			most = max(most, atomic.AddInt32(&out, 1))
			<-ctx.Done() // Entra does not answer
			atomic.AddInt32(&out, -1)
			return errors.Join(ErrProviderUnavailable, ctx.Err())
		}
		for i := range 3 * maxReviews {
			r.due(string(rune('a'+i)), time.Now().Add(time.Hour), away, nil)
			synctest.Wait()
		}
		if most != maxReviews {
			t.Errorf("%d questions at a time, want %d", most, maxReviews)
		}
		time.Sleep(reviewWithin)
		synctest.Wait()
		if r.known("a") != nil || len(r.slots) != 0 {
			t.Error("Entra being away ended a sign-in, or a slot is lost")
		}
	})
}
