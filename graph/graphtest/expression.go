package graphtest

// test is what a condition says of one object.
type test[T any] func(*T) bool

// condition is a parsed $filter or $search.
type condition[T any] struct {
	test     test[T]
	advanced bool      // needs ConsistencyLevel: eventual and $count=true
	reads    selection // the properties it looks at
}

// maxDepth keeps the recursion of the parsers bounded.
const maxDepth = 50

// operatorWords are how a grammar spells its operators.
type operatorWords struct{ or, and string }

// expression parses operands joined by or and and, of which and binds tighter:
// the shape that $filter and $search share. accept takes the next word if it
// is the one named; operand parses what stands between.
func expression[T any](words operatorWords, accept func(word string) bool, operand func() (test[T], error)) (test[T], error) {
	conjunction := func() (test[T], error) {
		return chain(operand, func() bool { return accept(words.and) }, func(a, b test[T]) test[T] {
			return func(object *T) bool { return a(object) && b(object) }
		})
	}
	return chain(conjunction, func() bool { return accept(words.or) }, func(a, b test[T]) test[T] {
		return func(object *T) bool { return a(object) || b(object) }
	})
}

// chain parses one operand and, as long as there are more, joins the next.
func chain[T any](operand func() (test[T], error), more func() bool, join func(a, b test[T]) test[T]) (test[T], error) {
	left, err := operand()
	for err == nil && more() {
		var right test[T]
		if right, err = operand(); err == nil {
			left = join(left, right)
		}
	}
	return left, err
}
