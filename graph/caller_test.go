package graph_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"teamsbridge/graph"
)

func TestACallerIsCarriedByTheContext(t *testing.T) {
	if c, ok := graph.CallerOf(t.Context()); ok {
		t.Errorf("found %v", c)
	}
	anja := graph.Caller{Tenant: "t", ID: "anja", Assertion: "secret"}
	if c, ok := graph.CallerOf(graph.OnBehalf(t.Context(), anja)); !ok || c != anja {
		t.Error("somebody else was found")
	}
}

func TestACallersTokenGetsIntoNoText(t *testing.T) {
	c := graph.Caller{ID: "anja", Assertion: "eyJhbGciOi"}
	var text bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).InfoContext(t.Context(), "asked", "caller", c)
	fmt.Fprintf(&text, "%v %+v %#v %s", c, c, c, c)
	if strings.Contains(text.String(), "eyJ") || strings.Contains(text.String(), "anja") {
		t.Error(text.String())
	}
}
