package web

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"teamsbridge/audit"
	"teamsbridge/sso"
)

// jsonLines is the media type of one JSON document a line.
const jsonLines = "application/jsonl"

type auditRequest struct {
	From string `query:"from" format:"date-time" doc:"Lines from this time on; left out: from the beginning"`
	To   string `query:"to" format:"date-time" doc:"Lines up to this time; left out: to the end"`

	Event   audit.Kind    `query:"event" doc:"Only lines of this kind"`
	Actor   string        `query:"actor" maxLength:"128" doc:"Only what this person did: an agent's id, or an object id at Microsoft Entra"`
	Outcome audit.Outcome `query:"outcome" doc:"Only what ended so"`

	Order  auditOrder `query:"order" doc:"asc, also when left out: in the order of their sequence; desc: the latest first"`
	After  uint64     `query:"after" doc:"Only lines that follow this sequence number: in order, the last one of the page before"`
	Before uint64     `query:"before" doc:"Only lines that come before this sequence number: the latest first, the last one of the page before; 0: no bound"`
	Limit  int        `query:"limit" minimum:"0" maximum:"10000" doc:"At most so many lines; 0: all"`
}

// wants reports whether a line is one of those asked for.
func (in *auditRequest) wants(l audit.Line) bool {
	if in.Event != "" && l.Event != in.Event {
		return false
	}
	if in.Outcome != "" && l.Outcome != in.Outcome {
		return false
	}
	return in.Actor == "" || (l.Actor != nil && (l.Actor.Agent == in.Actor || strings.EqualFold(l.Actor.Entra, in.Actor)))
}

// auditOrder is the order in which lines are read.
type auditOrder string

const (
	auditAscending  auditOrder = "asc"
	auditDescending auditOrder = "desc"
)

// read gives the lines of a range in the order asked for.
func (o auditOrder) read(ctx context.Context, s audit.Lines, tenant string, r audit.Range, fn func(audit.Line) error) error {
	if o == auditDescending {
		return audit.Backwards(ctx, s, tenant, r, fn)
	}
	return audit.Forwards(ctx, s, tenant, r, fn)
}

// errPageFull ends a reading whose limit is reached.
var errPageFull = errors.New("page is full")

func (a *api) audit() {
	op := operation(http.MethodGet, "/admin/audit", "readAudit", "The organisation's audit, one JSON line for each event", tagged("Administration"), forRole(sso.RoleAdmin))
	op.Description += " Every line carries the hash of the one before it (docs/audit.md)."
	op.Responses = map[string]*huma.Response{"200": {
		Description: "JSON lines, each an AuditLine, in the order asked for",
		Content: map[string]*huma.MediaType{jsonLines: {
			Schema:     &huma.Schema{Type: huma.TypeString},
			Extensions: map[string]any{"x-line": schemaOf[audit.Line](a)},
		}},
	}}
	handle(a, op, a.server.readAudit)
}

func (s *Server) readAudit(_ context.Context, p sso.Principal, in *auditRequest) (*streamAnswer, error) {
	lines, err := in.lines()
	if err != nil {
		return nil, err
	}
	if s.deps.AuditLines == nil {
		return nil, newProblem(slugNotFound)
	}
	return &streamAnswer{Body: func(ctx huma.Context) { //nolint:contextcheck // huma gives the request back, with its context
		r, w := humago.Unwrap(ctx)
		if err := s.auditor.record(r.Context(), eventOf(r, p, s.sessionSecret(r), audit.Administration, "readAudit", audit.Done)); err != nil {
			s.fail(w, r, err)
			return
		}
		begun, written := false, 0
		err := in.Order.read(r.Context(), s.deps.AuditLines, p.Tenant(), lines, func(l audit.Line) error {
			if !in.wants(l) {
				return nil
			}
			if in.Limit > 0 && written == in.Limit {
				return errPageFull
			}
			if !begun {
				w.Header().Set("Content-Type", jsonLines)
				begun = true
			}
			written++
			return audit.Write(w, []audit.Line{l})
		})
		if errors.Is(err, errPageFull) {
			err = nil
		}
		switch {
		case err == nil && !begun:
			w.Header().Set("Content-Type", jsonLines)
		case err != nil && begun: // a cut connection is the only way left to say that there was more
			panic(http.ErrAbortHandler)
		case err != nil:
			s.fail(w, r, storageError(err))
		}
	}}, nil
}

// lines reads the bounds. Sequence numbers are signed in stores.
func (in *auditRequest) lines() (audit.Range, error) {
	r := audit.Range{After: min(in.After, math.MaxInt64), Before: min(in.Before, math.MaxInt64)}
	for _, bound := range []struct {
		name, text string
		into       *time.Time
	}{{"from", in.From, &r.From}, {"to", in.To, &r.To}} {
		if bound.text == "" {
			continue
		}
		var err error
		if *bound.into, err = time.Parse(time.RFC3339, bound.text); err != nil {
			return r, invalid("query."+bound.name, "must be a time like 2026-11-22T08:00:00Z")
		}
	}
	return r, nil
}
