package onbehalf_test

import (
	"testing"

	"teamsbridge/graph"
	"teamsbridge/sso/onbehalf"
)

func TestWhatACallerIsRefusedIsTheirsToHear(t *testing.T) {
	w := newWorld(t)
	anja := w.caller(t, "anja")
	defer w.Present(anja)()
	credential, err := w.ForCaller(tenant)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := credential.GetToken(t.Context(), wanted); reason(err) != onbehalf.ReasonNobody {
		t.Errorf("for somebody who is present and did not ask: %v", err)
	}
	more := wanted
	more.Scopes = []string{"https://graph.microsoft.com/Application.Read.All"}
	if _, err := credential.GetToken(graph.OnBehalf(t.Context(), anja), more); reason(err) != onbehalf.ReasonConsent {
		t.Errorf("without consent: %v", err)
	}
	if len(w.refused) != 0 {
		t.Errorf("that somebody may not look is told as the organisation's: %v", w.refused)
	}
}
