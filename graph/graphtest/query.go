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
	if f, ok := o["format"]; ok && !strings.EqualFold(f, "json") && !strings.HasPrefix(strings.ToLower(f), "application/json") {
		return nil, badRequest("The value '%s' of $format is not supported.", f)
	}
	return o, nil
}

// Sizes of a page of a collection.
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

// ordering is a parsed $orderby; without a property, order of arrival.
type ordering[T any] struct {
	property   *property[T]
	descending bool
}

func (r *resource[T]) parseOrder(o options) (ordering[T], error) {
	s, ok := o["orderby"]
	if !ok {
		return ordering[T]{}, nil
	}
	fields := strings.Fields(s)
	if len(fields) == 0 || len(fields) > 2 || strings.Contains(s, ",") {
		return ordering[T]{}, unsupportedQuery("Sorting by '%s' is not supported.", s)
	}
	i := r.index(fields[0])
	if i < 0 {
		return ordering[T]{}, r.unknown(fields[0])
	}
	by := ordering[T]{property: &r.properties[i], descending: len(fields) == 2 && fields[1] == "desc"}
	switch {
	case !by.property.sortable:
		return ordering[T]{}, unsupportedQuery("Sorting not supported for property '%s'.", by.property.name)
	case len(fields) == 2 && fields[1] != "asc" && fields[1] != "desc":
		return ordering[T]{}, badRequest("Syntax error at '%s' in $orderby.", fields[1])
	}
	return by, nil
}

// eventual tells whether the request asks for the advanced query capabilities.
func eventual(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("ConsistencyLevel"), "eventual")
}

// checkHeaders refuses what no header of a request may say.
func checkHeaders(r *http.Request) error {
	if level := r.Header.Get("ConsistencyLevel"); level != "" && !eventual(r) && !strings.EqualFold(level, "session") {
		return badRequest("Invalid value '%s' for the header ConsistencyLevel.", level)
	}
	if !acceptsJSON(r.Header.Values("Accept")) {
		return &failure{status: http.StatusNotAcceptable, code: "notAcceptable", message: "The service does not support the format requested in the Accept header."}
	}
	return nil
}

// acceptsJSON tells whether a client that said this takes JSON, or the plain
// text that a $count is.
func acceptsJSON(accept []string) bool {
	if len(accept) == 0 {
		return true
	}
	for media := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		name, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(media)), ";")
		if slices.Contains([]string{"", "*/*", "application/*", "application/json", "text/plain", "text/*"}, strings.TrimSpace(name)) {
			return true
		}
	}
	return false
}

// narrowing is what a query leaves of the objects: $filter and $search together.
type narrowing[T any] struct {
	tests []test[T]
	reads selection
}

// narrow reads $filter and $search and enforces the rules of the advanced
// query capabilities: $search needs the header, an advanced $filter, or one
// together with $orderby, the header and $count=true.
func (r *resource[T]) narrow(o options, request *http.Request, counting bool) (narrowing[T], error) {
	var n narrowing[T]
	if s, ok := o["filter"]; ok {
		c, err := r.parseFilter(s)
		if err != nil {
			return n, err
		}
		_, ordered := o["orderby"]
		if (c.advanced || ordered) && !(eventual(request) && counting) {
			return n, unsupportedQuery("Unsupported Query. The specified filter needs the header ConsistencyLevel: eventual and $count=true.")
		}
		n.tests, n.reads = append(n.tests, c.test), n.reads|c.reads
	}
	if s, ok := o["search"]; ok {
		if !eventual(request) {
			return n, unsupportedQuery("Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'")
		}
		c, err := r.parseSearch(s)
		if err != nil {
			return n, err
		}
		n.tests, n.reads = append(n.tests, c.test), n.reads|c.reads
	}
	return n, nil
}

// keeps tells whether an object stays. A condition on a property that the
// caller may not read drops the row silently.
func (n narrowing[T]) keeps(object *T, readable selection) bool {
	if n.reads&^readable != 0 {
		return false
	}
	for _, test := range n.tests {
		if !test(object) {
			return false
		}
	}
	return true
}
