package sip

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestThoseInNoHurryGoTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rounds{every: time.Second}
		began := time.Now()
		first := r.next()
		time.Sleep(400 * time.Millisecond) // of the bubble's clock
		if r.next() != first {
			t.Error("whoever comes a moment later is in another round")
		}
		<-first
		if waited := time.Since(began); waited != time.Second {
			t.Errorf("the round began after %v", waited)
		}
		<-r.next()
		if waited := time.Since(began); waited != 2*time.Second {
			t.Errorf("the second round began after %v", waited)
		}
	})
}
