package graph

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// missingLimit bounds the answers to "why is somebody missing".
const missingLimit = 50

// Confirm reads the expert live, at most Config.ConfirmTimeout, no retry. Gone,
// disabled or phoneless: *NotListedError. Graph away, throttled or refusing:
// the index answers and Live is false; with no index yet, ErrNotReady.
func (e *Experts) Confirm(ctx context.Context, tenant TenantID, id UserID) (Confirmation, error) {
	o := e.organisations[tenant]
	if o == nil {
		return Confirmation{}, &NotListedError{Reason: ReasonUnknown}
	}
	indexed, indexErr := o.expert(id)
	live, cancel := context.WithTimeout(ctx, e.confirmTimeout)
	defer cancel()
	person, err := e.directory.Person(live, tenant, id)
	switch {
	case err == nil:
		if !o.judged() {
			return Confirmation{}, ErrNotReady // whom the filters hide is not known yet
		}
		expert, reason := o.rules.Load().list(person)
		if reason != "" {
			o.gone(id)
			return Confirmation{}, &NotListedError{Reason: reason.forCaller()}
		}
		o.met(expert)
		changed := indexErr == nil && indexed.Number != expert.Number
		return Confirmation{Expert: expert, Live: true, NumberChanged: changed}, nil
	case errors.Is(err, ErrNotFound):
		o.gone(id)
		return Confirmation{}, &NotListedError{Reason: ReasonUnknown}
	case ctx.Err() != nil:
		return Confirmation{}, ctx.Err() // nobody waits for the answer any more
	}
	o.logger.WarnContext(ctx, "expert not confirmed live, the index answers",
		"tenant", tenant, "reason", classify(err).kind, "error", err)
	if indexErr != nil {
		return Confirmation{}, indexErr
	}
	return Confirmation{Expert: indexed}, nil
}

// Missing asks Graph live why people matching text are not listed, at most 50
// of them. Errors are the Directory's.
func (e *Experts) Missing(ctx context.Context, tenant TenantID, text string) ([]Missing, error) {
	o := e.organisations[tenant]
	if o == nil {
		return nil, ErrNotReady
	}
	if text = typedName(text); text == "" {
		return nil, nil
	}
	people, err := e.directory.FindPeople(ctx, tenant, text, missingLimit)
	if err != nil {
		return nil, fmt.Errorf("find people: %w", err)
	}
	rules, err := o.judge(ctx)
	if err != nil {
		return nil, err
	}
	missing := make([]Missing, 0, len(people))
	for _, p := range people {
		_, reason := rules.list(p)
		if reason == "" && !o.listed(p.ID) {
			reason = ReasonNotYetSynced
		}
		missing = append(missing, Missing{ID: p.ID, Name: p.Name, Reason: reason})
	}
	return missing, nil
}

// typedName is what of a typed text a name can hold, with single blanks: Graph
// answers control characters and broken UTF-8 with an error.
func typedName(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
}
