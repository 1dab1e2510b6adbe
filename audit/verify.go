package audit

import "fmt"

// Break is where a chain is not what was written.
type Break struct {
	Tenant   string
	Sequence uint64 // of the line at fault, or of the first that is missing
	Last     uint64 // of the last line that is missing; Sequence for one
	Why      string // from a closed set, the Broken… words
}

// What a Break can say.
const (
	BrokenAltered = "altered"    // the line's content does not give its hash
	BrokenPerson  = "person"     // a person's fields do not give their digest
	BrokenLink    = "link"       // the line does not follow the one before it
	BrokenMissing = "missing"    // lines are missing in the middle or at the beginning
	BrokenCut     = "cut"        // lines are missing at the end that an anchor knows of
	BrokenAnchor  = "anchor"     // the anchor's line has another hash: the chain was written anew
	BrokenOrder   = "order"      // the line comes twice or too late
	BrokenText    = "not-a-line" // it cannot be read at all
)

func (b *Break) Error() string {
	if b.Last > b.Sequence {
		return fmt.Sprintf("audit: chain of %q: lines %d to %d: %s", b.Tenant, b.Sequence, b.Last, b.Why)
	}
	return fmt.Sprintf("audit: chain of %q: line %d: %s", b.Tenant, b.Sequence, b.Why)
}

// Anchor is what somebody wrote down of a chain earlier and elsewhere: a line
// and its hash. Whoever can write to the store can write a whole chain anew; an
// anchor is what they cannot change.
type Anchor struct {
	Tenant   string
	Sequence uint64
	Hash     string
}

// Report is what a verification found in one chain.
type Report struct {
	Tenant string
	Lines  int
	Erased int     // lines of which persons were erased, which is no break
	Breaks []Break // in order; empty for a chain that is whole
	Head   Anchor  // the last line: worth writing down
}

// Check verifies one chain, line by line in order.
type Check struct {
	report  Report
	anchors map[uint64]Anchor
	next    uint64 // expected; 0: wherever the lines begin
	hash    string // of the line before
	linked  bool   // whether hash is known
}

// NewCheck begins with a chain as the store knows it. The zero Chain, but for
// the tenant, takes lines from wherever they begin, as an exported file does.
func NewCheck(c Chain, anchors ...Anchor) *Check {
	check := &Check{report: Report{Tenant: c.Tenant}, anchors: make(map[uint64]Anchor)}
	for _, a := range anchors {
		if a.Tenant == c.Tenant {
			check.anchors[a.Sequence] = a
		}
	}
	if c.First > 0 {
		check.next, check.hash, check.linked = c.First, c.Before, true
		if a := (Anchor{c.Tenant, c.Sequence, c.Hash}); a.Sequence >= c.First {
			if _, given := check.anchors[a.Sequence]; !given {
				check.anchors[a.Sequence] = a
			}
		}
	}
	return check
}

// Line verifies the next line.
func (c *Check) Line(l Line) {
	r := &c.report
	r.Lines++
	if l.Erased() {
		r.Erased++
	}
	if c.next == 0 {
		c.next, c.linked = l.Sequence, l.Sequence == 1 // the first line follows nothing
	}
	switch {
	case l.Sequence < c.next:
		c.broken(l.Sequence, l.Sequence, BrokenOrder)
		return
	case l.Sequence > c.next:
		c.broken(c.next, l.Sequence-1, BrokenMissing)
	case c.linked && l.Previous != c.hash:
		c.broken(l.Sequence, l.Sequence, BrokenLink)
	}
	switch {
	case l.Hash != l.digest():
		c.broken(l.Sequence, l.Sequence, BrokenAltered)
	case l.Actor != nil && l.Actor.digest() != l.ActorDigest, l.Target != nil && l.Target.digest() != l.TargetDigest:
		c.broken(l.Sequence, l.Sequence, BrokenPerson)
	}
	if a, ok := c.anchors[l.Sequence]; ok {
		delete(c.anchors, l.Sequence)
		if a.Hash != l.Hash {
			c.broken(l.Sequence, l.Sequence, BrokenAnchor)
		}
	}
	c.next, c.hash, c.linked = l.Sequence+1, l.Hash, true
	r.Head = Anchor{l.Tenant, l.Sequence, l.Hash}
}

// Unreadable counts a line that is none.
func (c *Check) Unreadable() {
	c.report.Lines++
	c.broken(max(c.next, 1), max(c.next, 1), BrokenText)
}

// Report ends the verification. Anchors beyond the last line mean that the end
// was cut off; those before the first are out of reach.
func (c *Check) Report() Report {
	var last uint64
	for sequence := range c.anchors {
		last = max(last, sequence)
	}
	if last >= max(c.next, 1) {
		c.broken(max(c.next, 1), last, BrokenCut)
	}
	return c.report
}

func (c *Check) broken(first, last uint64, why string) {
	c.report.Breaks = append(c.report.Breaks, Break{c.report.Tenant, first, last, why})
}
