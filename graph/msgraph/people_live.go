package msgraph

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"teamsbridge/graph"
)

var (
	_ graph.LiveSearcher = (*Client)(nil)
	_ graph.Counter      = (*Client)(nil)
)

// eventual asks for the advanced query capabilities, whose answers may lag.
var eventual = header{"ConsistencyLevel", "eventual"}

// extensionName names one of the organisation's own attributes, from 1.
func extensionName(n int) string { return "extensionAttribute" + strconv.Itoa(n) }

// searched are the properties that a word may begin. Graph cuts only the
// display name into words; of the others the whole value must begin so (Learn,
// "search-query-parameter": "defaults to $filter startsWith behavior").
var searched = []string{"displayName", "givenName", "surname", "jobTitle", "department"}

// SearchPeople implements [graph.LiveSearcher] in one request, which needs the
// advanced query capabilities.
func (c *Client) SearchPeople(ctx context.Context, tenant graph.TenantID, q graph.LiveQuery) (people []graph.Person, more bool, err error) {
	query := users.UsersRequestBuilderGetQueryParameters{
		Select: c.selected, Filter: new(filterOf(q)), Count: new(true), Top: new(int32(min(max(q.Limit, 1), maxFound))),
	}
	if len(q.Words) > 0 {
		query.Search = new(searchOf(q.Words))
	} else {
		query.Orderby = []string{"displayName"} // not together with $search
	}
	err = c.call(ctx, tenant, searchPeople, func(ctx context.Context, adapter abstractions.RequestAdapter) error {
		answer, err := c.list(ctx, adapter, query, eventual)
		if err != nil {
			return err
		}
		people, more = c.peopleOf(answer.GetValue()), value(answer.GetOdataNextLink()) != ""
		return nil
	})
	return people, more, err
}

// CountPeople implements [graph.Counter].
func (c *Client) CountPeople(ctx context.Context, tenant graph.TenantID) (int, error) {
	var count int
	err := c.call(ctx, tenant, countPeople, func(ctx context.Context, adapter abstractions.RequestAdapter) error {
		// /users/$count would answer with plain text, for which there is no reader here.
		answer, err := c.list(ctx, adapter, users.UsersRequestBuilderGetQueryParameters{
			Select: []string{"id"}, Count: new(true), Top: new(int32(1)),
		}, eventual)
		if err != nil {
			return err
		}
		if answer.GetOdataCount() == nil {
			return errors.New("not counted")
		}
		count = int(*answer.GetOdataCount())
		return nil
	})
	return count, err
}

// searchOf writes a $search in which each word must begin something. The words
// stand in quotation marks, where only a quotation mark and a backslash mean
// anything; both are escaped.
func searchOf(words []string) string {
	clauses := make([]string, len(words))
	for i, word := range words {
		word = strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(word)
		properties := make([]string, len(searched))
		for j, property := range searched {
			properties[j] = `"` + property + ":" + word + `"`
		}
		clauses[i] = "(" + strings.Join(properties, " OR ") + ")"
	}
	return strings.Join(clauses, " AND ")
}

// filterOf writes a $filter that leaves out who cannot be an expert.
func filterOf(q graph.LiveQuery) string {
	clauses := []string{"accountEnabled eq true"}
	if q.Department != "" {
		clauses = append(clauses, "department eq "+quoted(q.Department))
	}
	if q.Role != "" {
		clauses = append(clauses, "jobTitle eq "+quoted(q.Role))
	}
	if len(q.Phones) > 0 {
		phones := make([]string, len(q.Phones))
		for i, phone := range q.Phones {
			phones[i] = fmt.Sprintf("businessPhones/any(p:p eq %s)", quoted(phone))
		}
		clauses = append(clauses, "("+strings.Join(phones, " or ")+")")
	}
	return strings.Join(clauses, " and ")
}

// quoted writes a text of OData, in which only the apostrophe means anything.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
