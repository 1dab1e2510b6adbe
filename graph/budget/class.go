package budget

import "context"

// Class says how urgent a request is; a higher one goes first.
type Class int

// The classes. A request that says nothing is in the background.
const (
	Background   Class = iota // the directory's mirror, checks by themselves
	Poll                      // presence of those whom somebody looks at
	Confirmation              // an expert read anew before the call
	Click                     // an agent waits for the answer
)

const classes = int(Click) + 1

func (c Class) String() string {
	return [...]string{"background", "poll", "confirmation", "click"}[c]
}

// Priority is the value of Graph's request header x-ms-throttle-priority, by
// which Graph sheds the low ones first when it has to throttle.
func (c Class) Priority() string {
	return [...]string{"low", "normal", "high", "high"}[c]
}

// reserve is the share of what an account can save up that a class leaves
// untouched for the ones above it.
func (c Class) reserve() float64 {
	return [...]float64{0.5, 0.25, 0.1, 0}[c]
}

type classKey struct{}

// With marks what is asked with the returned context.
func With(ctx context.Context, c Class) context.Context {
	return context.WithValue(ctx, classKey{}, min(max(c, Background), Click))
}

// Otherwise marks like With what is not marked already: an operation's own class,
// where its caller has not said.
func Otherwise(ctx context.Context, c Class) context.Context {
	if _, marked := ctx.Value(classKey{}).(Class); marked {
		return ctx
	}
	return With(ctx, c)
}

// ClassOf tells how a context was marked.
func ClassOf(ctx context.Context) Class {
	c, _ := ctx.Value(classKey{}).(Class)
	return c
}
