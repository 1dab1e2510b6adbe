package web

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"teamsbridge/sso"
)

const (
	maxImportBytes = 5 << 20
	maxImportRows  = 10_000
	// importWithin is how long an administrator's line may take for it.
	importWithin = time.Minute
)

type importRequest struct {
	DryRun  bool   `query:"dryRun" doc:"Check everything, keep nothing"`
	RawBody []byte `contentType:"text/csv" doc:"UTF-8; a header line with the members' names, then a line for each agent; separated by commas or semicolons, queues and roles by |"`
}

type importProblem struct {
	Line    int     `json:"line" doc:"Line of the file, the header being 1"`
	Column  *string `json:"column"`
	Message string  `json:"message"`

	Code   problemCode    `json:"code" doc:"What is wrong, as a word from a closed set"`
	Values map[string]int `json:"values" doc:"The numbers in the message: limit (of bytes, characters or agents), line (that has the same value), place (of the column), values and columns"`
}

type importAnswer struct {
	Created   int             `json:"created"`
	Updated   int             `json:"updated"`
	Unchanged int             `json:"unchanged"`
	Problems  []importProblem `json:"problems" doc:"On a dry run; an import with problems is refused"`
}

func (a *api) importAgents() {
	s := a.server
	op := operation(http.MethodPost, "/admin/agents/import", "adminImportAgents", "Create and replace agents from a CSV file, all or none",
		tagged("Administration"), forRole(sso.RoleAdmin))
	op.Middlewares = huma.Middlewares{s.onlyCSV}
	op.MaxBodyBytes = maxImportBytes + 1 // huma refuses a body of just this size
	op.BodyReadTimeout = importWithin
	handle(a, op, s.importAgents)
}

// onlyCSV refuses every other kind of body, which a page of another site could
// make a browser send.
func (s *Server) onlyCSV(ctx huma.Context, next func(huma.Context)) {
	kind, parameters, err := mime.ParseMediaType(ctx.Header("Content-Type"))
	if charset := parameters["charset"]; err != nil || kind != "text/csv" || (charset != "" && !strings.EqualFold(charset, "utf-8")) {
		r, w := humago.Unwrap(ctx)
		s.fail(w, r, newProblem(slugUnsupportedMediaType))
		return
	}
	next(ctx)
}

func (s *Server) importAgents(ctx context.Context, p sso.Principal, in *importRequest) (*body[importAnswer], error) {
	file := readAgentFile(in.RawBody)
	found := file.problems
	// Rows are checked even when the file has problems: all are told at once.
	done, err := s.deps.Roster.Put(ctx, p.Tenant(), file.agents, in.DryRun || len(found) > 0)
	rowErrors := sso.RowErrors(err)
	if err != nil && len(rowErrors) == 0 {
		return nil, storageError(err)
	}
	for _, e := range rowErrors {
		found = append(found, file.problemOf(e))
	}
	slices.SortStableFunc(found, func(a, b importProblem) int { return a.Line - b.Line })
	switch {
	case len(found) == 0:
		return answerWith(importAnswer{Created: done.Created, Updated: done.Updated, Unchanged: done.Unchanged, Problems: []importProblem{}}), nil
	case in.DryRun:
		return answerWith(importAnswer{Problems: found}), nil
	}
	refused := newProblem(slugRequestInvalid)
	refused.Errors = mapped(found, importProblem.fieldError)
	return nil, refused
}

// fieldError names the line as a location, such as "body.line[3].number".
func (p importProblem) fieldError() FieldError {
	location := fmt.Sprintf("body.line[%d]", p.Line)
	if p.Column != nil {
		location += "." + *p.Column
	}
	return FieldError{Location: location, Message: p.Message, Code: p.Code, Values: p.Values}
}
