package main

import (
	"fmt"
	"io"

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
	out io.Writer
	err error
}

func (r *report) step(s explain.StepView) {
	r.printf("%-8s %s\n         %s\n", s.State, s.Title, s.Detail)
	r.hint("who", s.Actor)
	r.hint("where", s.Link)
	r.hint("code", s.Code)
	r.hint("request id", s.RequestID)
}

func (r *report) hint(name string, value *string) {
	if value != nil && *value != "" {
		r.printf("         %s: %s\n", name, *value)
	}
}

func (r *report) printf(format string, args ...any) {
	if r.err == nil {
		_, r.err = fmt.Fprintf(r.out, format, args...)
	}
}
