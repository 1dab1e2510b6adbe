package graphtest

import "strings"

// need checks that the property offers an operator and notes when it is an
// advanced one.
func (p *filterParser) need(i int, op operators) error {
	if p.negate {
		op |= opNot
	}
	offered := properties[i].filters | properties[i].advanced
	if offered&op != op {
		return unsupportedQuery("Unsupported or invalid query filter clause specified for property '%s' of resource 'User'.", properties[i].name)
	}
	if properties[i].filters&op != op {
		p.result.advanced = true
	}
	return nil
}

// function is startsWith(property,'text') or endsWith(property,'text').
func (p *filterParser) function(name string) (func(*User) bool, error) {
	var op operators
	var compare func(s, part string) bool
	switch strings.ToLower(name) {
	case "startswith":
		op, compare = opStartsWith, strings.HasPrefix
	case "endswith":
		op, compare = opEndsWith, strings.HasSuffix
	case "contains", "length", "tolower", "toupper", "trim", "concat", "substring", "indexof":
		return nil, unsupportedQuery("Unsupported Query.")
	default:
		return nil, badRequest("Invalid filter clause: An unknown function with name '%s' was found.", name)
	}
	subject := p.next()
	if subject.kind != tokenWord {
		return nil, syntaxError(subject)
	}
	i, err := p.property(subject.text)
	if err != nil {
		return nil, err
	}
	if properties[i].kind != text {
		return nil, badRequest("Invalid filter clause: No function signature for the function with name '%s' matches the specified arguments.", name)
	}
	if err := p.need(i, op); err != nil {
		return nil, err
	}
	part, err := p.lastArgument()
	if err != nil {
		return nil, err
	}
	return func(u *User) bool { return compare(fold(properties[i].read(u)), part) }, nil
}

// lastArgument is ",'text')", folded for comparison.
func (p *filterParser) lastArgument() (string, error) {
	if err := p.expect(","); err != nil {
		return "", err
	}
	argument := p.next()
	if argument.kind != tokenText {
		return "", syntaxError(argument)
	}
	return fold(argument.text), p.expect(")")
}

// in is "in ('a','b')".
func (p *filterParser) in(i int) (func(*User) bool, error) {
	if err := p.need(i, opIn); err != nil {
		return nil, err
	}
	if err := p.expect("("); err != nil {
		return nil, err
	}
	var tests []func(*User) bool
	for {
		test, err := p.equal(i, p.next())
		if err != nil {
			return nil, err
		}
		if tests = append(tests, test); len(tests) > maxValues {
			return nil, unsupportedQuery("Too many child clauses specified in search filter expression containing 'OR' operators: %d. Max allowed: %d.", len(tests), maxValues)
		}
		if !p.accept(",") {
			break
		}
	}
	return func(u *User) bool {
		for _, test := range tests {
			if test(u) {
				return true
			}
		}
		return false
	}, p.expect(")")
}

// comparison is "property eq literal" with one of Graph's operators.
func (p *filterParser) comparison(i int) (func(*User) bool, error) {
	operator := p.next()
	op, known := map[string]operators{"eq": opEq, "ne": opNe, "ge": opGeLe, "le": opGeLe}[operator.text]
	switch {
	case operator.text == "gt" || operator.text == "lt" || operator.text == "has":
		return nil, unsupportedQuery("Operator '%s' is not supported for property '%s'.", operator.text, properties[i].name)
	case !known || operator.kind != tokenWord:
		return nil, syntaxError(operator)
	}
	literal := p.next()
	if literal.kind == tokenWord && literal.text == "null" {
		op |= opNull
	}
	if err := p.need(i, op); err != nil {
		return nil, err
	}
	switch operator.text {
	case "ge", "le":
		if literal.kind != tokenText {
			return nil, incompatible()
		}
		bound, sign := fold(literal.text), 1
		if operator.text == "le" {
			sign = -1
		}
		return func(u *User) bool {
			s := fold(properties[i].read(u))
			return s != "" && sign*strings.Compare(s, bound) >= 0
		}, nil
	case "ne":
		equal, err := p.equal(i, literal)
		return func(u *User) bool { return !equal(u) }, err
	default:
		return p.equal(i, literal)
	}
}

func incompatible() error {
	return badRequest("Invalid filter clause: A binary operator with incompatible types was detected.")
}

// equal tests a property against one literal of its type.
func (p *filterParser) equal(i int, literal token) (func(*User) bool, error) {
	switch {
	case literal.kind == tokenText && properties[i].kind == text:
		want := fold(literal.text)
		return func(u *User) bool { return fold(properties[i].read(u)) == want }, nil
	case literal.kind == tokenWord && literal.text == "null" && properties[i].kind == text:
		return func(u *User) bool { return properties[i].read(u) == "" }, nil
	case literal.kind == tokenWord && (literal.text == "true" || literal.text == "false") && properties[i].kind == boolean:
		want := literal.text == "true"
		return func(u *User) bool { return u.AccountEnabled == want }, nil
	case literal.kind == tokenEnd || literal.kind == tokenSign:
		return nil, syntaxError(literal)
	default:
		return nil, incompatible()
	}
}

// fold makes comparisons ignore case, as Entra does. Accents count.
func fold(s string) string { return strings.ToLower(s) }
