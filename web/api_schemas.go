package web

import (
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"teamsbridge/audit"
)

// schemaName is huma's name for a type. The audit's types get its name before
// theirs, which are the names of other things here.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := huma.DefaultSchemaNamer(t, hint)
	if t.PkgPath() == reflect.TypeFor[audit.Line]().PkgPath() {
		return "Audit" + name
	}
	return name
}

// schemaOf names the schema of a type.
func schemaOf[T any](a *api) *huma.Schema {
	return a.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, "")
}

// openAnswers lets answers have members that the description does not name:
// the contract may be added to, and a client that checks strictly would break.
// What a request may hold stays exact, so that a misspelt member is refused.
func openAnswers(doc *huma.OpenAPI) {
	schemas := doc.Components.Schemas.Map()
	asked := map[*huma.Schema]bool{}
	for _, path := range doc.Paths {
		for _, op := range []*huma.Operation{path.Get, path.Put, path.Post, path.Delete} {
			if op == nil || op.RequestBody == nil {
				continue
			}
			for _, content := range op.RequestBody.Content {
				visit(content.Schema, schemas, asked)
			}
		}
	}
	for _, schema := range schemas {
		if !asked[schema] {
			schema.AdditionalProperties = nil
		}
	}
}

// visit marks a schema and all that it is made of.
func visit(s *huma.Schema, all map[string]*huma.Schema, seen map[*huma.Schema]bool) {
	if s == nil || seen[s] {
		return
	}
	seen[s] = true
	if name, found := strings.CutPrefix(s.Ref, "#/components/schemas/"); found {
		visit(all[name], all, seen)
	}
	visit(s.Items, all, seen)
	for _, member := range s.Properties {
		visit(member, all, seen)
	}
}
