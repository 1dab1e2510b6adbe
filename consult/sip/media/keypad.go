package media

import "teamsbridge/consult/sip/g711"

// keypad sends presses of keys as telephone-events, one packet a tick: one for
// each 20 ms that the key is down, three that say it is up (RFC 4733, section
// 2.5.1.4), and a pause.
type keypad struct {
	waiting []keyPress
	present *keyPress
	ends    int // packets with the end that were sent
	pause   int // ticks until the next press
	sent    uint16
}

// keyPress is a press to be sent.
type keyPress struct {
	code   byte
	length uint16 // in samples; 0 is open: the key is still down
	from   *press // names the press of another party that this one follows
}

const (
	pressLength = 100 * g711.Rate / 1000 // of a key that nobody holds
	pressPause  = 3                      // ticks between presses
	openLimit   = 8 * g711.Rate          // nearly what 16 bits of duration can say
	endRepeats  = 3
	keyVolume   = 10 // -10 dBm0
	maxWaiting  = 64
)

// add puts a press in the row; it is left out where the row is too long.
func (k *keypad) add(p keyPress) bool {
	if len(k.waiting) >= maxWaiting {
		return false
	}
	k.waiting = append(k.waiting, p)
	return true
}

// released tells how many samples the press lasted that is being passed on.
func (k *keypad) released(p *press, length uint16) {
	if k.present != nil && k.present.from == p {
		k.present.length = max(length, frameSamples)
	}
	for i := range k.waiting {
		if k.waiting[i].from == p {
			k.waiting[i].length = max(length, frameSamples)
		}
	}
}

// due reports whether a packet is to be sent at the next tick; audio has to wait
// then.
func (k *keypad) due() bool { return k.present != nil || k.pause == 0 && len(k.waiting) > 0 }

// rest counts the pause at a tick at which nothing is due.
func (k *keypad) rest() { k.pause = max(k.pause-1, 0) }

// next is the packet for a tick at which one is due. The first of a press is
// so marked.
func (k *keypad) next() (e event, first bool) {
	if k.present == nil {
		p := k.waiting[0]
		k.waiting = append(k.waiting[:0], k.waiting[1:]...)
		k.present, k.sent, k.ends, first = &p, 0, 0, true
	}
	up := k.present.length != 0 && k.sent >= k.present.length
	if !up {
		k.sent += frameSamples
		if k.present.length != 0 {
			k.sent = min(k.sent, k.present.length)
		}
		if k.sent >= openLimit {
			k.present.length = k.sent
		}
	}
	e = event{code: k.present.code, volume: keyVolume, duration: k.sent}
	if up {
		e.end = true
		if k.ends++; k.ends == endRepeats {
			k.present, k.pause = nil, pressPause
		}
	}
	return e, first
}

// busy reports whether a key is down.
func (k *keypad) busy() bool { return k.present != nil }
