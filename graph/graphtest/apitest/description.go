package apitest

import (
	_ "embed"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

//go:embed openapi.yaml
var source []byte

// Description is the part of Graph's API that teamsbridge uses. Safe for
// concurrent use.
type Description struct {
	document *openapi3.T
	router   routers.Router
}

// Load reads the description; it is read once, however often it is asked for.
var Load = sync.OnceValues(load)

func load() (*Description, error) {
	document, err := openapi3.NewLoader().LoadFromData(source)
	if err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	// Whatever host plays Graph: the paths count.
	document.Servers = openapi3.Servers{{URL: "/v1.0"}}
	router, err := gorillamux.NewRouter(document)
	if err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	return &Description{document: document, router: router}, nil
}

// find is the operation of a request. Paths are compared as they mean, not as
// they are escaped: (appId='…') has signs that some clients escape.
func (d *Description) find(r *http.Request) (*routers.Route, map[string]string, error) {
	plain := r.Clone(r.Context())
	plain.URL.RawPath = plain.URL.Path
	return d.router.FindRoute(plain)
}

// Permission is one way to be let in: with all of Names in a token of a kind.
type Permission struct {
	Application bool // the application's own token; else one that acts for a person
	Names       []string
}

// Operation names one thing that can be asked.
type Operation struct{ Method, Path string }

// Operations are all that is described, in order.
func (d *Description) Operations() []Operation {
	var all []Operation
	for path, item := range d.document.Paths.Map() {
		for method := range item.Operations() {
			all = append(all, Operation{method, path})
		}
	}
	slices.SortFunc(all, func(a, b Operation) int {
		return slices.Compare([]string{a.Path, a.Method}, []string{b.Path, b.Method})
	})
	return all
}

// Permissions are the ways to be let in to an operation, any of them being
// enough; an empty list of names lets every token of its kind in.
func (d *Description) Permissions(o Operation) []Permission {
	var ways []Permission
	operation := d.document.Paths.Value(o.Path).GetOperation(o.Method)
	for _, requirement := range *operation.Security {
		for scheme, names := range requirement {
			ways = append(ways, Permission{Application: scheme == "application", Names: names})
		}
	}
	return ways
}
