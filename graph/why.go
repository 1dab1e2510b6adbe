package graph

import (
	"context"
	"fmt"
)

// Why reads one person live and tells whether they are an expert: the reason is
// empty for one, and otherwise what an administrator may hear, which is more
// than [Experts.Confirm] tells an agent. indexed is false while a search does not
// find them yet. ErrNotReady for an organisation that is not served; the
// Directory's errors, ErrNotFound among them.
func (e *Experts) Why(ctx context.Context, tenant TenantID, id UserID) (expert Expert, reason Reason, indexed bool, err error) {
	o := e.organisations[tenant]
	if o == nil {
		return Expert{}, "", false, ErrNotReady
	}
	person, err := e.directory.Person(ctx, tenant, id)
	if err != nil {
		return Expert{}, "", false, fmt.Errorf("read person: %w", err)
	}
	rules, err := o.judge(ctx)
	if err != nil {
		return Expert{}, "", false, err
	}
	expert, reason = rules.list(person)
	return expert, reason, o.listed(id), nil
}
