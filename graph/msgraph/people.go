package msgraph

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/google/uuid"
	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"teamsbridge/graph"
)

// personProperties are all that is asked of a person; $select also makes a
// request cheaper. department and accountEnabled come only when asked for.
var personProperties = []string{
	"id", "displayName", "givenName", "surname", "jobTitle", "department", "businessPhones", "accountEnabled", "userType",
}

// pageSize is what a page of a delta may hold; Graph takes it as a wish.
const pageSize = "999"

// errEmptyAnswer is a success without a body.
var errEmptyAnswer = errors.New("empty answer")

// DeltaPage implements [graph.Directory]. A link that leaves the configured
// address is not followed and asks for a full read.
func (c *Client) DeltaPage(ctx context.Context, tenant graph.TenantID, link string) (graph.DeltaPage, error) {
	if link == "" {
		query := url.Values{"$select": {strings.Join(c.selected, ",")}}
		link = c.base.String() + "/users/delta?" + query.Encode()
	}
	var page graph.DeltaPage
	err := c.call(ctx, tenant, readDelta, func(ctx context.Context, adapter abstractions.RequestAdapter) error {
		answer, err := c.delta(ctx, adapter, link)
		if err != nil {
			return err
		}
		page = graph.DeltaPage{Next: value(answer.GetOdataNextLink()), Delta: value(answer.GetOdataDeltaLink())}
		if (page.Next == "") == (page.Delta == "") {
			return errors.New("a page of a delta must have one link")
		}
		page.People = c.peopleOf(answer.GetValue())
		return nil
	})
	if err != nil {
		return graph.DeltaPage{}, err
	}
	return page, nil
}

// delta asks one address of a delta query.
func (c *Client) delta(ctx context.Context, adapter abstractions.RequestAdapter, link string) (users.DeltaGetResponseable, error) {
	answer, err := users.NewDeltaRequestBuilder(link, adapter).GetAsDeltaGetResponse(ctx, &users.DeltaRequestBuilderGetRequestConfiguration{
		Headers: headers(header{"Prefer", "odata.maxpagesize=" + pageSize}),
	})
	if err == nil && answer == nil {
		err = errEmptyAnswer
	}
	return answer, err
}

// Person implements [graph.Directory]. It is tried once: a call waits for it.
func (c *Client) Person(ctx context.Context, tenant graph.TenantID, id graph.UserID) (graph.Person, error) {
	var person graph.Person
	err := c.user(ctx, tenant, readPerson, id, c.selected, func(u models.Userable) { person = c.personOf(u) })
	return person, err
}

// SignInName implements [graph.NameReader].
func (c *Client) SignInName(ctx context.Context, tenant graph.TenantID, id graph.UserID) (string, error) {
	var name string
	err := c.user(ctx, tenant, readName, id, []string{"userPrincipalName"}, func(u models.Userable) { name = value(u.GetUserPrincipalName()) })
	if err == nil && name == "" {
		err = graph.ErrNotFound // everybody has one
	}
	return name, err
}

// user reads these properties of one person.
func (c *Client) user(ctx context.Context, tenant graph.TenantID, how treatment, id graph.UserID, properties []string, read func(models.Userable)) error {
	// What is no object id never reaches Graph, which would take it for a sign-in
	// name or for one of its functions (/users/delta).
	if len(id) != len(uuid.Nil.String()) || uuid.Validate(string(id)) != nil {
		return graph.ErrNotFound
	}
	return c.call(ctx, tenant, how, func(ctx context.Context, adapter abstractions.RequestAdapter) error {
		answer, err := users.NewUsersRequestBuilderInternal(c.parameters(), adapter).ByUserId(string(id)).Get(ctx, &users.UserItemRequestBuilderGetRequestConfiguration{
			QueryParameters: &users.UserItemRequestBuilderGetQueryParameters{Select: properties},
		})
		if err != nil {
			return err
		}
		if answer == nil {
			return errEmptyAnswer
		}
		read(answer)
		return nil
	})
}

// maxFound is the largest page that Graph gives.
const maxFound = 999

// FindPeople implements [graph.Directory]. limit is 1 to 999; text that is
// blank finds nobody. Entra compares without regard to case.
func (c *Client) FindPeople(ctx context.Context, tenant graph.TenantID, text string, limit int) ([]graph.Person, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, nil
	}
	// startsWith on these three is a default query capability: unlike $search
	// it needs no eventually consistent index, so somebody added a moment ago
	// is found.
	begins := quoted(text)
	filter := "startsWith(displayName," + begins + ") or startsWith(givenName," + begins + ") or startsWith(surname," + begins + ")"
	var people []graph.Person
	err := c.call(ctx, tenant, findPeople, func(ctx context.Context, adapter abstractions.RequestAdapter) error {
		answer, err := c.list(ctx, adapter, users.UsersRequestBuilderGetQueryParameters{
			Select: c.selected, Filter: &filter, Top: new(int32(min(max(limit, 1), maxFound))),
		})
		if err != nil {
			return err
		}
		people = c.peopleOf(answer.GetValue())
		return nil
	})
	return people, err
}

// list asks for one page of people.
func (c *Client) list(ctx context.Context, adapter abstractions.RequestAdapter, query users.UsersRequestBuilderGetQueryParameters, extra ...header) (models.UserCollectionResponseable, error) {
	answer, err := users.NewUsersRequestBuilderInternal(c.parameters(), adapter).Get(ctx, &users.UsersRequestBuilderGetRequestConfiguration{
		QueryParameters: &query, Headers: headers(extra...),
	})
	if err == nil && answer == nil {
		err = errEmptyAnswer
	}
	return answer, err
}

func (c *Client) peopleOf(all []models.Userable) []graph.Person {
	people := make([]graph.Person, 0, len(all))
	for _, u := range all {
		if u != nil && value(u.GetId()) != "" {
			people = append(people, c.personOf(u))
		}
	}
	return people
}

// personOf translates a user. What was never set is absent or null; an account
// is disabled only where Graph says so.
func (c *Client) personOf(u models.Userable) graph.Person {
	enabled := u.GetAccountEnabled()
	_, removed := u.GetAdditionalData()["@removed"]
	return graph.Person{
		ID:         graph.UserID(strings.ToLower(value(u.GetId()))),
		Name:       value(u.GetDisplayName()),
		GivenName:  value(u.GetGivenName()),
		Surname:    value(u.GetSurname()),
		Role:       value(u.GetJobTitle()),
		Department: value(u.GetDepartment()),
		Phones:     u.GetBusinessPhones(),
		Enabled:    enabled == nil || *enabled,
		Type:       value(u.GetUserType()),
		Removed:    removed,
		Attributes: attributesOf(u, c.attributes),
	}
}
