package graphtest

import "slices"

// maxValues is how many values one in may list: Graph's own limit.
const maxValues = 15

// parseFilter reads a $filter over objects of this kind.
func (r *resource[T]) parseFilter(s string) (condition[T], error) {
	tokens, err := scan(s)
	if err != nil {
		return condition[T]{}, err
	}
	p := &filterParser[T]{tokens: tokens, over: r}
	test, err := p.expression(0)
	if err != nil {
		return condition[T]{}, err
	}
	if !p.done() {
		return condition[T]{}, syntaxError(p.peek())
	}
	p.result.test = test
	return p.result, nil
}

func syntaxError(near token) error {
	return badRequest("Invalid filter clause: Syntax error near '%s'.", near.text)
}

// filterParser is a recursive descent over the tokens of one $filter.
type filterParser[T any] struct {
	tokens []token
	over   *resource[T]
	result condition[T]
	negate bool // inside not: the properties must allow it
}

func (p *filterParser[T]) done() bool { return len(p.tokens) == 0 }

func (p *filterParser[T]) peek() token {
	if p.done() {
		return token{kind: tokenEnd, text: "end of expression"}
	}
	return p.tokens[0]
}

func (p *filterParser[T]) next() token {
	t := p.peek()
	if !p.done() {
		p.tokens = p.tokens[1:]
	}
	return t
}

// accept takes the next token when it is this word or sign.
func (p *filterParser[T]) accept(text string) bool {
	if t := p.peek(); t.kind == tokenWord && t.text == text || t.kind == tokenSign && t.text == text {
		p.next()
		return true
	}
	return false
}

func (p *filterParser[T]) expect(text string) error {
	if !p.accept(text) {
		return syntaxError(p.peek())
	}
	return nil
}

func (p *filterParser[T]) expression(depth int) (test[T], error) {
	return expression(operatorWords{or: "or", and: "and"}, p.accept, func() (test[T], error) { return p.unary(depth) })
}

func (p *filterParser[T]) unary(depth int) (test[T], error) {
	if depth > maxDepth {
		return nil, badRequest("Invalid filter clause: The expression is nested too deeply.")
	}
	switch {
	case p.accept("not"):
		outer := p.negate
		p.negate = true
		inner, err := p.unary(depth + 1)
		p.negate = outer
		if err != nil {
			return nil, err
		}
		return func(object *T) bool { return !inner(object) }, nil
	case p.accept("("):
		inner, err := p.expression(depth + 1)
		if err != nil {
			return nil, err
		}
		return inner, p.expect(")")
	default:
		return p.predicate()
	}
}

// predicate is one test of one property.
func (p *filterParser[T]) predicate() (test[T], error) {
	name := p.next()
	if name.kind != tokenWord {
		return nil, syntaxError(name)
	}
	if p.accept("(") {
		return p.function(name.text)
	}
	subject, err := p.subject(name)
	if err != nil {
		return nil, err
	}
	switch {
	case subject.property.kind == texts:
		return p.collection(subject.property)
	case p.accept("in"):
		return p.in(subject)
	default:
		return p.comparison(subject)
	}
}

// subject is what a predicate looks at: a property, or a part of one.
type subject[T any] struct {
	property *property[T]
	read     func(*T) string // of a text
}

func (p *filterParser[T]) subject(name token) (subject[T], error) {
	if name.kind != tokenWord {
		return subject[T]{}, syntaxError(name)
	}
	i := p.over.index(name.text)
	if i < 0 {
		return subject[T]{}, badRequest("Invalid filter clause: %s", p.over.unknown(name.text).message)
	}
	p.result.reads |= 1 << i
	property := &p.over.properties[i]
	if property.kind != attributes {
		return subject[T]{property, property.read}, nil
	}
	if err := p.expect("/"); err != nil {
		return subject[T]{}, err
	}
	part := p.next()
	if part.kind != tokenWord || !slices.Contains(property.names, part.text) {
		return subject[T]{}, badRequest("Invalid filter clause: Could not find a property named '%s' on type 'microsoft.graph.%s'.", part.text, property.name)
	}
	return subject[T]{property, func(object *T) string { return property.parts(object)[part.text] }}, nil
}

// isText tells whether the subject is compared with texts.
func (s subject[T]) isText() bool { return s.property.kind == text || s.property.kind == attributes }
