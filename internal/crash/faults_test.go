package crash

import (
	"context"
	"fmt"
	"time"
)

// mood is how the telephone network behaves in one life of the service.
type mood uint8

const (
	healthy mood = iota
	faulty       // work fails, comes late or is never confirmed
	silent       // as faulty, mostly silent, and for so long that the service gives up waiting
)

// moods: what comes of a fault shows in what follows, so healthy lives lie in
// between; a silent one takes longer than the service waits for the network.
var moods = [...]mood{healthy, faulty, silent, healthy, faulty, faulty, healthy, faulty}

// silenceLimit is how long a silent life waits for the first outcome that
// nobody knows; the service itself waits 10 s for the telephone network.
const silenceLimit = time.Minute

// faultOps are what can go wrong, in the words of the demo's control interface.
var faultOps = [...]string{"dial", "hold", "resume", "transfer", "conference", "hangup"}

// fault lets the next work of one kind go wrong, whosever it is.
func (w *worker) fault(ctx context.Context) error {
	op := faultOps[w.random.IntN(len(faultOps))]
	mode, late := "fail", 0
	switch choice := w.random.IntN(8); {
	case w.service.mood == silent && choice < 4:
		mode = "silent"
	case w.service.mood == silent && choice == 4: // after the service has asked what is there
		mode, late = "delay", 10_300
	case choice == 5:
		mode = "silent"
	case choice > 5:
		mode, late = "delay", 50+w.random.IntN(500)
	}
	w.did["faults of the switch: "+op+" "+mode]++
	a, err := ask(ctx, "POST", w.service.demo.Simulators+"/_control/switch/faults", "", "",
		fmt.Sprintf(`{"op":%q,"mode":%q,"count":1,"delayMs":%d}`, op, mode, late))
	if err == nil && a.status != 200 {
		err = fmt.Errorf("fault %s %s: %d %s", op, mode, a.status, a.raw)
	}
	return err
}
