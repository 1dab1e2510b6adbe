package graphtest

import "strings"

// phones is a test of the collection of business phones: an any() over it.
// Its $count is an advanced capability that Graph documents for other
// collections only, so it is refused here.
func (p *filterParser) phones(i int) (func(*User) bool, error) {
	if err := p.expect("/"); err != nil {
		return nil, err
	}
	if p.accept("$count") || p.accept("all") {
		return nil, unsupportedQuery("Unsupported or invalid query filter clause specified for property '%s' of resource 'User'.", properties[i].name)
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
	var tests []func(phone string) bool
	for {
		test, err := p.phone(i, variable.text)
		if err != nil {
			return nil, err
		}
		tests = append(tests, test)
		if !p.accept("or") {
			break
		}
	}
	return func(u *User) bool {
		for _, phone := range u.BusinessPhones {
			for _, test := range tests {
				if test(fold(phone)) {
					return true
				}
			}
		}
		return false
	}, p.expect(")")
}

// phone is one test of one number: "p eq '…'" or "startsWith(p,'…')".
func (p *filterParser) phone(i int, variable string) (func(string) bool, error) {
	first := p.next()
	switch {
	case first.kind == tokenWord && first.text == variable:
		if !p.accept("eq") {
			return nil, unsupportedQuery("Operator '%s' is not supported for property '%s'.", p.peek().text, properties[i].name)
		}
		literal := p.next()
		if literal.kind != tokenText {
			return nil, incompatible()
		}
		want := fold(literal.text)
		return func(phone string) bool { return phone == want }, p.need(i, opEq)
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
		return func(phone string) bool { return strings.HasPrefix(phone, part) }, p.need(i, opStartsWith)
	default:
		return nil, syntaxError(first)
	}
}
