package graphtest

import (
	"strings"
	"unicode"
)

// parseSearch reads a $search over objects of this kind: clauses
// "property:text" in double quotes, joined by upper-case AND and OR, grouped by
// parentheses.
func (r *resource[T]) parseSearch(s string) (condition[T], error) {
	p := &searchParser[T]{rest: s, over: r}
	test, err := p.expression(0)
	if err != nil {
		return condition[T]{}, err
	}
	if p.skip(); p.rest != "" {
		return condition[T]{}, searchError(p.rest)
	}
	return condition[T]{test: test, reads: p.reads}, nil
}

func searchError(s string) error {
	return badRequest("Syntax error: character '%s' is not valid at the position of the search clause. Use the form \"property:value\".", firstRune(s))
}

type searchParser[T any] struct {
	rest  string
	over  *resource[T]
	reads selection
}

func (p *searchParser[T]) skip() { p.rest = strings.TrimLeft(p.rest, " ") }

// accept takes a sign or an upper-case word.
func (p *searchParser[T]) accept(word string) bool {
	p.skip()
	after, found := strings.CutPrefix(p.rest, word)
	if found {
		p.rest = after
	}
	return found
}

func (p *searchParser[T]) expression(depth int) (test[T], error) {
	return expression(operatorWords{or: "OR", and: "AND"}, p.accept, func() (test[T], error) { return p.clause(depth) })
}

func (p *searchParser[T]) clause(depth int) (test[T], error) {
	if depth > maxDepth {
		return nil, badRequest("The search clause is nested too deeply.")
	}
	if p.accept("(") {
		inner, err := p.expression(depth + 1)
		if err == nil && !p.accept(")") {
			err = searchError(p.rest)
		}
		return inner, err
	}
	if !p.accept(`"`) {
		return nil, searchError(p.rest)
	}
	quoted, ok := p.quoted()
	if !ok {
		return nil, badRequest("An unterminated search clause was found.")
	}
	name, wanted, ok := strings.Cut(quoted, ":")
	if !ok {
		return nil, unsupportedQuery("Invalid search term: use the form \"property:value\".")
	}
	if strings.Contains(wanted, "&") {
		// A known issue of Microsoft's, number 18185: it does not get through.
		return nil, badRequest("Syntax error: character '&' is not valid in a search clause.")
	}
	i := p.over.index(name)
	if i < 0 {
		return nil, p.over.unknown(name)
	}
	property := &p.over.properties[i]
	if property.kind != text || property.name == "id" {
		return nil, unsupportedQuery("Property '%s' does not support $search.", property.name)
	}
	p.reads |= 1 << i
	if property.words {
		return searchWords(property, wanted), nil
	}
	wanted = fold(wanted)
	return func(object *T) bool { return strings.HasPrefix(fold(property.read(object)), wanted) }, nil
}

// quoted reads up to the closing quotation mark; a backslash takes the next
// character as it is.
func (p *searchParser[T]) quoted() (string, bool) {
	var b strings.Builder
	escaped := false
	for i, r := range p.rest {
		switch {
		case escaped:
			b.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == '"':
			p.rest = p.rest[i+1:]
			return b.String(), true
		default:
			b.WriteRune(r)
		}
	}
	return "", false
}

// searchWords matches a tokenised property: every word asked for must begin
// some word of the value, in any order.
func searchWords[T any](property *property[T], wanted string) test[T] {
	asked := words(wanted)
	return func(object *T) bool {
		if len(asked) == 0 {
			return false
		}
		have := words(property.read(object))
		for _, word := range asked {
			if !anyHasPrefix(have, word) {
				return false
			}
		}
		return true
	}
}

func anyHasPrefix(words []string, prefix string) bool {
	for _, word := range words {
		if strings.HasPrefix(word, prefix) {
			return true
		}
	}
	return false
}

// words cuts a text as Graph's tokeniser does: at spaces, digits and symbols
// and where a lower-case letter meets an upper-case one; what symbols join
// also counts combined.
func words(s string) []string {
	var cut []string
	for _, joined := range strings.Fields(s) {
		parts := splitJoined(joined)
		cut = append(cut, parts...)
		if len(parts) > 1 {
			cut = append(cut, strings.Join(parts, ""))
		}
	}
	return cut
}

func splitJoined(s string) []string {
	var parts []string
	var part strings.Builder
	flush := func() {
		if part.Len() > 0 {
			parts = append(parts, fold(part.String()))
			part.Reset()
		}
	}
	class := func(r rune) int {
		switch {
		case unicode.IsDigit(r):
			return 1
		case unicode.IsLetter(r) || unicode.IsMark(r):
			return 2
		}
		return 0
	}
	previous := ' '
	for _, r := range s {
		if class(r) != class(previous) || unicode.IsLower(previous) && unicode.IsUpper(r) {
			flush()
		}
		if class(r) != 0 {
			part.WriteRune(r)
		}
		previous = r
	}
	flush()
	return parts
}
