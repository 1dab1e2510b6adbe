package msgraph

import (
	"context"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/models/odataerrors"
)

// anyFailure is the key under which the SDK's adapter looks for what decodes
// every status from 400 to 599 ("XXX" in its error mappings).
const anyFailure = "XXX"

// plainAnswer sends a request through the SDK's adapter, with its signing,
// middleware and errors, and gives the answer as it came: the caller decodes it
// (docs/adr/0012).
func plainAnswer(ctx context.Context, adapter abstractions.RequestAdapter, request *abstractions.RequestInformation) ([]byte, error) {
	request.Headers.Add("Accept", "application/json")
	answer, err := adapter.SendPrimitive(ctx, request, "[]byte", abstractions.ErrorMappings{
		anyFailure: odataerrors.CreateODataErrorFromDiscriminatorValue,
	})
	if err != nil {
		return nil, err
	}
	text, ok := answer.([]byte)
	if !ok {
		return nil, errEmptyAnswer
	}
	return text, nil
}
