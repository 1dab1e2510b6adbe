package graphtest

import "strings"

// collection is a test of a collection of texts: an any() over it. Its $count
// is an advanced capability that Graph documents for other collections than
// those served here, so it is refused.
func (p *filterParser[T]) collection(over *property[T]) (test[T], error) {
	if err := p.expect("/"); err != nil {
		return nil, err
	}
	if p.accept("$count") || p.accept("all") {
		return nil, unsupportedQuery("Unsupported or invalid query filter clause specified for property '%s' of resource '%s'.", over.name, p.over.name)
	}
	if err := p.expect("any"); err != nil {
		return nil, err
	}
	if err := p.expect("("); err != nil {
		return nil, err
	}
	variable := p.next()
	if variable.kind != tokenWord {
		return nil, syntaxError(variable)
	}
	if err := p.expect(":"); err != nil {
		return nil, err
	}
	var tests []func(member string) bool
	for {
		test, err := p.member(over, variable.text)
		if err != nil {
			return nil, err
		}
		tests = append(tests, test)
		if !p.accept("or") {
			break
		}
	}
	return func(object *T) bool {
		for _, member := range over.texts(object) {
			for _, test := range tests {
				if test(fold(member)) {
					return true
				}
			}
		}
		return false
	}, p.expect(")")
}

// member is one test of one member: "p eq '…'" or "startsWith(p,'…')".
func (p *filterParser[T]) member(over *property[T], variable string) (func(string) bool, error) {
	first := p.next()
	switch {
	case first.kind == tokenWord && first.text == variable:
		if !p.accept("eq") {
			return nil, unsupportedQuery("Operator '%s' is not supported for property '%s'.", p.peek().text, over.name)
		}
		literal := p.next()
		if literal.kind != tokenText {
			return nil, incompatible()
		}
		want := fold(literal.text)
		return func(member string) bool { return member == want }, p.need(over, opEq)
	case first.kind == tokenWord && strings.EqualFold(first.text, "startswith"):
		if err := p.expect("("); err != nil {
			return nil, err
		}
		if err := p.expect(variable); err != nil {
			return nil, err
		}
		part, err := p.lastArgument()
		if err != nil {
			return nil, err
		}
		return func(member string) bool { return strings.HasPrefix(member, part) }, p.need(over, opStartsWith)
	default:
		return nil, syntaxError(first)
	}
}
