package telephones_test

import (
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"testing"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
	"teamsbridge/consult/sip"
	"teamsbridge/consult/sip/ua"
	"teamsbridge/demo/telephones"
)

const (
	agentNumber = "+493023125101"
	expert      = "+493012345"
	password    = "secret of the test"
)

// patience bounds the wait for what must come.
const patience = time.Minute

// stage is a network with a switch, and somebody who plays the engine: who takes
// every event and keeps it.
type stage struct {
	*telephones.Network
	events chan consult.Event
}

func newStage(t *testing.T, o telephones.Options) *stage {
	t.Helper()
	return newStageWith(t, o, nil)
}

// newStageWith is one whose switch takes calls to consult numbers.
func newStageWith(t *testing.T, o telephones.Options, reservations sip.Reservations, numbers ...string) *stage {
	t.Helper()
	o.Listen, o.Password, o.AnswerAfter = "127.0.0.1:0", password, time.Millisecond
	o.Names = map[string]string{"anja": agentNumber, "customer": "+491713920010"}
	o.Number = func(_, agent string) string { return map[string]string{"agent": agentNumber}[agent] }
	o.Logger = slog.New(slog.NewTextHandler(t.Output(), nil))
	network, err := telephones.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	at := network.Addr()
	calls, err := sip.New(sip.Config{
		Host: "127.0.0.1", Listen: []sip.ListenConfig{{Transport: "udp", Address: "127.0.0.1:0"}},
		Trunks: []sip.TrunkConfig{{Name: "telephones", Peers: []sip.PeerConfig{{Transport: "udp", Host: "127.0.0.1", Port: int(at.Port())}}}},
		Media:  sip.MediaConfig{Address: "127.0.0.1"}, Caller: "+493023125000", ConsultNumbers: numbers,
	}, sip.Deps{Lines: &lines{}, Logger: o.Logger, Agent: func(named string) (sip.Agent, bool) {
		return sip.Agent{Tenant: "tenant", ID: "agent", Number: agentNumber}, named == agentNumber
	}})
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{Network: network, events: make(chan consult.Event, 64)}
	if reservations != nil {
		calls.TakeReservations(reservations)
	}
	network.Around(calls)
	if err := calls.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	network.SwitchAt(netip.MustParseAddrPort(calls.Addr(ua.UDP).String()))
	go func() {
		defer close(s.events)
		for e := range network.Events() {
			if e.Ack != nil {
				e.Ack(nil)
			}
			s.events <- e
		}
	}()
	t.Cleanup(func() {
		for _, stop := range []func() error{calls.Close, network.Close} {
			if err := stop(); err != nil {
				t.Errorf("Close: %v", err)
			}
		}
	})
	return s
}

// await takes events until one of a kind comes.
func (s *stage) await(t *testing.T, kind consult.EventKind) consult.Event {
	t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for {
		select {
		case e := <-s.events:
			if e.Kind == kind {
				return e
			}
		case <-limit.C:
			t.Fatalf("no event %s", kind)
		}
	}
}

// connect lets a customer call.
func (s *stage) connect(t *testing.T) consult.InteractionID {
	t.Helper()
	id, err := s.Call(t.Context(), consult.Call{Tenant: "tenant", Agent: "agent", From: "+49 1511 2345"})
	if err != nil {
		t.Fatal(err)
	}
	if e := s.await(t, consult.EventCall); e.Interaction != id || e.Call.From != "+4915112345" || e.Call.Agent != "agent" {
		t.Fatalf("call %+v, %+v", e, e.Call)
	}
	return id
}

func (s *stage) ring(t *testing.T, id consult.InteractionID, acceptance bool) {
	t.Helper()
	if err := s.Dial(t.Context(), consult.Dial{
		Interaction: id, Leg: "expert", Party: consult.PartyConsulted, Number: expert, Kind: consult.TargetOrganization, Acceptance: acceptance,
	}); err != nil {
		t.Fatal(err)
	}
}

// lines forgets everything.
type lines struct{ sync.Mutex }

func (*lines) KeepLine(context.Context, ...consult.Line) error  { return nil }
func (*lines) DropLine(context.Context, consult.LegID) error    { return nil }
func (*lines) AllLines(context.Context) ([]consult.Line, error) { return nil, nil }

func TestWhatAPartyDoesIsWhatTheServiceHears(t *testing.T) {
	for name, c := range map[string]struct {
		act        memswitch.Act
		acceptance bool
		kind       consult.EventKind
		reason     consult.FailureReason
	}{
		"an expert answers and presses the key":    {memswitch.ActAnswer, true, consult.EventAnswered, ""},
		"somebody answers who is asked for no key": {memswitch.ActAnswer, false, consult.EventAnswered, ""},
		"an expert picks up":                       {memswitch.ActPickUp, true, consult.EventAsked, ""},
		"an expert declines":                       {memswitch.ActDecline, true, consult.EventFailed, consult.FailureDeclined},
		"an expert is busy":                        {memswitch.ActBusy, true, consult.EventFailed, consult.FailureBusy},
		"nobody answers":                           {memswitch.ActNoAnswer, true, consult.EventFailed, consult.FailureNoAnswer},
		"a voicemail answers":                      {memswitch.ActVoicemail, true, consult.EventFailed, consult.FailureNoAcceptance},
		"an expert presses nothing":                {memswitch.ActNoAcceptance, true, consult.EventFailed, consult.FailureNoAcceptance},
		"hanging up a ringing telephone declines":  {memswitch.ActHangup, true, consult.EventFailed, consult.FailureDeclined},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, telephones.Options{Manual: true})
			id := s.connect(t)
			s.ring(t, id, c.acceptance)
			if err := s.Act(t.Context(), id, consult.PartyConsulted, c.act); err != nil {
				t.Fatal(err)
			}
			if e := s.await(t, c.kind); e.Leg != "expert" || e.Reason != c.reason {
				t.Errorf("event %+v", e)
			}
		})
	}
}

func TestAPartyHoldsOnTheirOwnTelephoneAndHangsUp(t *testing.T) {
	s := newStage(t, telephones.Options{Manual: true})
	id := s.connect(t)
	for _, step := range []struct {
		act  memswitch.Act
		kind consult.EventKind
	}{
		{memswitch.ActHold, consult.EventHolds}, {memswitch.ActBack, consult.EventBack}, {memswitch.ActHangup, consult.EventEnded},
	} {
		if err := s.Act(t.Context(), id, consult.PartyCustomer, step.act); err != nil {
			t.Fatalf("%s: %v", step.act, err)
		}
		s.await(t, step.kind)
	}
}

func TestPartiesAnswerByThemselvesAndLinesSayWhoHearsWhom(t *testing.T) {
	s := newStage(t, telephones.Options{})
	id := s.connect(t)
	s.ring(t, id, true)
	s.await(t, consult.EventAnswered)
	legs := map[consult.Party]consult.LegID{}
	for _, l := range s.Lines() {
		legs[l.Party] = l.Leg
	}
	picture := consult.Arrangement{Seq: 1, Talk: []consult.LegID{legs[consult.PartyAgent], "expert"}, Hold: []consult.LegID{legs[consult.PartyCustomer]}}
	if err := s.Arrange(t.Context(), id, picture); err != nil {
		t.Fatal(err)
	}
	s.await(t, consult.EventArranged)
	for _, l := range s.Lines() {
		switch l.Party {
		case consult.PartyCustomer:
			if !l.Music || len(l.Hears) != 0 {
				t.Errorf("customer %+v", l)
			}
		case consult.PartyAgent, consult.PartyConsulted:
			if l.Music || len(l.Hears) != 1 {
				t.Errorf("%s %+v", l.Party, l)
			}
		}
	}
}

func TestWhatCannotBePlayedIsRefused(t *testing.T) {
	s := newStage(t, telephones.Options{Manual: true})
	id := s.connect(t)
	s.ring(t, id, false)
	for name, refused := range map[string]error{
		"a voicemail where nobody is asked for a key": s.Act(t.Context(), id, consult.PartyConsulted, memswitch.ActVoicemail),
		"an act that nobody knows":                    s.Act(t.Context(), id, consult.PartyConsulted, "whistle"),
		"an interaction that is not there":            s.Act(t.Context(), "other", consult.PartyCustomer, memswitch.ActHangup),
		"a fault":                                     s.Inject(memswitch.Fault{Op: "dial", Mode: "fail", Count: 1}),
	} {
		if refused == nil {
			t.Errorf("%s is not refused", name)
		}
	}
	if _, err := s.Call(t.Context(), consult.Call{Tenant: "tenant", Agent: "nobody", From: "+49151"}); err == nil {
		t.Error("an agent without a telephone is rung")
	}
}
