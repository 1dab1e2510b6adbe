package graphtest

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// options are the system query options of a request, by name in lower case
// and without the dollar sign.
type options map[string]string

// knownOptions are OData's; which of them an endpoint takes it says itself.
var knownOptions = []string{
	"select", "filter", "search", "top", "count", "orderby", "skiptoken", "deltatoken", "expand", "skip", "format",
}

// parseOptions reads the query; those not among allowed are refused.
func parseOptions(r *http.Request, allowed ...string) (options, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, badRequest("The query string is malformed.")
	}
	o := make(options, len(values))
	for name, all := range values {
		plain, dollar := strings.CutPrefix(strings.ToLower(name), "$")
		switch {
		case !slices.Contains(knownOptions, plain):
			if dollar {
				return nil, badRequest("The query parameter '%s' is not supported.", name)
			}
			continue // custom query options are ignored, as at Graph
		case !slices.Contains(allowed, plain):
			return nil, unsupportedQuery("'$%s' is not supported by the service.", plain)
		case len(all) > 1:
			return nil, badRequest("Query option '%s' was specified more than once, but it must be specified at most once.", name)
		}
		if _, twice := o[plain]; twice {
			return nil, badRequest("Query option '%s' was specified more than once, but it must be specified at most once.", name)
		}
		o[plain] = all[0]
	}
	return o, nil
}

// Sizes of a page of /users.
const (
	defaultPage = 100
	maxPage     = 999
)

func (o options) top() (int, error) {
	s, ok := o["top"]
	if !ok {
		return defaultPage, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > maxPage {
		return 0, badRequest("Invalid page size specified: '%s'. Must be between 1 and %d inclusive.", s, maxPage)
	}
	return n, nil
}

func (o options) count() (bool, error) {
	switch o["count"] {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	}
	return false, badRequest("Invalid value '%s' for $count query option found. Valid values are 'true' and 'false'.", o["count"])
}

// ordering is a parsed $orderby; property -1 means none.
type ordering struct {
	property   int
	descending bool
}

func (o options) orderBy() (ordering, error) {
	s, ok := o["orderby"]
	if !ok {
		return ordering{property: -1}, nil
	}
	fields := strings.Fields(s)
	if len(fields) == 0 || len(fields) > 2 || strings.Contains(s, ",") {
		return ordering{}, unsupportedQuery("Sorting by '%s' is not supported.", s)
	}
	i := propertyIndex(fields[0])
	switch {
	case i < 0:
		return ordering{}, badRequest("Could not find a property named '%s' on type 'microsoft.graph.user'.", fields[0])
	case !properties[i].sortable:
		return ordering{}, unsupportedQuery("Sorting not supported for property '%s'.", properties[i].name)
	case len(fields) == 1 || fields[1] == "asc":
		return ordering{property: i}, nil
	case fields[1] == "desc":
		return ordering{property: i, descending: true}, nil
	}
	return ordering{}, badRequest("Syntax error at '%s' in $orderby.", fields[1])
}

// eventual tells whether the request asks for the advanced query capabilities.
func eventual(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("ConsistencyLevel"), "eventual")
}

// narrowing is what a query leaves of the people: $filter and $search together.
type narrowing struct {
	tests []func(*User) bool
	reads selection
}

// narrow reads $filter and $search and enforces the rules of the advanced
// query capabilities: $search needs the header, an advanced $filter, or one
// together with $orderby, the header and $count=true.
func (o options) narrow(r *http.Request, counting bool) (narrowing, error) {
	var n narrowing
	if s, ok := o["filter"]; ok {
		c, err := parseFilter(s)
		if err != nil {
			return n, err
		}
		_, ordered := o["orderby"]
		if (c.advanced || ordered) && !(eventual(r) && counting) {
			return n, unsupportedQuery("Unsupported Query. The specified filter needs the header ConsistencyLevel: eventual and $count=true.")
		}
		n.tests, n.reads = append(n.tests, c.test), n.reads|c.reads
	}
	if s, ok := o["search"]; ok {
		if !eventual(r) {
			return n, unsupportedQuery("Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'")
		}
		c, err := parseSearch(s)
		if err != nil {
			return n, err
		}
		n.tests, n.reads = append(n.tests, c.test), n.reads|c.reads
	}
	return n, nil
}

// keeps tells whether somebody stays. A condition on a property that the
// caller may not read drops the row silently.
func (n narrowing) keeps(u *User, readable selection) bool {
	if n.reads&^readable != 0 {
		return false
	}
	for _, test := range n.tests {
		if !test(u) {
			return false
		}
	}
	return true
}
