package msgraph

import (
	"context"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/communications"

	"teamsbridge/graph"
)

// SDKModel reads presences into the SDK's own model, as [Client.Presences] did
// before docs/adr/0012: what the benchmark compares with. It gives how many
// there were.
func (c *Client) SDKModel(ctx context.Context, tenant graph.TenantID, ids []graph.UserID) (found int, err error) {
	plain := make([]string, len(ids))
	for i, id := range ids {
		plain[i] = string(id)
	}
	err = c.call(ctx, tenant, readPresences, func(ctx context.Context, adapter abstractions.RequestAdapter) error {
		body := communications.NewGetPresencesByUserIdPostRequestBody()
		body.SetIds(plain)
		answer, err := communications.NewGetPresencesByUserIdRequestBuilderInternal(c.parameters(), adapter).
			PostAsGetPresencesByUserIdPostResponse(ctx, body, nil)
		if err != nil {
			return err
		}
		for _, p := range answer.GetValue() {
			if value(p.GetAvailability()) != "" && value(p.GetActivity()) != "" && p.GetOutOfOfficeSettings() != nil {
				found++
			}
		}
		return nil
	})
	return found, err
}
