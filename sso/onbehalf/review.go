package onbehalf

import (
	"context"
	"errors"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"teamsbridge/graph"
	"teamsbridge/sso"
)

// anew is a claims request that asks for nothing in particular: all it changes is
// that the client's cache is not the one to answer.
const anew = `{"access_token":{}}`

// Reviewer asks Entra whether tokens that were shown to this service are still
// worth an exchange: [sso.Reviewer].
type Reviewer struct {
	credentials *Credentials
	scope       string
}

// Reviewer exchanges for the scope, which should be one that the service uses.
func (c *Credentials) Reviewer(scope string) *Reviewer { return &Reviewer{c, scope} }

// Review implements sso.Reviewer. Entra looks at the account before anything else,
// so a refusal for want of consent is as good as a token here. A policy of the
// resource that wants another factor does not end a sign-in at this service: it is
// told where that resource is asked for.
func (r *Reviewer) Review(ctx context.Context, tenant string, a sso.Assertion) error {
	caller := graph.Caller{Tenant: graph.TenantID(tenant), Assertion: a.Token, Expires: a.Expires}
	_, err := r.credentials.exchange(ctx, caller, policy.TokenRequestOptions{Scopes: []string{r.scope}, Claims: anew})
	if refused, ok := errors.AsType[*Error](err); ok {
		if refused.ended != nil {
			return refused.ended
		}
		return nil
	}
	if away, ok := errors.AsType[*unavailableError](err); ok {
		return &sso.BusyError{RetryAfter: away.retryAfter}
	}
	return err
}
