package consult

import "context"

// Line is what a switch has to know to end a leg that an earlier process left behind.
type Line struct {
	Leg         LegID
	Interaction InteractionID
	Memo        []byte // the switch's own words
}

// Lines keeps the lines of legs that ring or are connected. A switch that makes its
// connections itself keeps each before anybody is rung, and again before anybody
// hears that it is up.
type Lines interface {
	// KeepLine stores lines, durably, all of them or none; one that is there is replaced.
	KeepLine(ctx context.Context, lines ...Line) error
	// DropLine forgets a line; one that is not there is no error.
	DropLine(ctx context.Context, leg LegID) error
	// AllLines lists what is kept, for the process that starts.
	AllLines(ctx context.Context) ([]Line, error)
}
