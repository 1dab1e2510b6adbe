package sip_test

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"

	"teamsbridge/consult"
	"teamsbridge/consult/consulttest"
	"teamsbridge/consult/sip"
	"teamsbridge/consult/sip/media/tonetest"
	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

func TestMain(m *testing.M) { os.Exit(tonetest.Main(m)) }

func TestContract(t *testing.T) {
	t.Parallel()
	consulttest.Run(t, func(t *testing.T) consulttest.Rig {
		n := newNetwork(t, nil)
		hands := &hands{
			Switch: n.sw, t: t, network: n,
			words: map[consult.InteractionID]chan error{}, customers: map[consult.InteractionID]*siptest.Phone{},
		}
		hands.follow()
		return consulttest.Rig{Switch: hands, Call: hands.call, Act: hands.act, Close: n.sw.Close, Deaf: true}
	})
}

// network is a switch with three telephones: the customer's, the agent's, the expert's.
type network struct {
	sw                      *sip.Switch
	customer, agent, expert *siptest.Phone
	lines                   *lines
}

// newNetwork makes one; change alters its configuration.
func newNetwork(t *testing.T, change func(*sip.Config)) *network {
	t.Helper()
	return startNetwork(t, change, nil)
}

// startNetwork is newNetwork with something to be done before the switch starts.
func startNetwork(t *testing.T, change func(*sip.Config), before func(*sip.Switch)) *network {
	t.Helper()
	n := &network{agent: siptest.New(t, 700), expert: siptest.New(t, 1100), lines: &lines{kept: map[consult.LegID]consult.Line{}}}
	config := sip.Config{
		Host: "127.0.0.1", Listen: []sip.ListenConfig{{Transport: "udp", Address: "127.0.0.1:0"}},
		Trunks: []sip.TrunkConfig{
			{Name: "carrier", Networks: []string{"127.0.0.0/8"}},
			{Name: "phones", Peers: []sip.PeerConfig{peer(n.agent)}},
			{Name: "teams", Peers: []sip.PeerConfig{peer(n.expert)}},
		},
		Routes: sip.RoutesConfig{Agents: "phones", Experts: "teams", Numbers: "teams"},
		Media:  sip.MediaConfig{Address: "127.0.0.1"},
		Caller: "+49305550",
	}
	if change != nil {
		change(&config)
	}
	var err error
	n.sw, err = sip.New(config, sip.Deps{Lines: n.lines, Agent: func(named string) (sip.Agent, bool) {
		return sip.Agent{Tenant: "tenant", ID: "anja", Number: "100"}, named == "100"
	}})
	if err != nil {
		t.Fatal(err)
	}
	if before != nil {
		before(n.sw)
	}
	if err := n.sw.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	n.customer = n.newCustomer(t)
	t.Cleanup(func() { // before the telephones are gone
		if err := n.sw.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return n
}

func (n *network) newCustomer(t *testing.T) *siptest.Phone {
	return siptest.New(t, 400, siptest.PeerAt(n.sw.Addr(ua.UDP).String(), ua.UDP))
}

func peer(p *siptest.Phone) sip.PeerConfig {
	at := p.Peer()
	return sip.PeerConfig{Transport: string(at.Transport), Host: at.Host, Port: at.Port}
}

// lines keeps lines in memory.
type lines struct {
	mu      sync.Mutex
	kept    map[consult.LegID]consult.Line
	held    *gate
	stored  chan consult.Line  // told of each line that is stored; nil: nobody is
	dropped chan consult.LegID // told of each line that is forgotten; nil: nobody is
	deaf    int                // how often the store does not take a drop
}

// gate holds up what is to be stored.
type gate struct{ asked, open chan struct{} }

// told makes what happens to lines be told from now on.
func (l *lines) told() (stored <-chan consult.Line, dropped <-chan consult.LegID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stored, l.dropped = make(chan consult.Line, 8), make(chan consult.LegID, 8)
	return l.stored, l.dropped
}

// gate lets the next line wait until it is opened.
func (l *lines) gate() *gate {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = &gate{make(chan struct{}), make(chan struct{})}
	return l.held
}

func (l *lines) KeepLine(_ context.Context, lines ...consult.Line) error {
	l.mu.Lock()
	held := l.held
	l.held = nil
	l.mu.Unlock()
	if held != nil {
		close(held.asked)
		<-held.open
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, line := range lines {
		l.kept[line.Leg] = line
		if l.stored != nil {
			l.stored <- line
		}
	}
	return nil
}

func (l *lines) DropLine(_ context.Context, leg consult.LegID) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.deaf > 0 {
		l.deaf--
		return errors.New("the disk is away")
	}
	delete(l.kept, leg)
	if l.dropped != nil {
		l.dropped <- leg
	}
	return nil
}

func (l *lines) AllLines(context.Context) ([]consult.Line, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []consult.Line
	for _, line := range l.kept {
		all = append(all, line)
	}
	return all, nil
}

// hands plays the people. A real telephone does not wait for the service's word
// on what it did: here each event that has no place for it gets one.
type hands struct {
	*sip.Switch
	t       *testing.T
	network *network
	events  chan consult.Event

	mu        sync.Mutex
	customers map[consult.InteractionID]*siptest.Phone
	words     map[consult.InteractionID]chan error
	told      chan struct{} // closed and made anew with each event
	ids       chan consult.InteractionID
}

func (h *hands) follow() {
	h.events = make(chan consult.Event)
	h.ids = make(chan consult.InteractionID, 8)
	h.told = make(chan struct{})
	go func() {
		defer close(h.events)
		for e := range h.Switch.Events() {
			again := e.Ack
			word := make(chan error, 1)
			e.Ack = func(err error) {
				select {
				case word <- err:
				default:
				}
				if again != nil {
					again(err)
				}
			}
			h.mu.Lock()
			h.words[e.Interaction] = word
			close(h.told)
			h.told = make(chan struct{})
			h.mu.Unlock()
			if e.Kind == consult.EventCall {
				h.ids <- e.Interaction
			}
			h.events <- e
		}
	}()
}

func (h *hands) Events() <-chan consult.Event { return h.events }

var errNobody = errors.New("nobody has that telephone")

// call plays a customer who calls and the agent who picks up.
func (h *hands) call(ctx context.Context, c consult.Call) (consult.InteractionID, error) {
	customer := h.network.newCustomer(h.t)
	h.t.Cleanup(func() { _ = h.Close() }) // before the telephone is gone
	customer.Call("100", c.From)
	h.network.agent.Rings()
	if !h.network.agent.PickUp() {
		return "", errNobody
	}
	select {
	case id := <-h.ids:
		h.mu.Lock()
		h.customers[id] = customer
		h.mu.Unlock()
		return id, h.word(ctx, id)
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// word waits for the service's word on the newest event of an interaction.
func (h *hands) word(ctx context.Context, id consult.InteractionID) error {
	h.mu.Lock()
	word := h.words[id]
	h.mu.Unlock()
	select {
	case err := <-word:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// refusals are the final statuses of those who do not answer.
var refusals = map[string]int{"decline": 603, "busy": 486, "no-answer": 408, "hangup": 603}

func (h *hands) act(ctx context.Context, id consult.InteractionID, party consult.Party, act string) error {
	h.mu.Lock()
	before := h.words[id]
	phone := map[consult.Party]*siptest.Phone{
		consult.PartyCustomer: h.customers[id], consult.PartyAgent: h.network.agent, consult.PartyConsulted: h.network.expert,
	}[party]
	h.mu.Unlock()
	switch {
	case act == "answer":
		phone.PickUp()
	case phone.Refuse(refusals[act]):
	default:
		phone.HangUp()
	}
	for { // until the event that follows is told
		h.mu.Lock()
		word, told := h.words[id], h.told
		h.mu.Unlock()
		if word != before {
			select {
			case err := <-word:
				return err
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		select {
		case <-told:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
