package ua

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestWhatIsOverIsRememberedAsLongAsItsMessagesMayCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r recent[string]
		r.add("first")
		time.Sleep(recentLife / 2)
		r.add("second")
		r.add("first") // as it was: it does not live longer for that
		time.Sleep(recentLife/2 - time.Millisecond)
		if !r.has("first") || !r.has("second") || r.has("third") {
			t.Error("not what was added is remembered")
		}
		time.Sleep(recentSweep)
		if r.has("first") || !r.has("second") {
			t.Error("not the old one was forgotten")
		}
		time.Sleep(recentLife)
		if r.has("second") || r.until != nil || r.queue != nil {
			t.Error("something is left")
		}
	})
}

func TestAClosedMemoryStaysEmpty(t *testing.T) {
	synctest.Test(t, func(*testing.T) {
		var r recent[string]
		r.add("before")
		r.close()
		r.add("after")
		if r.has("before") || r.has("after") {
			t.Error("remembered after the end")
		}
	})
}
