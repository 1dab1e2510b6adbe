package outbox_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/outbox"
)

func TestEventsComeInTheirOrderHoweverSlowTheReaderIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := outbox.New()
		const events = 1000
		for seq := range uint64(events) {
			o.Put(consult.Event{Seq: seq})
			if seq%100 == 0 {
				synctest.Wait() // the outbox has begun to deliver, and nobody takes it
			}
		}
		for want := range uint64(events) {
			if e := <-o.Events(); e.Seq != want {
				t.Fatalf("event %d came as number %d", e.Seq, want)
			}
		}
		o.Close()
	})
}

func TestEventsOfManyWhoTellAllArrive(t *testing.T) {
	o := outbox.New()
	defer o.Close()
	const tellers, each = 8, 200
	var telling sync.WaitGroup
	for range tellers {
		telling.Go(func() {
			for range each {
				o.Put(consult.Event{})
			}
		})
	}
	for range tellers * each {
		<-o.Events()
	}
	telling.Wait()
	select {
	case e := <-o.Events():
		t.Errorf("one more than was put: %+v", e)
	default:
	}
}

func TestAClosedOutboxDeliversNothingMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := outbox.New()
		o.Put(consult.Event{})
		synctest.Wait() // it stands at the door
		o.Close()
		o.Close()
		o.Put(consult.Event{})
		if e, open := <-o.Events(); open {
			t.Errorf("delivered after the end: %+v", e)
		}
		<-o.Done()
	})
}

func TestWhatNobodyWaitsForComesTogetherAndInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := outbox.New()
		defer o.Close()
		synctest.Wait() // it waits for something
		began := time.Now()
		take := func(want uint64, after time.Duration) {
			t.Helper()
			if e := <-o.Events(); e.Seq != want || time.Since(began) != after {
				t.Errorf("event %d after %v, want %d after %v", e.Seq, time.Since(began), want, after)
			}
		}
		o.PutSoon(consult.Event{Seq: 1})
		time.Sleep(15 * time.Millisecond)
		o.PutSoon(consult.Event{Seq: 2})
		take(1, 20*time.Millisecond)
		take(2, 20*time.Millisecond)
		time.Sleep(10 * time.Millisecond)
		o.PutSoon(consult.Event{Seq: 3})
		time.Sleep(5 * time.Millisecond)
		o.Put(consult.Event{Seq: 4}) // for which somebody waits
		take(3, 35*time.Millisecond)
		take(4, 35*time.Millisecond)
	})
}
