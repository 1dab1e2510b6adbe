package main

import (
	"fmt"
	"io"
	"strings"

	"teamsbridge/consult/explain"
)

// exitError is an exit status that says it all: what there is to say has been written.
type exitError struct{ status int }

func (e *exitError) Error() string { return fmt.Sprintf("exit status %d", e.status) }

// The exit statuses of doctor and explain.
const (
	exitAttention = 1
	exitBroken    = 2
)

// exitOf is nil when all is in order.
func exitOf(s explain.State) error {
	switch s {
	case explain.Green:
		return nil
	case explain.Red:
		return &exitError{exitBroken}
	default:
		return &exitError{exitAttention}
	}
}

// report writes steps for people. The first error is kept.
type report struct {
	out      io.Writer
	language string
	err      error
}

// The words of a report that are not a step's.
var (
	organizationWord = words{"organisation", "Organisation"}
	whoWord          = words{"who", "wer"}
	whereWord        = words{"where", "wo"}
	codeWord         = words{"code", "Code"}
	requestWord      = words{"request id", "Anfrage-ID"}

	stateWords = map[explain.State]words{
		explain.Green: {"green", "grün"}, explain.Yellow: {"yellow", "gelb"}, explain.Red: {"red", "rot"}, explain.Unknown: {"unknown", "offen"},
	}
	actorWords = map[string]words{
		explain.ActorAgent:    {"agent", "Agent"},
		explain.ActorAdmin:    {"admin (of the organisation)", "Administration der Organisation"},
		explain.ActorOperator: {"operator (of this service)", "Betrieb dieses Dienstes"},
	}
)

// step indents all that follows the title, a detail of several lines too.
func (r *report) step(s explain.StepView) {
	const indent = "\n         "
	r.printf("%-8s %s%s%s\n", stateWords[s.State].in(r.language), s.Title, indent, strings.ReplaceAll(s.Detail, "\n", indent))
	if s.Actor != nil {
		who := actorWords[*s.Actor].in(r.language)
		r.hint(whoWord, &who)
	}
	r.hint(whereWord, s.Link)
	r.hint(codeWord, s.Code)
	r.hint(requestWord, s.RequestID)
}

func (r *report) hint(name words, value *string) {
	if value != nil && *value != "" {
		r.printf("         %s: %s\n", name.in(r.language), *value)
	}
}

func (r *report) printf(format string, args ...any) {
	if r.err == nil {
		_, r.err = fmt.Fprintf(r.out, format, args...)
	}
}
