package consult_test

import (
	"errors"
	"testing"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
	"teamsbridge/graph"
	"teamsbridge/sso"
)

func TestTheWholeJourney(t *testing.T) {
	w := newWorld(t)
	id := w.call()
	v := w.consult(id, consult.ActionConsult, theExpert)
	if v.Phase != consult.PhaseConsultRequested || v.Customer.State != "held" || v.Consult.Target.Number != expertNo {
		t.Fatalf("after consult: %+v", v)
	}
	w.act(id, consult.PartyConsulted, memswitch.ActAnswer)
	w.phase("anja", id, consult.PhaseConsulting)
	if v := w.ok("anja", id, consult.ActionResume); v.Phase != consult.PhaseSwapped || v.Consult.State != "held" || v.Customer.State != "connected" {
		t.Fatalf("after swap: %+v", v)
	}
	if v := w.ok("anja", id, consult.ActionResumeExpert); v.Phase != consult.PhaseConsulting {
		t.Fatalf("after swap back: %+v", v)
	}
	if v := w.ok("anja", id, consult.ActionConference); v.Phase != consult.PhaseConferenced || v.Customer.State != "conferenced" {
		t.Fatalf("in conference: %+v", v)
	}
	v = w.ok("anja", id, consult.ActionLeave)
	if v.Phase != consult.PhaseTransferred || v.Owner != nil || v.Role != consult.RoleFormer || v.WrapUp == nil {
		t.Fatalf("after leaving: %+v", v)
	}
	w.act(id, consult.PartyCustomer, memswitch.ActHangup)
	w.phase("anja", id, consult.PhaseWrapUp)
	v, err := w.do("anja", id, consult.Command{Action: consult.ActionWrapUp, Code: "done", Note: "erledigt"})
	if err != nil || v.Phase != consult.PhaseEnded || v.Customer.State != "left" {
		t.Fatalf("wrap-up: %+v, %v", v, err)
	}
	entries, err := w.engine.History(t.Context(), w.who["anja"], id)
	if err != nil || len(entries) < 9 {
		t.Fatalf("history has %d entries, %v", len(entries), err)
	}
	for i, e := range entries {
		if e.Version != uint64(i)+1 {
			t.Errorf("entry %d has version %d", i, e.Version)
		}
	}
}

// Each case begins in mid-consult with the expert unless it says otherwise.
func TestWhatHappensWhen(t *testing.T) {
	cases := []struct {
		name   string
		target consult.TargetRequest
		play   func(w *world, id consult.InteractionID)
		want   consult.Phase
		check  func(v consult.View) bool
	}{
		{"the expert hangs up: the customer is back with agent 1", theExpert, func(w *world, id consult.InteractionID) {
			w.act(id, consult.PartyConsulted, memswitch.ActHangup)
		}, consult.PhaseActive, func(v consult.View) bool { return v.Consult.State == "ended" && v.Customer.State == "connected" }},
		{"the customer hangs up: agent 1 wraps up", theExpert, func(w *world, id consult.InteractionID) {
			w.act(id, consult.PartyCustomer, memswitch.ActHangup)
		}, consult.PhaseWrapUp, func(v consult.View) bool { return v.WrapUp != nil && v.Customer.State == "left" }},
		{"the owner's telephone hangs up: everybody is released", theExpert, func(w *world, id consult.InteractionID) {
			w.act(id, consult.PartyAgent, memswitch.ActHangup)
		}, consult.PhaseWrapUp, func(v consult.View) bool { return v.Customer.State == "left" }},
		{"the owner's telephone hangs up in a conference: as leaving", theExpert, func(w *world, id consult.InteractionID) {
			w.ok("anja", id, consult.ActionConference)
			w.act(id, consult.PartyAgent, memswitch.ActHangup)
		}, consult.PhaseTransferred, func(v consult.View) bool { return v.Owner == nil && v.WrapUp != nil }},
		{"the expert hangs up in a conference: active", theExpert, func(w *world, id consult.InteractionID) {
			w.ok("anja", id, consult.ActionConference)
			w.act(id, consult.PartyConsulted, memswitch.ActHangup)
		}, consult.PhaseActive, nil},
		{"the expert hangs up after a transfer: over", theExpert, func(w *world, id consult.InteractionID) {
			w.ok("anja", id, consult.ActionTransfer)
			w.act(id, consult.PartyConsulted, memswitch.ActHangup)
		}, consult.PhaseWrapUp, nil},
		{"agent 1 ends the consult: active", theExpert, func(w *world, id consult.InteractionID) {
			w.ok("anja", id, consult.ActionEndConsult)
		}, consult.PhaseActive, func(v consult.View) bool { return v.Consult.State == "ended" && v.Consult.Failure == "" }},
		{"agent 2 leaves the consult: active", theAgent, func(w *world, id consult.InteractionID) {
			if v := w.ok("bernd", id, consult.ActionEndConsult); v.Role != consult.RoleAgent2 {
				w.t.Errorf("last view as %s", v.Role)
			}
		}, consult.PhaseActive, nil},
		{"agent 2 leaves a conference: active", theAgent, func(w *world, id consult.InteractionID) {
			w.ok("anja", id, consult.ActionConference)
			w.ok("bernd", id, consult.ActionLeave)
		}, consult.PhaseActive, nil},
		{"agent 1 transfers to agent 2, who owns the call", theAgent, func(w *world, id consult.InteractionID) {
			w.ok("anja", id, consult.ActionTransfer)
			if v := w.ok("bernd", id, consult.ActionHold); v.Role != consult.RoleAgent1 || v.Phase != consult.PhaseHeld {
				w.t.Errorf("new owner holds: %+v", v)
			}
			w.ok("bernd", id, consult.ActionResume)
		}, consult.PhaseActive, func(v consult.View) bool { return v.Role == consult.RoleFormer && v.Owner.ID == "bernd" }},
		{"agent 1 ends it for all in a conference", theExpert, func(w *world, id consult.InteractionID) {
			w.ok("anja", id, consult.ActionConference)
			w.ok("anja", id, consult.ActionEnd)
		}, consult.PhaseWrapUp, nil},
		{"a transfer fails at the switch: back to consulting", theExpert, func(w *world, id consult.InteractionID) {
			must(0, w.sw.Inject(memswitch.Fault{Op: "transfer", Mode: "fail", Count: 1}))(w.t)
			if _, err := w.do("anja", id, consult.Command{Action: consult.ActionTransfer}); !as[*consult.SwitchError](err) {
				w.t.Errorf("transfer: %v", err)
			}
		}, consult.PhaseConsulting, func(v consult.View) bool { return v.Actions[consult.ActionTransfer].Allowed }},
	}
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.consulting(tt.target)
			tt.play(w, id)
			v := w.phase("anja", id, tt.want)
			if tt.check != nil && !tt.check(v) {
				t.Errorf("%+v, consult %+v", v, v.Consult)
			}
		})
	}
}

func TestHowAConsultFails(t *testing.T) {
	cases := []struct {
		name string
		act  memswitch.Act
		want consult.FailureReason
	}{
		{"busy", memswitch.ActBusy, consult.FailureBusy},
		{"declined on the telephone", memswitch.ActDecline, consult.FailureDeclined},
		{"no answer", memswitch.ActNoAnswer, consult.FailureNoAnswer},
		{"voicemail is no acceptance", memswitch.ActVoicemail, consult.FailureVoicemail},
	}
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.call()
			w.consult(id, consult.ActionConsult, theExpert)
			w.act(id, consult.PartyConsulted, tt.act)
			v := w.phase("anja", id, consult.PhaseHeld)
			if v.Consult.State != "failed" || v.Consult.Failure != tt.want || v.Customer.State != "held" {
				t.Errorf("consult %+v", v.Consult)
			}
			if v := w.ok("anja", id, consult.ActionResume); v.Phase != consult.PhaseActive {
				t.Errorf("resume: %s", v.Phase)
			}
		})
	}
}

func TestOffersToAnAgent(t *testing.T) {
	w := newWorld(t)
	id := w.call()
	v := w.consult(id, consult.ActionConsult, theAgent)
	if v.Consult.Party == nil || v.Consult.Party.ID != "bernd" {
		t.Fatalf("party %+v", v.Consult.Party)
	}
	if st := w.engine.State(w.who["bernd"]); st.Name != consult.StateEngaged {
		t.Errorf("while offered bernd is %s", st.Name)
	}
	if v := w.ok("bernd", id, consult.ActionAccept); v.Phase != consult.PhaseConsulting || v.Role != consult.RoleAgent2 {
		t.Fatalf("accept: %+v", v)
	}
	if _, err := w.engine.View(t.Context(), w.who["clara"], id); !errors.Is(err, consult.ErrNotFound) {
		t.Errorf("clara reads it: %v", err)
	}

	second := must(w.sw.Call(t.Context(), consult.Call{Tenant: tenant, From: "+4915100000", Agent: "clara"}))(t)
	v, err := w.do("clara", second, consult.Command{Action: consult.ActionConsult, Target: theAgent})
	if err != nil {
		t.Fatal(err)
	}
	v = w.phase("clara", second, consult.PhaseHeld)
	if v.Consult.Failure != consult.FailureBusy {
		t.Errorf("a consult to an engaged agent fails with %q", v.Consult.Failure)
	}
}

func TestDeclineKeepsTheReasonAndTheState(t *testing.T) {
	w := newWorld(t)
	id := w.call()
	w.consult(id, consult.ActionConsult, theAgent)
	v, err := w.do("bernd", id, consult.Command{Action: consult.ActionDecline, Note: "gleich Feierabend"})
	if err != nil || v.Role != consult.RoleAgent2 {
		t.Fatalf("decline: %+v %v", v, err)
	}
	v = w.phase("anja", id, consult.PhaseHeld)
	if v.Consult.Failure != consult.FailureDeclined || v.Consult.Note != "gleich Feierabend" {
		t.Errorf("consult %+v", v.Consult)
	}
	if st := w.engine.State(w.who["bernd"]); st.Name != consult.StateAvailable {
		t.Errorf("after declining bernd is %s", st.Name)
	}
	if _, err := w.do("bernd", id, consult.Command{Action: consult.ActionAccept}); !errors.Is(err, consult.ErrNotFound) {
		t.Errorf("a late accept: %v", err)
	}
}

func TestColdTransfer(t *testing.T) {
	t.Run("completes itself on answer", func(t *testing.T) {
		w := newWorld(t)
		id := w.call()
		if v := w.consult(id, consult.ActionColdTransfer, theExpert); v.Phase != consult.PhaseConsultRequested || v.Consult.Then != "transfer" {
			t.Fatalf("%+v", v)
		}
		w.act(id, consult.PartyConsulted, memswitch.ActAnswer)
		if v := w.phase("anja", id, consult.PhaseTransferred); v.WrapUp == nil || v.Role != consult.RoleFormer {
			t.Errorf("%+v", v)
		}
	})
	t.Run("comes back when it fails", func(t *testing.T) {
		w := newWorld(t)
		id := w.call()
		w.consult(id, consult.ActionColdTransfer, theExpert)
		w.act(id, consult.PartyConsulted, memswitch.ActBusy)
		if v := w.phase("anja", id, consult.PhaseHeld); v.Consult.Failure != consult.FailureBusy {
			t.Errorf("%+v", v.Consult)
		}
	})
	t.Run("an accepting agent owns the call", func(t *testing.T) {
		w := newWorld(t)
		id := w.call()
		w.consult(id, consult.ActionColdTransfer, theAgent)
		if v := w.ok("bernd", id, consult.ActionAccept); v.Phase != consult.PhaseTransferred || v.Role != consult.RoleAgent1 {
			t.Errorf("%+v", v)
		}
	})
	t.Run("can be withdrawn while it rings", func(t *testing.T) {
		w := newWorld(t)
		id := w.call()
		w.consult(id, consult.ActionColdTransfer, theExpert)
		if v := w.ok("anja", id, consult.ActionEndConsult); v.Phase != consult.PhaseActive || v.Consult.Failure != consult.FailureWithdrawn {
			t.Errorf("%+v %+v", v, v.Consult)
		}
	})
}

func TestRefusals(t *testing.T) {
	w := newWorld(t)
	id := w.call()
	number := func(n string) consult.Command {
		return consult.Command{Action: consult.ActionConsult, Target: consult.TargetRequest{Kind: consult.TargetDialNumber, Number: n}}
	}
	version := uint64(99)
	cases := []struct {
		name string
		who  string
		cmd  consult.Command
		is   func(error) bool
	}{
		{"a command that the phase does not allow", "anja", consult.Command{Action: consult.ActionConference}, as[*consult.PhaseError]},
		{"somebody else's interaction", "clara", consult.Command{Action: consult.ActionHold}, func(err error) bool { return errors.Is(err, consult.ErrNotFound) }},
		{"a supervisor's command", "sven", consult.Command{Action: consult.ActionHold}, as[*consult.RoleError]},
		{"another version", "anja", consult.Command{Action: consult.ActionHold, IfVersion: &version}, as[*consult.VersionError]},
		{"an unknown expert", "anja", consult.Command{Action: consult.ActionConsult, Target: consult.TargetRequest{Kind: consult.TargetOrganization, ID: "x"}}, as[*consult.ExpertError]},
		{"themself", "anja", consult.Command{Action: consult.ActionConsult, Target: consult.TargetRequest{Kind: consult.TargetAgent, ID: "anja"}}, as[*consult.InvalidError]},
		{"an agent nobody knows", "anja", consult.Command{Action: consult.ActionConsult, Target: consult.TargetRequest{Kind: consult.TargetAgent, ID: "zoe"}}, as[*consult.InvalidError]},
		{"a number that is none", "anja", number("12"), as[*consult.NumberError]},
		{"their own number", "anja", number("+49301001"), as[*consult.NotAllowedError]},
		{"the customer's number", "anja", number("+4915112345678"), as[*consult.NotAllowedError]},
		{"an emergency number without confirmation", "anja", number("112"), as[*consult.NotAllowedError]},
		{"a kind of target that is none", "anja", consult.Command{Action: consult.ActionConsult, Target: consult.TargetRequest{Kind: "fax"}}, as[*consult.InvalidError]},
	}
	before := must(w.engine.View(t.Context(), w.who["anja"], id))(t)
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := w.do(tt.who, id, tt.cmd); !tt.is(err) {
				t.Errorf("%v", err)
			}
			if after := must(w.engine.View(t.Context(), w.who["anja"], id))(t); after.Version != before.Version {
				t.Errorf("version %d became %d: a refusal changes nothing", before.Version, after.Version)
			}
		})
	}
	if _, err := w.engine.Do(t.Context(), sso.Principal{}, id, consult.Command{Action: consult.ActionHold}); !errors.Is(err, consult.ErrUnauthenticated) {
		t.Errorf("the zero principal: %v", err)
	}
}

func TestWithoutSignOnNoExpertIsReached(t *testing.T) {
	w := newWorld(t)
	id := w.consulting(theExpert)
	must(w.orgs.SetEnabled(t.Context(), tenant, false))(t)
	if _, err := w.do("anja", id, consult.Command{Action: consult.ActionTransfer}); !as[*sso.RequiredError](err) {
		t.Errorf("transfer: %v", err)
	}
	v := must(w.engine.View(t.Context(), w.who["anja"], id))(t)
	if p := v.Actions[consult.ActionTransfer]; p.Allowed || p.Reason != "sso-required" {
		t.Errorf("transfer is offered as %+v", p)
	}
	w.ok("anja", id, consult.ActionEndConsult) // ending never needs it
	for name, target := range map[string]consult.TargetRequest{
		"the expert":                         theExpert,
		"the expert's number":                {Kind: consult.TargetDialNumber, Number: expertNo},
		"the expert's number, spelt at home": {Kind: consult.TargetDialNumber, Number: "030 1234567"},
	} {
		if _, err := w.do("anja", id, consult.Command{Action: consult.ActionConsult, Target: target}); !as[*sso.RequiredError](err) {
			t.Errorf("consult %s: %v", name, err)
		}
	}
	if _, err := w.do("anja", id, consult.Command{Action: consult.ActionConsult, Target: theAgent}); err != nil {
		t.Errorf("consult an agent: %v", err)
	}
}

func TestAnExpertWhoLeftTheDirectoryIsRefusedBeforeTheHold(t *testing.T) {
	w := newWorld(t)
	id := w.call()
	w.directory.reason = graph.ReasonDisabled
	_, err := w.do("anja", id, consult.Command{Action: consult.ActionConsult, Target: theExpert})
	refused, ok := errors.AsType[*consult.ExpertError](err)
	if !ok || refused.Reason != graph.ReasonDisabled {
		t.Fatalf("%v", err)
	}
	if v := must(w.engine.View(t.Context(), w.who["anja"], id))(t); v.Phase != consult.PhaseActive || v.Version != 1 {
		t.Errorf("%+v", v)
	}
}

func TestANumberThatChangedJustBeforeTheCallIsTold(t *testing.T) {
	w := newWorld(t)
	w.directory.moved = true
	v := w.consult(w.call(), consult.ActionConsult, theExpert)
	if v.Consult == nil || !v.Consult.Target.NumberChanged || v.Consult.Target.Number != expertNo {
		t.Errorf("consult %+v, want the live number and that it is another one", v.Consult)
	}
}
