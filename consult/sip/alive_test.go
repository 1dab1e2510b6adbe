package sip_test

import (
	"encoding/json"
	"testing"

	sipmsg "github.com/emiago/sipgo/sip"

	"teamsbridge/consult"
	"teamsbridge/consult/sip"
	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

// TestALineThatHoldsAndDiesIsLost has an expert's telephone hold, which sends
// nothing from then on, and forget the call.
func TestALineThatHoldsAndDiesIsLost(t *testing.T) {
	t.Parallel()
	w := siptest.Listen(t, ua.UDP, nil)
	w.Answers(sipmsg.OPTIONS, 481)
	n := newNetwork(t, viaWire(w, nil))
	call := n.connect(t)
	n.dial(t, call, consult.Dial{Leg: "expert"})
	invite := w.Request(sipmsg.INVITE)
	w.Answer(invite, 200, "expert", audio(1, "127.0.0.1"), w.Contact())
	w.Request(sipmsg.ACK)
	n.await(t, consult.EventAnswered)
	k := w.Follow(invite, "expert")
	k.Request(sipmsg.INVITE, audio(2, "127.0.0.1", "a=inactive"))
	k.Response(sipmsg.INVITE, 200)
	k.Request(sipmsg.ACK, "")
	n.await(t, consult.EventHolds)
	if e := n.await(t, consult.EventLost); e.Leg != "expert" {
		t.Errorf("lost %+v", e)
	}
}

// TestALegOfAnEarlierProcessIsEndedWhenItsPeerCan has the other side be in
// trouble at the moment of the start.
func TestALegOfAnEarlierProcessIsEndedWhenItsPeerCan(t *testing.T) {
	t.Parallel()
	w := siptest.Listen(t, ua.UDP, nil)
	left := &lines{kept: map[consult.LegID]consult.Line{}, dropped: make(chan consult.LegID, 1)}
	memo, err := json.Marshal(ua.Stored{
		Trunk: "sbc", Transport: ua.UDP, CallID: "left", LocalTag: "ours", RemoteTag: "theirs",
		Local: "sip:us@127.0.0.1", Remote: "sip:them@127.0.0.1", Target: "sip:them@" + w.Addr(), Seq: 7,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := left.KeepLine(t.Context(), consult.Line{Leg: "l", Interaction: "i", Memo: memo}); err != nil {
		t.Fatal(err)
	}
	at := w.Peer()
	sw, err := sip.New(sip.Config{
		Host: "127.0.0.1", Listen: []sip.ListenConfig{{Transport: "udp", Address: "127.0.0.1:0"}}, Media: sip.MediaConfig{Address: "127.0.0.1"},
		Trunks: []sip.TrunkConfig{{Name: "sbc", Peers: []sip.PeerConfig{{Transport: "udp", Host: at.Host, Port: at.Port}}}},
	}, sip.Deps{Lines: left, Agent: func(string) (sip.Agent, bool) { return sip.Agent{}, false }})
	if err != nil {
		t.Fatal(err)
	}
	if err := sw.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	first := w.Request(sipmsg.BYE)
	w.Answer(first, 503, "", "")
	second := w.Request(sipmsg.BYE)
	if second.CSeq().SeqNo <= first.CSeq().SeqNo {
		t.Errorf("the second BYE has number %d after %d", second.CSeq().SeqNo, first.CSeq().SeqNo)
	}
	w.Answer(second, 200, "", "")
	siptest.Wait(t, "end of its line", left.dropped)
	if err := sw.Close(); err != nil {
		t.Error(err)
	}
}
