package graphtest

import "strings"

// resource is one kind of object that Graph serves and what a query may do
// with it: $select, $filter, $search and $orderby read this table.
type resource[T any] struct {
	name       string // after "microsoft.graph."
	set        string // its collection in paths and contexts
	properties []property[T]
}

// kind is the type of a property.
type kind int

const (
	text       kind = iota // Edm.String; empty is null
	boolean                // Edm.Boolean
	texts                  // Collection(Edm.String)
	attributes             // a complex type of texts, by name
)

// property is one property of an object: how it is read and what Graph lets a
// query do with it. The reader that goes with its kind is set; a text without
// one is a property that nobody here ever has.
type property[T any] struct {
	name  string
	kind  kind
	text  func(*T) string
	flag  func(*T) bool
	texts func(*T) []string
	parts func(*T) map[string]string
	names []string // of parts

	byDefault bool      // returned without $select
	basic     bool      // readable with User.ReadBasic.All alone
	sortable  bool      // in $orderby
	words     bool      // $search cuts it into words; others are compared from their beginning
	filters   operators // without the advanced query capabilities
	advanced  operators // only with them
}

// operators is a set of what $filter may do with a property.
type operators uint

const (
	opEq operators = 1 << iota
	opNe
	opGeLe
	opIn
	opNot
	opNull
	opStartsWith
	opEndsWith
)

const (
	textDefault  = opEq | opGeLe | opIn | opStartsWith
	textAdvanced = opNe | opNot | opNull
)

// selection is a set of properties, by their place in the table.
type selection uint64

func (s selection) has(i int) bool { return s&(1<<i) != 0 }

const allProperties = ^selection(0)

// those selects the properties that a test is true of.
func (r *resource[T]) those(test func(*property[T]) bool) (s selection) {
	for i := range r.properties {
		if test(&r.properties[i]) {
			s |= 1 << i
		}
	}
	return s
}

// index finds a property by name, case ignored as Graph does; -1 when unknown.
func (r *resource[T]) index(name string) int {
	for i := range r.properties {
		if strings.EqualFold(r.properties[i].name, name) {
			return i
		}
	}
	return -1
}

// identity is the id alone, which Graph always returns.
func (r *resource[T]) identity() selection { return 1 << r.index("id") }

// parseSelect reads $select. An empty string selects the default.
func (r *resource[T]) parseSelect(s string) (selection, error) {
	if s == "" {
		return r.those(func(p *property[T]) bool { return p.byDefault }), nil
	}
	chosen := r.identity()
	for name := range strings.SplitSeq(s, ",") {
		i := r.index(strings.TrimSpace(name))
		if i < 0 {
			return 0, badRequest("Parsing OData Select and Expand failed: %s", r.unknown(name).message)
		}
		chosen |= 1 << i
	}
	return chosen, nil
}

func (r *resource[T]) unknown(property string) *failure {
	return badRequest("Could not find a property named '%s' on type 'microsoft.graph.%s'.", property, r.name)
}

// render is an object as JSON, reduced to what was chosen; properties that may
// not be read are null.
func (r *resource[T]) render(object *T, chosen, readable selection) map[string]any {
	body := make(map[string]any, 12)
	for i := range r.properties {
		switch p := &r.properties[i]; {
		case !chosen.has(i):
		case readable.has(i):
			body[p.name] = p.value(object)
		default:
			body[p.name] = nil
		}
	}
	return body
}

// value is the property as JSON holds it; null for a text that is empty.
func (p *property[T]) value(object *T) any {
	switch p.kind {
	case boolean:
		return p.flag(object)
	case texts:
		if list := p.texts(object); list != nil {
			return list
		}
		return []string{}
	case attributes:
		all, body := p.parts(object), make(map[string]any, len(p.names))
		for _, name := range p.names {
			if body[name] = nil; all[name] != "" {
				body[name] = all[name]
			}
		}
		return body
	case text:
	}
	if s := p.read(object); s != "" {
		return s
	}
	return nil
}

// read is the value of a text property; empty stands for null.
func (p *property[T]) read(object *T) string {
	if p.text == nil {
		return ""
	}
	return p.text(object)
}

// set tells whether the object has the property at all: a delta leaves out
// what was never set.
func (p *property[T]) set(object *T) bool {
	switch p.kind {
	case boolean:
		return true
	case texts:
		return len(p.texts(object)) > 0
	case attributes:
		return len(p.parts(object)) > 0
	case text:
	}
	return p.read(object) != ""
}
