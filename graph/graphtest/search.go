package graphtest

import (
	"strings"
	"unicode"
)

// parseSearch reads a $search: clauses "property:text" in double quotes,
// joined by upper-case AND and OR, grouped by parentheses. AND binds tighter.
func parseSearch(s string) (condition, error) {
	p := &searchParser{rest: s}
	test, err := p.or(0)
	if err != nil {
		return condition{}, err
	}
	if p.skip(); p.rest != "" {
		return condition{}, searchError(s)
	}
	return condition{test: test, reads: p.reads}, nil
}

func searchError(s string) error {
	return badRequest("Syntax error: character '%s' is not valid at the position of the search clause. Use the form \"property:value\".", firstRune(s))
}

type searchParser struct {
	rest  string
	reads selection
}

func (p *searchParser) skip() { p.rest = strings.TrimLeft(p.rest, " ") }

// accept takes a sign or an upper-case word.
func (p *searchParser) accept(word string) bool {
	p.skip()
	after, found := strings.CutPrefix(p.rest, word)
	if found {
		p.rest = after
	}
	return found
}

func (p *searchParser) or(depth int) (func(*User) bool, error) {
	left, err := p.and(depth)
	if err != nil {
		return nil, err
	}
	for p.accept("OR") {
		right, err := p.and(depth)
		if err != nil {
			return nil, err
		}
		first := left
		left = func(u *User) bool { return first(u) || right(u) }
	}
	return left, nil
}

func (p *searchParser) and(depth int) (func(*User) bool, error) {
	left, err := p.clause(depth)
	if err != nil {
		return nil, err
	}
	for p.accept("AND") {
		right, err := p.clause(depth)
		if err != nil {
			return nil, err
		}
		first := left
		left = func(u *User) bool { return first(u) && right(u) }
	}
	return left, nil
}

func (p *searchParser) clause(depth int) (func(*User) bool, error) {
	if depth > maxDepth {
		return nil, badRequest("The search clause is nested too deeply.")
	}
	if p.accept("(") {
		inner, err := p.or(depth + 1)
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
	i := propertyIndex(name)
	switch {
	case i < 0:
		return nil, badRequest("Could not find a property named '%s' on type 'microsoft.graph.user'.", name)
	case properties[i].kind != text || properties[i].name == "id":
		return nil, unsupportedQuery("Property '%s' does not support $search.", name)
	}
	p.reads |= 1 << i
	if properties[i].name == "displayName" {
		return searchWords(i, wanted), nil
	}
	wanted = fold(wanted)
	return func(u *User) bool { return strings.HasPrefix(fold(properties[i].read(u)), wanted) }, nil
}

// quoted reads up to the closing quotation mark; a backslash takes the next
// character as it is.
func (p *searchParser) quoted() (string, bool) {
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
func searchWords(i int, wanted string) func(*User) bool {
	asked := words(wanted)
	return func(u *User) bool {
		if len(asked) == 0 {
			return false
		}
		have := words(properties[i].read(u))
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
