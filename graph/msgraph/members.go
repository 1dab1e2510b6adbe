package msgraph

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	abstractions "github.com/microsoft/kiota-abstractions-go"

	"teamsbridge/graph"
)

var _ graph.GroupReader = (*Client)(nil)

// GroupMembers implements [graph.GroupReader]: the people in the group and in
// groups inside it, page by page. It needs GroupMember.Read.All. The SDK's
// package of groups would cost minutes of compilation for a list of ids.
func (c *Client) GroupMembers(ctx context.Context, tenant graph.TenantID, group string) ([]graph.UserID, error) {
	link := c.base.String() + "/groups/" + url.PathEscape(group) + "/transitiveMembers/microsoft.graph.user?$select=id&$count=true&$top=" + pageSize
	var all []graph.UserID
	for link != "" {
		var page membersAnswer
		err := c.call(ctx, tenant, readMembers, func(ctx context.Context, adapter abstractions.RequestAdapter) (err error) {
			page, err = c.members(ctx, adapter, link)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, member := range page.Value {
			all = append(all, graph.UserID(strings.ToLower(member.ID)))
		}
		if page.Next == link {
			return nil, fmt.Errorf("members: a page that leads to itself")
		}
		link = page.Next
	}
	return all, nil
}

// membersAnswer is the part of a page that the product uses.
type membersAnswer struct {
	Next  string `json:"@odata.nextLink"`
	Value []struct {
		ID string `json:"id"`
	} `json:"value"`
}

func (c *Client) members(ctx context.Context, adapter abstractions.RequestAdapter, link string) (page membersAnswer, err error) {
	address, err := url.Parse(link)
	if err != nil {
		return page, fmt.Errorf("members: a link that is no address: %w", err)
	}
	request := abstractions.NewRequestInformation()
	request.Method = abstractions.GET
	request.SetUri(*address)
	request.Headers.Add("ConsistencyLevel", "eventual") // on every page: the cast to people needs it
	text, err := plainAnswer(ctx, adapter, request)
	if err != nil {
		return page, err
	}
	if err := json.Unmarshal(text, &page); err != nil {
		return page, fmt.Errorf("members: %w", err)
	}
	return page, nil
}
