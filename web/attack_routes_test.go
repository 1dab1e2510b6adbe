package web

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"teamsbridge/sso"
)

// route is an operation of the description, as somebody reads it who looks for
// a way in.
type route struct {
	method, path string // with its parameters: "/api/v1/interactions/{id}"
	id           string
	open         bool     // asks for no sign-in
	role         sso.Role // that it needs; empty: an agent does
	media        string   // of the body it takes; empty: it takes none
	body         any      // the least that its schema asks for
	member       string   // one that the body may have; empty: none
	typed        []string // query parameters that are no text
	texts        []string // query parameters that are, but for the cursor and words from a list
	cursor       bool     // it takes a cursor
	parent       bool     // what lies below it is asked by other methods only
}

func (r route) String() string      { return r.method + " " + strings.TrimPrefix(r.path, apiBase) }
func (r route) reads() bool         { return r.method == http.MethodGet }
func (r route) named() bool         { return strings.Contains(r.path, "{") }
func (r route) json() bool          { return r.media == "application/json" }
func (r route) below(p string) bool { return strings.HasPrefix(r.path, apiBase+p) }

// interaction reports whether the route is about one interaction.
func (r route) interaction() bool { return r.below("/interactions/{id}") }

// command reports whether the route moves a call.
func (r route) command() bool { return r.interaction() && !r.reads() }

// described is the part of an OpenAPI document that routes are made from.
type described struct {
	Paths      map[string]map[string]operationDescribed `json:"paths"`
	Components struct {
		Schemas map[string]*schema `json:"schemas"`
	} `json:"components"`
}

type operationDescribed struct {
	ID          string           `json:"operationId"`
	Description string           `json:"description"`
	Security    []map[string]any `json:"security"`
	Parameters  []struct {
		Name, In string
		Schema   schema
	} `json:"parameters"`
	RequestBody struct {
		Content map[string]struct{ Schema *schema } `json:"content"`
	} `json:"requestBody"`
}

type schema struct {
	Ref        string             `json:"$ref"`
	Type       any                `json:"type"` // a name, or a list of names
	Format     string             `json:"format"`
	Enum       []any              `json:"enum"`
	Properties map[string]*schema `json:"properties"`
	Required   []string           `json:"required"`
}

// routes are the description's operations, ordered by path and method.
func (w *world) routes() []route {
	w.t.Helper()
	var d described
	fatal(w.t, json.Unmarshal([]byte(w.ask("", http.MethodGet, apiBase+"/openapi.json", "").body), &d))
	var out []route
	for path, operations := range d.Paths {
		for method, op := range operations {
			r := d.route(strings.ToUpper(method), path, op)
			r.parent = d.parent(path, method)
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b route) int { return strings.Compare(a.path+" "+a.method, b.path+" "+b.method) })
	return out
}

var needsRole = regexp.MustCompile(`Needs the role (\w+)\.`)

func (d described) route(method, path string, op operationDescribed) route {
	r := route{method: method, path: path, id: op.ID, open: len(op.Security) == 0}
	if role := needsRole.FindStringSubmatch(op.Description); role != nil {
		r.role = sso.Role(role[1])
	}
	for _, p := range op.Parameters {
		switch {
		case p.In != "query":
		case p.Name == "cursor":
			r.cursor = true
		case p.Schema.Type == "string" && p.Schema.Format == "" && len(p.Schema.Enum) == 0:
			r.texts = append(r.texts, p.Name)
		default:
			r.typed = append(r.typed, p.Name)
		}
	}
	for media, content := range op.RequestBody.Content {
		r.media, r.body = media, d.least(content.Schema)
		for name := range d.resolve(content.Schema).Properties {
			if r.member == "" || name < r.member {
				r.member = name
			}
		}
	}
	return r
}

// parent reports whether something lies below the path, and nothing that the
// method asks for.
func (d described) parent(path, method string) bool {
	for below, operations := range d.Paths {
		if rest, found := strings.CutPrefix(below, path+"/{"); found && strings.HasSuffix(rest, "}") {
			_, same := operations[method]
			return !same
		}
	}
	return false
}

func (d described) resolve(s *schema) *schema {
	if name, found := strings.CutPrefix(s.Ref, "#/components/schemas/"); found {
		return d.Components.Schemas[name]
	}
	return s
}

// least is a value of the schema with nothing that may be left out.
func (d described) least(s *schema) any {
	s = d.resolve(s)
	if len(s.Enum) > 0 {
		return s.Enum[0]
	}
	switch s.Type {
	case "object":
		object := map[string]any{}
		for _, name := range s.Required {
			object[name] = d.least(s.Properties[name])
		}
		return object
	case "boolean":
		return true
	case "integer", "number":
		return 1
	case "string":
		return "x"
	}
	return []any{}
}

// bodies are what schemas cannot say: what else a body needs to be understood.
var bodies = map[string]string{
	"consult":           `{"target":{"kind":"agent","id":"ben"}}`,
	"reserve":           `{"target":{"kind":"dialNumber","number":"+49305019"}}`,
	"wrapUp":            `{"code":"done"}`,
	"refreshPresence":   `{"ids":["` + string(expertID60(1)) + `"]}`,
	"adminPutAgent":     `{"name":"Nora Neu","subject":"nora"}`,
	"adminImportAgents": "id;name;subject\nida;Ida Import;ida\n",
}

// content is a body that the route understands.
func (r route) content(t testing.TB) string {
	t.Helper()
	if body, ok := bodies[r.id]; ok || r.media == "" {
		return body
	}
	content, err := json.Marshal(r.body)
	fatal(t, err)
	return string(content)
}
