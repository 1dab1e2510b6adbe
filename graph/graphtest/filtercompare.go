package graphtest

import "strings"

// need checks that the property offers an operator and notes when it is an
// advanced one.
func (p *filterParser[T]) need(property *property[T], op operators) error {
	if p.negate {
		op |= opNot
	}
	offered := property.filters | property.advanced
	if offered&op != op {
		return unsupportedQuery("Unsupported or invalid query filter clause specified for property '%s' of resource '%s'.", property.name, p.over.name)
	}
	if property.filters&op != op {
		p.result.advanced = true
	}
	return nil
}

// function is startsWith(property,'text') or endsWith(property,'text').
func (p *filterParser[T]) function(name string) (test[T], error) {
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
	subject, err := p.subject(p.next())
	if err != nil {
		return nil, err
	}
	if !subject.isText() {
		return nil, badRequest("Invalid filter clause: No function signature for the function with name '%s' matches the specified arguments.", name)
	}
	if err := p.need(subject.property, op); err != nil {
		return nil, err
	}
	part, err := p.lastArgument()
	if err != nil {
		return nil, err
	}
	return func(object *T) bool { return compare(fold(subject.read(object)), part) }, nil
}

// lastArgument is ",'text')", folded for comparison.
func (p *filterParser[T]) lastArgument() (string, error) {
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
func (p *filterParser[T]) in(subject subject[T]) (test[T], error) {
	if err := p.need(subject.property, opIn); err != nil {
		return nil, err
	}
	if err := p.expect("("); err != nil {
		return nil, err
	}
	var tests []test[T]
	for {
		test, err := p.equal(subject, p.next())
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
	return func(object *T) bool {
		for _, test := range tests {
			if test(object) {
				return true
			}
		}
		return false
	}, p.expect(")")
}

// comparison is "property eq literal" with one of Graph's operators.
func (p *filterParser[T]) comparison(subject subject[T]) (test[T], error) {
	operator := p.next()
	op, known := map[string]operators{"eq": opEq, "ne": opNe, "ge": opGeLe, "le": opGeLe}[operator.text]
	switch {
	case operator.text == "gt" || operator.text == "lt" || operator.text == "has":
		return nil, unsupportedQuery("Operator '%s' is not supported for property '%s'.", operator.text, subject.property.name)
	case !known || operator.kind != tokenWord:
		return nil, syntaxError(operator)
	}
	literal := p.next()
	if literal.kind == tokenWord && literal.text == "null" {
		op |= opNull
	}
	if err := p.need(subject.property, op); err != nil {
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
		return func(object *T) bool {
			s := fold(subject.read(object))
			return s != "" && sign*strings.Compare(s, bound) >= 0
		}, nil
	case "ne":
		equal, err := p.equal(subject, literal)
		return func(object *T) bool { return !equal(object) }, err
	default:
		return p.equal(subject, literal)
	}
}

func incompatible() error {
	return badRequest("Invalid filter clause: A binary operator with incompatible types was detected.")
}

// equal tests a property against one literal of its type.
func (p *filterParser[T]) equal(subject subject[T], literal token) (test[T], error) {
	switch {
	case literal.kind == tokenText && subject.isText():
		want := fold(literal.text)
		return func(object *T) bool { return fold(subject.read(object)) == want }, nil
	case literal.kind == tokenWord && literal.text == "null" && subject.isText():
		return func(object *T) bool { return subject.read(object) == "" }, nil
	case literal.kind == tokenWord && (literal.text == "true" || literal.text == "false") && subject.property.kind == boolean:
		want := literal.text == "true"
		return func(object *T) bool { return subject.property.flag(object) == want }, nil
	case literal.kind == tokenEnd || literal.kind == tokenSign:
		return nil, syntaxError(literal)
	default:
		return nil, incompatible()
	}
}

// fold makes comparisons ignore case, as Entra does. Accents count.
func fold(s string) string { return strings.ToLower(s) }
