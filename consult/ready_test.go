package consult_test

import (
	"context"
	"testing"
	"testing/synctest"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
)

// late is a network that takes its time to say what is there.
type late struct {
	*memswitch.Switch
	tell chan struct{}
}

func (l late) Calls(ctx context.Context) ([]consult.CallStatus, error) {
	there, err := l.Switch.Calls(ctx)
	<-l.tell
	return there, err
}

func TestNobodyIsRungBeforeItIsKnownWhatIsThere(t *testing.T) {
	must(principals())(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		waits := w.waits(1)[0]
		held := w.call()
		w.ok("anja", held, consult.ActionHold)
		w.stop()
		network := late{w.sw, make(chan struct{})}
		w.network = network
		w.start()
		asked := make(chan error, 1)
		go func() {
			_, err := w.do("anja", held, consult.Command{Action: consult.ActionConsult, Target: theExpert})
			asked <- err
		}()
		must(w.engine.SetState(t.Context(), w.who["clara"], consult.StateAvailable, ""))(t)
		synctest.Wait()
		for _, id := range []consult.InteractionID{waits, held} { // which can be read meanwhile
			if v := must(w.engine.View(t.Context(), w.who["anja"], id))(t); v.Consult != nil && v.Consult.Party != nil {
				t.Errorf("%+v is rung", v.Consult.Party)
			}
		}
		close(network.tell)
		if err := <-asked; err != nil {
			t.Errorf("the consult: %v", err)
		}
		w.until("anja", held, "ringing", func(v consult.View) bool { return v.Consult.State == "ringing" })
		w.until("anja", waits, "offered to clara", offeredTo("clara"))
	})
}
