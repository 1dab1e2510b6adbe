package telephones

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"maps"
	"net/netip"
	"slices"
	"sync"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
	"teamsbridge/consult/sip"
	"teamsbridge/consult/sip/media"
)

// Options shape a network.
type Options struct {
	Listen   string // host:port of the exchange, UDP
	Password string // of every softphone
	// Names are users that softphones register as, beside numbers: name to number.
	Names map[string]string
	// Number gives an agent's.
	Number func(tenant, agent string) string
	// Manual stops parties from answering by themselves, else they do after AnswerAfter.
	Manual      bool
	AnswerAfter time.Duration
	Logger      *slog.Logger
}

// goodbyeWait bounds how long a telephone waits for the answer to its BYE.
const goodbyeWait = 2 * time.Second

// Network is every telephone of the demo, and stands between the engine and the
// switch. It meets consult.Switch and consult.Answerer once [Network.Around] was called.
type Network struct {
	options  Options
	log      *slog.Logger
	exchange *Exchange
	audio    *media.Engine
	ctx      context.Context // of the built-in telephones
	cancel   context.CancelFunc
	calls    *sip.Switch
	events   chan consult.Event
	tasks    sync.WaitGroup

	running sync.Mutex // guards tasks against being added to after the end
	ended   bool

	mu       sync.Mutex
	known    map[consult.InteractionID]*call
	expected map[string][]*leg     // dialled and not seen by the exchange yet, by number
	phones   map[string]*telephone // rung ones, by Call-ID
	loose    []*telephone          // rung for a customer's call that the engine does not know yet
	pending  map[between]*pending  // customers' calls of hands
	changed  chan struct{}         // closed and made anew when a leg changes
}

// between names a customer's call before the switch has named it.
type between struct{ agent, customer string } // their numbers

// Start makes a network that softphones can register at.
func Start(ctx context.Context, o Options) (_ *Network, err error) {
	n := &Network{
		options: o, log: o.Logger, events: make(chan consult.Event),
		known: map[consult.InteractionID]*call{}, expected: map[string][]*leg{}, phones: map[string]*telephone{},
		pending: map[between]*pending{}, changed: make(chan struct{}),
	}
	n.ctx, n.cancel = context.WithCancel(context.WithoutCancel(ctx))
	defer func() {
		if err != nil {
			n.cancel()
		}
	}()
	n.exchange = &Exchange{
		log: o.Logger, plan: newPlan(o.Names), password: o.Password, nonce: rand.Text(), rings: n.rings, taken: n.taken,
		bindings: map[string]binding{}, targets: map[string]target{},
	}
	if err := n.exchange.listen(ctx, o.Listen); err != nil {
		return nil, err
	}
	n.audio, err = media.New(media.Config{IP: n.exchange.at.Addr(), Logger: o.Logger}) //nolint:contextcheck // it runs until Close
	if err != nil {
		return nil, errors.Join(err, n.exchange.conn.Close())
	}
	n.exchange.serving.Go(n.exchange.serve)
	return n, nil
}

// Close unplugs every telephone and ends the exchange. The switch is closed before.
func (n *Network) Close() error {
	n.cancel()
	n.running.Lock()
	n.ended = true
	n.running.Unlock()
	n.tasks.Wait()
	return errors.Join(n.exchange.close(), n.audio.Close())
}

// run does f beside; Close waits for it. After the end nothing is run.
func (n *Network) run(f func()) {
	n.running.Lock()
	defer n.running.Unlock()
	if !n.ended {
		n.tasks.Go(f)
	}
}

// Addr is where softphones register, and the peer of the switch's trunk.
func (n *Network) Addr() netip.AddrPort { return n.exchange.Addr() }

// Around stands between the engine and the switch from now on. It is called once.
func (n *Network) Around(calls *sip.Switch) consult.Switch {
	n.calls = calls
	n.run(n.follow)
	return n
}

// SwitchAt tells where the switch takes calls, once it does.
func (n *Network) SwitchAt(at netip.AddrPort) { n.exchange.SwitchAt(at) }

// rings plugs in a built-in telephone for a call of the switch's.
func (n *Network) rings(number, from, callID string) (netip.AddrPort, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if p := n.phones[callID]; p != nil {
		return p.at, nil
	}
	l := n.take(number)
	consulted := l == nil && !n.exchange.plan.named(number) // by a call to a consult number: the engine knows of none
	voice := voiceOf(l)
	if consulted {
		voice = consultedVoice
	}
	p, err := n.plug(number, from, voice)
	if err != nil {
		return netip.AddrPort{}, err
	}
	n.phones[callID] = p
	switch {
	case consulted:
		if !n.options.Manual {
			time.AfterFunc(n.options.AnswerAfter, func() { n.run(p.acceptUnheard) })
		}
	case l == nil: // an agent, for a customer
		n.loose = append(n.loose, p)
		if n.pending[between{number, from}] != nil {
			p.pickUp()
			return p.at, nil
		}
		time.AfterFunc(n.options.AnswerAfter, p.pickUp)
	default:
		l.phone = p
		n.wake()
		if !n.options.Manual {
			l.accept = true
			time.AfterFunc(n.options.AnswerAfter, p.pickUp)
		}
	}
	return p.at, nil
}

// taken notes that a softphone is rung.
func (n *Network) taken(number string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if l := n.take(number); l != nil {
		l.soft = true
		n.wake()
	}
}

// take finds the leg for which a number is rung. The caller holds the mutex.
func (n *Network) take(number string) *leg {
	waiting := n.expected[number]
	if len(waiting) == 0 {
		return nil
	}
	n.expected[number] = waiting[1:]
	return waiting[0]
}

// forget lets go of a telephone whose call is over.
func (n *Network) forget(p *telephone) {
	n.mu.Lock()
	defer n.mu.Unlock()
	maps.DeleteFunc(n.phones, func(_ string, other *telephone) bool { return other == p })
	n.loose = slices.DeleteFunc(n.loose, func(other *telephone) bool { return other == p })
}

// wake tells whoever waits for a leg that one changed. The caller holds the mutex.
func (n *Network) wake() {
	close(n.changed)
	n.changed = make(chan struct{})
}

// Lines lists every leg: by interaction, oldest leg first.
func (n *Network) Lines() []memswitch.Line {
	n.mu.Lock()
	defer n.mu.Unlock()
	var all []memswitch.Line
	for _, id := range slices.Sorted(maps.Keys(n.known)) {
		all = append(all, n.known[id].lines()...)
	}
	return all
}

var errNoFaults = errors.New("with --sip the telephones are real ones: play a fault on a telephone, or without --sip")

// Inject is refused: nothing between the telephones and the service can be told to fail.
func (n *Network) Inject(memswitch.Fault) error { return errNoFaults }
