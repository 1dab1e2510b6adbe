package audit_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/audit"
)

func TestNumbersAreMasked(t *testing.T) {
	for _, tc := range []struct{ name, number, want string }{
		{"nothing stays nothing", "", ""},
		{"a service's number is nobody's", "112", "112"},
		{"an internal number shows its end", "4711", "…11"},
		{"a whole number shows its end", "+49 (30) 123-4567", "…67"},
		{"what was masked is masked again to the same or less", "…67", "67"},
		{"text shows nothing", "call me", ""},
		{"a feature code shows its end", "*21*030123456#", "…56"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := audit.Mask(tc.number); got != tc.want {
				t.Errorf("Mask(%q) = %q, want %q", tc.number, got, tc.want)
			}
		})
	}
}

func TestALineSurvivesItsParts(t *testing.T) {
	_, lines := sealed(1)
	got, err := audit.Join(lines[0].Parts())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(lines[0], got); diff != "" {
		t.Errorf("line (-sealed +joined):\n%s", diff)
	}
	body, actor, target := lines[0].Parts()
	for _, person := range []string{"anja", "…67", lines[0].Actor.Salt, lines[0].Target.Salt} {
		if bytes.Contains(body, []byte(person)) {
			t.Errorf("the body holds %q, which could not be erased: %s", person, body)
		}
	}
	if !bytes.Contains(actor, []byte("anja")) || !bytes.Contains(target, []byte("…67")) {
		t.Errorf("actor %s, target %s", actor, target)
	}
}

func TestTextsAreBoundedAndHoldable(t *testing.T) {
	c := audit.Chain{Tenant: tenant}
	l := c.Seal(audit.Event{Tenant: tenant, Reason: "a\x00b\xff" + strings.Repeat("x", 1000), Actor: audit.Actor{Agent: strings.Repeat("ü", 200)}})
	if !strings.HasPrefix(l.Reason, "a?b?x") || len(l.Reason) > 160 || len(l.Actor.Agent) > 160 {
		t.Errorf("line %+v", l)
	}
	check := audit.NewCheck(audit.Chain{Tenant: tenant})
	text, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	var read audit.Line
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	check.Line(read)
	if r := check.Report(); len(r.Breaks) != 0 {
		t.Errorf("after a file's round trip: %v", r.Breaks)
	}
}
