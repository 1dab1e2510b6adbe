package calls_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/audit"
	"teamsbridge/audit/calls"
	"teamsbridge/consult"
	"teamsbridge/store/storetest"
)

const tenant = "11111111-1111-4111-8111-111111111111"

var errFull = errors.New("disk full")

// step is a journal's step as the engine writes it.
func step(id consult.InteractionID, version uint64, live bool, input, entry string) consult.Record {
	at := time.Date(2026, 11, 22, 8, 0, int(version), 0, time.UTC)
	return consult.Record{
		Interaction: id, Tenant: tenant, Version: version, Live: live, At: at, Owners: []string{"anja"},
		Input: []byte(input), State: []byte(`{}`),
		Entry: fmt.Appendf(nil, `{"Version":%d,"At":%q,%s}`, version, at.Format(time.RFC3339Nano), entry),
	}
}

var whole = []consult.Record{
	step("i-1", 1, true, `{"kind":"call","call":{"from":"+4915112345678"}}`, `"Actor":"customer","Input":"call","To":"active"`),
	step("i-1", 2, true, `{"kind":"consult","actor":"agent1","agent":"anja","target":{"kind":"organization","id":"e-7","name":"Jürgen Müller","number":"+49301234567","expert":"e-7"}}`,
		`"Actor":"agent1","Person":{"ID":"anja","Name":"Anja Weber"},"Input":"consult","Cause":"organization","From":"active","To":"consult_requested"`),
	step("i-1", 3, true, `{"kind":"ringing"}`, `"Actor":"switch","Input":"ringing","From":"consult_requested","To":"consult_requested"`),
	step("i-1", 4, true, `{"kind":"answered"}`, `"Actor":"switch","Person":{"ID":"e-7","Name":"Jürgen Müller"},"Input":"answered","From":"consult_requested","To":"consulting"`),
	step("i-1", 5, true, `{"kind":"transfer","actor":"agent1","agent":"anja"}`, `"Actor":"agent1","Input":"transfer","From":"consulting","To":"consulting","Pending":"transfer"`),
	step("i-1", 6, true, `{"kind":"arranged"}`, `"Actor":"switch","Input":"arranged","From":"consulting","To":"transferred"`),
	step("i-1", 7, false, `{"kind":"wrapUp","actor":"former","agent":"anja","code":"solved","note":"the customer's secret"}`,
		`"Actor":"former","Input":"wrapUp","Cause":"solved","From":"wrapup","To":"ended"`),
}

// told is what the chain says of calls: action, outcome, reason, agent, target.
func told(t *testing.T, m *storetest.Memory) []string {
	t.Helper()
	lines, err := m.AuditLines(context.WithoutCancel(t.Context()), tenant, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, l := range lines {
		if l.Version == 0 {
			continue
		}
		var actor audit.Actor
		var target audit.Target
		if l.Actor != nil {
			actor = *l.Actor
		}
		if l.Target != nil {
			target = *l.Target
		}
		got = append(got, fmt.Sprintf("%d %s %s %s %s | %s | %s %s %s", l.Version, l.Event, l.Action, l.Outcome, l.Reason, actor.Agent, target.Kind, target.ID, target.Number))
	}
	return got
}

var wantTold = []string{
	"2 consult consult begun organization | anja | organization e-7 …67",
	"4 consult answered done  |  |  e-7 ",
	"5 transfer transfer begun  | anja |   ",
	"6 transfer arranged done  |  |   ",
	"7 wrap-up wrapUp done solved | anja |   ",
}

func audited(m *storetest.Memory) (*calls.Journal, *audit.Recorder) {
	r := audit.New(m, audit.Options{})
	return calls.New(m, m, r, slog.New(slog.DiscardHandler)), r
}

func TestStepsOfCallsAreTold(t *testing.T) {
	var m storetest.Memory
	j, r := audited(&m)
	for _, s := range whole {
		if err := j.Append(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wantTold, told(t, &m)); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

func TestOutcomesOfSteps(t *testing.T) {
	for _, tc := range []struct{ name, input, entry, want string }{
		{"a consult that failed says why", `{"kind":"failed","reason":"busy"}`, `"Input":"failed","Cause":"busy","Person":{"ID":"ben"}`, "1 consult failed failed busy |  |  ben "},
		{"a telephone of nobody's that answers is masked", `{"kind":"answered"}`, `"Input":"answered","Person":{"ID":"+12015532447","Name":"+12015532447"}`, "1 consult answered done  |  |   …47"},
		{"an agent whose id is a number", `{"kind":"answered"}`, `"Input":"answered","Person":{"ID":"1001","Name":"Anja"}`, "1 consult answered done  |  |  1001 "},
		{"nobody answered", `{"kind":"ringTimeout"}`, `"Input":"ringTimeout","Cause":"no-answer"`, "1 consult ringTimeout failed no-answer |  |   "},
		{"a number is masked", `{"agent":"anja","target":{"kind":"dialNumber","number":"+12015532447"}}`, `"Input":"consult","Cause":"dialNumber"`, "1 consult consult done dialNumber | anja | dialNumber  …47"},
		{"an emergency number is seen", `{"agent":"anja","target":{"kind":"dialNumber","number":"112"}}`, `"Input":"coldTransfer","From":"active","To":"consult_requested"`, "1 transfer coldTransfer begun  | anja | dialNumber  112"},
		{"a number that is an expert's is told as that expert", `{"agent":"anja","target":{"kind":"dialNumber","number":"+12015532447","expert":"e-7"}}`, `"Input":"consult"`, "1 consult consult done  | anja | dialNumber e-7 …47"},
		{"a conference that came about", `{}`, `"Input":"arranged","From":"consulting","To":"conferenced"`, "1 consult arranged done  |  |   "},
		{"a wrap-up by the timer", `{"agent":"anja"}`, `"Input":"wrapUpTimeout","Cause":"solved"`, "1 wrap-up wrapUpTimeout done solved | anja |   "},
		{"a hold is not told", `{"agent":"anja"}`, `"Input":"hold"`, ""},
		{"a picture that only became true is not told", `{}`, `"Input":"arranged","From":"active","To":"active"`, ""},
		{"a damaged step is not told, and fails nothing", `{"agent":7}`, `"Input":"consult"`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var m storetest.Memory
			j, r := audited(&m)
			if err := j.Append(t.Context(), step("i-1", 1, true, tc.input, tc.entry)); err != nil {
				t.Fatal(err)
			}
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			want := []string{}
			if tc.want != "" {
				want = append(want, tc.want)
			}
			if diff := cmp.Diff(want, told(t, &m)); diff != "" {
				t.Errorf("audit (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAStepThatIsNotInTheJournalIsNotTold(t *testing.T) {
	var m storetest.Memory
	m.Fail(func(op string) error {
		if op == "Append" {
			return errFull
		}
		return nil
	})
	j, r := audited(&m)
	if err := j.Append(t.Context(), whole[0]); !errors.Is(err, errFull) {
		t.Errorf("Append: %v, want the store's error", err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if got := told(t, &m); len(got) != 0 {
		t.Errorf("told %q", got)
	}
}

func TestWhatACrashLeftOutIsMadeUpFor(t *testing.T) {
	for name, crash := range map[string]int{"while the call is live": 5, "after it ended": len(whole)} {
		t.Run(name, func(t *testing.T) {
			var m storetest.Memory
			begun := whole[0].At
			if _, err := m.AppendAudit(t.Context(), []audit.Event{{At: begun, Tenant: tenant, Kind: audit.Administration, Action: "audit", Outcome: audit.Begun}}); err != nil {
				t.Fatal(err)
			}
			for _, s := range whole[:crash] { // journaled, but nobody told the audit
				if err := m.Append(t.Context(), s); err != nil {
					t.Fatal(err)
				}
			}
			j, r := audited(&m)
			for range 2 { // the second time there is nothing to do
				if err := j.CatchUp(t.Context(), []string{tenant}, time.Time{}); err != nil {
					t.Fatal(err)
				}
			}
			for _, s := range whole[crash:] {
				if err := j.Append(t.Context(), s); err != nil {
					t.Fatal(err)
				}
			}
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(wantTold, told(t, &m)); diff != "" {
				t.Errorf("audit (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatEndedBeforeTheChainBeganIsLeftAlone(t *testing.T) {
	var m storetest.Memory
	for _, s := range whole {
		if err := m.Append(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	j, r := audited(&m)
	if err := j.CatchUp(t.Context(), []string{tenant}, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if got := told(t, &m); len(got) != 0 {
		t.Errorf("told %q", got)
	}
	if chains, err := m.AuditChains(context.WithoutCancel(t.Context())); len(chains) != 1 || err != nil {
		t.Errorf("chains %v, %v; want one begun", chains, err)
	}
}
