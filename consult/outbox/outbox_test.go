package outbox_test

import (
	"sync"
	"testing"
	"testing/synctest"

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
