package graphtest

// condition is a parsed $filter.
type condition struct {
	test     func(*User) bool
	advanced bool      // needs ConsistencyLevel: eventual and $count=true
	reads    selection // the properties it looks at
}

// Limits of one $filter, Graph's own for the list of values; the depth keeps
// the parser's recursion bounded.
const (
	maxValues = 15
	maxDepth  = 50
)

// parseFilter reads a $filter over users.
func parseFilter(s string) (condition, error) {
	tokens, err := scan(s)
	if err != nil {
		return condition{}, err
	}
	p := &filterParser{tokens: tokens}
	test, err := p.or(0)
	if err != nil {
		return condition{}, err
	}
	if !p.done() {
		return condition{}, syntaxError(p.peek())
	}
	p.result.test = test
	return p.result, nil
}

func syntaxError(near token) error {
	return badRequest("Invalid filter clause: Syntax error near '%s'.", near.text)
}

// filterParser is a recursive descent over the tokens of one $filter.
type filterParser struct {
	tokens []token
	result condition
	negate bool // inside not: the properties must allow it
}

func (p *filterParser) done() bool { return len(p.tokens) == 0 }

func (p *filterParser) peek() token {
	if p.done() {
		return token{kind: tokenEnd, text: "end of expression"}
	}
	return p.tokens[0]
}

func (p *filterParser) next() token {
	t := p.peek()
	if !p.done() {
		p.tokens = p.tokens[1:]
	}
	return t
}

// accept takes the next token when it is this word or sign.
func (p *filterParser) accept(text string) bool {
	if t := p.peek(); t.kind == tokenWord && t.text == text || t.kind == tokenSign && t.text == text {
		p.next()
		return true
	}
	return false
}

func (p *filterParser) expect(text string) error {
	if !p.accept(text) {
		return syntaxError(p.peek())
	}
	return nil
}

func (p *filterParser) or(depth int) (func(*User) bool, error) {
	left, err := p.and(depth)
	if err != nil {
		return nil, err
	}
	for p.accept("or") {
		right, err := p.and(depth)
		if err != nil {
			return nil, err
		}
		first := left
		left = func(u *User) bool { return first(u) || right(u) }
	}
	return left, nil
}

func (p *filterParser) and(depth int) (func(*User) bool, error) {
	left, err := p.unary(depth)
	if err != nil {
		return nil, err
	}
	for p.accept("and") {
		right, err := p.unary(depth)
		if err != nil {
			return nil, err
		}
		first := left
		left = func(u *User) bool { return first(u) && right(u) }
	}
	return left, nil
}

func (p *filterParser) unary(depth int) (func(*User) bool, error) {
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
		return func(u *User) bool { return !inner(u) }, nil
	case p.accept("("):
		inner, err := p.or(depth + 1)
		if err != nil {
			return nil, err
		}
		return inner, p.expect(")")
	default:
		return p.predicate()
	}
}

// predicate is one test of one property.
func (p *filterParser) predicate() (func(*User) bool, error) {
	name := p.next()
	if name.kind != tokenWord {
		return nil, syntaxError(name)
	}
	if p.accept("(") {
		return p.function(name.text)
	}
	i, err := p.property(name.text)
	if err != nil {
		return nil, err
	}
	if properties[i].kind == phones {
		return p.phones(i)
	}
	if p.accept("in") {
		return p.in(i)
	}
	return p.comparison(i)
}

func (p *filterParser) property(name string) (int, error) {
	i := propertyIndex(name)
	if i < 0 {
		return 0, badRequest("Invalid filter clause: Could not find a property named '%s' on type 'microsoft.graph.user'.", name)
	}
	p.result.reads |= 1 << i
	return i, nil
}
