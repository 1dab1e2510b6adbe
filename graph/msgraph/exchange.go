package msgraph

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"teamsbridge/graph"
	"teamsbridge/graph/budget"
)

// treatment is how the transport treats the requests of an operation.
type treatment struct {
	operation string
	retries   int          // after the first attempt
	class     budget.Class // how urgent, where the caller has not said
}

// The operations, whose names are also labels of the metrics.
var (
	readDelta     = treatment{operation: "delta", retries: 2, class: budget.Background}
	readPerson    = treatment{operation: "person", class: budget.Confirmation}
	readName      = treatment{operation: "sign-in-name", class: budget.Click}
	findPeople    = treatment{operation: "find-people", retries: 1, class: budget.Click}
	searchPeople  = treatment{operation: "search-people", class: budget.Click}
	countPeople   = treatment{operation: "count-people", class: budget.Background}
	readMembers   = treatment{operation: "members", retries: 2, class: budget.Background}
	readPresences = treatment{operation: "presences", retries: 1, class: budget.Poll}
	checkOne      = treatment{operation: "check", class: budget.Poll}
	inspect       = treatment{operation: "inspect", class: budget.Click}
)

// exchange is what travels with one operation through the SDK and what the
// transport learnt of Graph's last answer; the SDK loses most of it where the
// body is no JSON, as with an error page of a proxy.
type exchange struct {
	treatment
	tenant          graph.TenantID
	clientRequestID string

	status     int // 0: no answer
	requestID  string
	retryAfter time.Duration
}

func newExchange(tenant graph.TenantID, how treatment) *exchange {
	return &exchange{treatment: how, tenant: tenant, clientRequestID: uuid.NewString()}
}

type exchangeKey struct{}

func withExchange(ctx context.Context, x *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

// exchangeOf finds the exchange; every request of this package has one.
func exchangeOf(ctx context.Context) *exchange {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return x
	}
	return newExchange("", checkOne)
}

// note keeps what an answer says outside its body.
func (x *exchange) note(response *http.Response) {
	x.status, x.requestID, x.retryAfter = 0, "", 0
	if response == nil {
		return
	}
	x.status = response.StatusCode
	x.requestID = response.Header.Get("request-id")
	x.retryAfter = budget.RetryAfter(response.Header, time.Now())
}
