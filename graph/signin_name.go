package graph

import (
	"context"
	"fmt"
)

// SignInName reads under which name an expert signs in, their user principal
// name, which Teams' links to a chat take. It is asked for live and kept
// nowhere: only who writes to somebody needs it, and it changes with marriages
// and mergers. Errors are those of [Experts.Find] and of the Directory.
func (e *Experts) SignInName(ctx context.Context, tenant TenantID, id UserID) (string, error) {
	if _, err := e.Find(ctx, tenant, id); err != nil {
		return "", err
	}
	names, ok := e.directory.(NameReader)
	if !ok {
		return "", fmt.Errorf("read a sign-in name: %w", ErrUnavailable)
	}
	name, err := names.SignInName(ctx, tenant, id)
	if err != nil {
		return "", fmt.Errorf("read a sign-in name: %w", err)
	}
	return name, nil
}
