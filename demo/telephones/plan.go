package telephones

import (
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"sync"
)

// Plan is the number plan: which names stand for numbers, and which telephones
// are built in.
type Plan struct {
	names   map[string]string // number by name
	mu      *sync.Mutex
	builtin map[netip.AddrPort]bool
}

func newPlan(names map[string]string) Plan {
	return Plan{names: names, mu: &sync.Mutex{}, builtin: map[netip.AddrPort]bool{}}
}

var aNumber = regexp.MustCompile(`^\+?[0-9*#]{2,20}$`)

// number is what a dialled user means.
func (p Plan) number(user string) string {
	if n, ok := p.names[user]; ok {
		return n
	}
	return user
}

// named reports whether a number is that of somebody with a name: an agent or the customer.
func (p Plan) named(number string) bool {
	return slices.Contains(slices.Collect(maps.Values(p.names)), number)
}

// registers says which number somebody plays, who is a name or a number.
func (p Plan) registers(user string) (number string, ok bool) {
	number = p.number(user)
	return number, aNumber.MatchString(number)
}

func (p Plan) builtIn(at netip.AddrPort) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.builtin[at]
}

func (p Plan) plug(at netip.AddrPort, in bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if in {
		p.builtin[at] = true
	} else {
		delete(p.builtin, at)
	}
}
