package sso

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// rounds plays the use of many sign-ins, on the bubble's clock.
type rounds struct {
	*reviews
	tenant string
	ask    func(ctx context.Context, key string) error
}

func newRounds(t *testing.T, ask func(ctx context.Context, key string) error) rounds {
	t.Helper()
	m, err := newReviewMetrics(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return rounds{newReviews(Deps{}.withDefaults(), m), "t", ask}
}

// inBubble lets what is under way at the end of a test end too.
func inBubble(t *testing.T, check func(*testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		check(t)
		time.Sleep(2*reviewUsed + mostAsked)
	})
}

// used is one use of a sign-in that is good for an hour.
func (r rounds) used(key string) (<-chan struct{}, bool) {
	return r.use(question{
		key: key, tenant: r.tenant, until: time.Now().Add(time.Hour),
		ask: func(ctx context.Context) error { return r.ask(ctx, key) }, takeAway: func(context.Context) {},
	})
}

// streams keeps sign-ins in use for a while, as open desktops do.
func (r rounds) streams(count int, length time.Duration) {
	for begin := time.Now(); time.Since(begin) < length; time.Sleep(10 * time.Second) {
		for i := range count {
			r.used(fmt.Sprint(r.tenant, i))
		}
	}
}

func TestEntraIsAskedAtMostOnceInAWhileAndOnceForAll(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var asked atomic.Int32
		r := newRounds(t, func(context.Context, string) error {
			asked.Add(1)
			time.Sleep(100 * time.Millisecond)
			return nil
		})
		first, fresh := r.used("a")
		second, _ := r.used("a")
		if first == nil || first != second || fresh {
			t.Fatal("two uses at once do not wait for one answer")
		}
		<-first
		for range 44 {
			time.Sleep(time.Second)
			if answer, fresh := r.used("a"); answer != nil || !fresh {
				t.Fatal("asked again too soon")
			}
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if n := asked.Load(); n != 2 {
			t.Fatalf("asked %d times when it was time, want 2", n)
		}
		time.Sleep(2 * reviewStale)
		if n := asked.Load(); n != 2 {
			t.Fatalf("asked %d times about a sign-in that nobody uses", n)
		}
		answer, fresh := r.used("a")
		if answer == nil || fresh {
			t.Fatal("a word older than a minute counts as fresh")
		}
		<-answer
		if n := asked.Load(); n != 3 {
			t.Errorf("asked %d times, want 3", n)
		}
	})
}

func TestAnEndIsKnownBeforeAnythingIsTakenAwayAndForgottenWithTheSignIn(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var asked atomic.Int32
		r := newRounds(t, nil)
		told := false
		q := question{
			key: "a", tenant: "t", until: time.Now().Add(time.Minute),
			ask:      func(context.Context) error { asked.Add(1); return &EndedError{Reason: EndedRevoked} },
			takeAway: func(context.Context) { told = r.known("a") != nil },
		}
		answer, _ := r.use(q)
		over := r.over("a")
		<-answer
		<-over
		if ended := r.known("a"); !told || ended == nil || ended.Reason != EndedRevoked {
			t.Fatalf("ended %v, known in time %v", ended, told)
		}
		time.Sleep(50 * time.Second)
		r.use(q)
		synctest.Wait()
		if n := asked.Load(); n != 1 {
			t.Errorf("asked %d times about a sign-in that has ended", n)
		}
		time.Sleep(time.Minute)
		r.ask = func(context.Context, string) error { return nil }
		r.used("b")
		synctest.Wait()
		if r.known("a") != nil || len(r.all) != 1 {
			t.Errorf("%d are remembered past their end", len(r.all))
		}
	})
}

func TestFiveThousandSignInsAreEachReviewedWithinAMinuteAtAnEvenPace(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		const count = 5_000
		var out, most atomic.Int32
		var mu sync.Mutex // guards the two maps
		asked := make(map[string]time.Time, count)
		starts := make(map[int64]int)
		r := newRounds(t, nil)
		r.ask = func(_ context.Context, key string) error {
			most.Store(max(most.Load(), out.Add(1)))
			defer out.Add(-1)
			mu.Lock()
			if last, before := asked[key]; before && time.Since(last) > reviewStale {
				t.Errorf("%s was asked about after %v", key, time.Since(last))
			}
			asked[key] = time.Now()
			starts[time.Now().Unix()]++
			mu.Unlock()
			time.Sleep(300 * time.Millisecond)
			return nil
		}
		r.streams(count, 5*time.Minute)
		mu.Lock()
		defer mu.Unlock()
		if s := r.state(); s.Used != count || s.Overdue != 0 || len(asked) != count {
			t.Errorf("%+v, %d asked about", s, len(asked))
		}
		if most.Load() > maxReviews {
			t.Errorf("%d questions at a time", most.Load())
		}
		for second, n := range starts {
			if n > 2*count/int(reviewRound.Seconds()) {
				t.Errorf("%d questions in the second %d", n, second)
			}
		}
	})
}

func TestWhileEntraThrottlesItIsLeftAloneForAsLongAsItSays(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		begin := time.Now()
		var asked, meanwhile, elsewhere atomic.Int32
		r := newRounds(t, func(context.Context, string) error {
			asked.Add(1)
			switch since := time.Since(begin); {
			case since < time.Second:
				return nil
			case since < time.Minute:
				return &BusyError{RetryAfter: 2 * time.Minute}
			case since < 2*time.Minute+45*time.Second:
				meanwhile.Add(1)
			}
			return nil
		})
		other := r
		other.tenant = "other"
		other.ask = func(context.Context, string) error { elsewhere.Add(1); return nil }
		go other.streams(1, 4*time.Minute)
		r.streams(10, 2*time.Minute)
		if n := meanwhile.Load(); n != 0 {
			t.Errorf("asked %d times while Entra wanted to be left alone", n)
		}
		if answer, _ := r.used("t0"); answer != nil {
			t.Error("somebody waits for an answer that is minutes away")
		}
		if s := r.state(); s.Overdue != 10 || s.Oldest < time.Minute {
			t.Errorf("%+v", s)
		}
		if r.known("t0") != nil {
			t.Error("being throttled ended a sign-in")
		}
		r.streams(10, 2*time.Minute)
		if s := r.state(); s.Overdue != 0 {
			t.Errorf("afterwards: %+v", s)
		}
		if n := elsewhere.Load(); n < 5 {
			t.Errorf("another organisation was asked about %d times in four minutes", n)
		}
	})
}

func TestWhileEntraDoesNotAnswerQuestionsAreBoundedAndFew(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var asked, out, most atomic.Int32
		r := newRounds(t, func(ctx context.Context, _ string) error {
			asked.Add(1)
			most.Store(max(most.Load(), out.Add(1)))
			defer out.Add(-1)
			<-ctx.Done()
			return errors.Join(ErrProviderUnavailable, ctx.Err())
		})
		r.streams(1_000, 10*time.Minute)
		if most.Load() > maxReviews {
			t.Errorf("%d questions at a time, want %d", most.Load(), maxReviews)
		}
		if n := asked.Load(); n > 30*maxReviews {
			t.Errorf("asked %d times in ten minutes", n)
		}
		if s := r.state(); s.Overdue != 1_000 || r.known("t0") != nil {
			t.Errorf("%+v", s)
		}
		time.Sleep(reviewStale)
		synctest.Wait()
		if r.out != 0 || len(r.queue) != 0 {
			t.Errorf("%d questions and %d in the queue are left", r.out, len(r.queue))
		}
	})
}

func TestASignInThatLooksLikeALoopIsLeftAloneAndNoOther(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var looping, others atomic.Int32
		r := newRounds(t, func(_ context.Context, key string) error {
			if key != "t0" {
				others.Add(1)
				return nil
			}
			looping.Add(1)
			return errLoop
		})
		r.streams(2, tooOftenPause-20*time.Second)
		if looping.Load() != 1 || others.Load() < 6 {
			t.Errorf("asked %d and %d times", looping.Load(), others.Load())
		}
		r.streams(2, time.Minute)
		if looping.Load() != 2 {
			t.Errorf("not asked again afterwards")
		}
	})
}

func TestAClockThatIsSetBackHoldsNoReviewUp(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var asked atomic.Int32
		r := newRounds(t, func(context.Context, string) error { asked.Add(1); return nil })
		back := time.Duration(0)
		r.now = func() time.Time { return time.Now().Add(-back) }
		r.used("a")
		synctest.Wait()
		back = 24 * time.Hour
		if answer, fresh := r.used("a"); answer == nil || fresh {
			t.Error("it waits for yesterday")
		}
		synctest.Wait()
		if n := asked.Load(); n != 2 {
			t.Errorf("asked %d times", n)
		}
	})
}
