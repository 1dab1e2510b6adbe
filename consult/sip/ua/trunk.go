package ua

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

const (
	// demotedAfter is how many OPTIONS in a row a peer may leave unanswered before
	// it is tried last, as Direct Routing does with ours. Calls that cannot be sent count too.
	demotedAfter = 3
	// unaskedFor is for how long a peer is tried last that is not asked by OPTIONS
	// whether it is back.
	unaskedFor = time.Minute
)

// trunk is a Trunk with what is known of its peers.
type trunk struct {
	Trunk
	peers []*peer
}

type peer struct {
	Peer
	asked    bool // by OPTIONS
	mu       sync.Mutex
	missed   int       // OPTIONS in a row that nobody answered, and calls that could not be sent
	notUntil time.Time // what a 503 asked for, or a guess
}

func newTrunk(t Trunk) *trunk {
	made := &trunk{Trunk: t}
	for _, p := range t.Peers {
		made.peers = append(made.peers, &peer{Peer: p, asked: t.Options > 0})
	}
	return made
}

// order lists the peers as they are to be tried: those that are well as
// configured, then the others, since none may really be gone.
func (t *trunk) order(now time.Time) []*peer {
	well := slices.Collect(func(yield func(*peer) bool) {
		for _, p := range t.peers {
			if p.well(now) && !yield(p) {
				return
			}
		}
	})
	for _, p := range t.peers {
		if !slices.Contains(well, p) {
			well = append(well, p)
		}
	}
	return well
}

func (p *peer) well(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.missed < demotedAfter && !now.Before(p.notUntil)
}

func (p *peer) heard(answered bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if answered {
		p.missed = 0
		return
	}
	p.missed++
	if p.missed == demotedAfter && !p.asked {
		p.missed, p.notUntil = 0, time.Now().Add(unaskedFor)
	}
}

// called notes whether a call reached the peer. Where it is asked by OPTIONS, their
// answers tell when it is back.
func (p *peer) called(reached bool) {
	if !reached || !p.asked {
		p.heard(reached)
	}
}

func (p *peer) busyFor(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.notUntil = time.Now().Add(d)
}

// PeerStatus is how a peer of a trunk is.
type PeerStatus struct {
	Trunk, Peer string
	Well        bool // it answers OPTIONS and has not asked us to stay away
}

// Peers lists every peer of every trunk, for health.
func (e *Endpoint) Peers() []PeerStatus {
	var all []PeerStatus
	for _, t := range e.config.Trunks {
		for _, p := range e.trunks[t.Name].peers {
			all = append(all, PeerStatus{Trunk: t.Name, Peer: p.String(), Well: p.well(time.Now())})
		}
	}
	return all
}

// keepAsking sends OPTIONS to a peer until ctx is done.
func (e *Endpoint) keepAsking(ctx context.Context, t *trunk, p *peer) {
	tick := time.NewTicker(t.Options)
	defer tick.Stop()
	for {
		e.ask(ctx, t, p)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// ask sends one OPTIONS; any answer at all shows that the peer is there.
func (e *Endpoint) ask(ctx context.Context, t *trunk, p *peer) {
	req := sip.NewRequest(sip.OPTIONS, p.uri(""))
	from := &sip.FromHeader{Address: sip.Uri{Scheme: "sip", Host: e.config.Host}}
	from.Params.Add("tag", sip.GenerateTagN(16))
	req.AppendHeader(from)
	req.AppendHeader(&sip.ToHeader{Address: p.uri("")})
	req.AppendHeader(e.contact(p.Transport))
	e.address(req, p)
	bounded, cancel := context.WithTimeout(ctx, t.Options) // an answer after the next question is none
	defer cancel()
	res, err := e.do(bounded, req)
	if ctx.Err() != nil {
		return
	}
	answered := err == nil && res.StatusCode != sip.StatusRequestTimeout && res.StatusCode != sip.StatusServiceUnavailable
	before := p.well(time.Now())
	p.heard(answered)
	if now := p.well(time.Now()); now != before {
		e.log.WarnContext(ctx, "sip: a peer changed", "trunk", t.Name, "peer", p.String(), "well", now, "error", err)
	}
	e.metrics.peerUp.WithLabelValues(t.Name, p.String()).Set(gauge(answered))
}

// uri addresses somebody at the peer; without a user the peer itself.
func (p *peer) uri(user string) sip.Uri {
	uri := sip.Uri{Scheme: "sip", User: user, Host: p.Host, Port: p.Port}
	if p.Transport != UDP {
		uri.UriParams.Add("transport", string(p.Transport))
	}
	return uri
}

// address sends a request to the peer whatever its URI says, over UDP from the
// socket on which we listen.
func (e *Endpoint) address(req *sip.Request, p *peer) {
	req.SetTransport(strings.ToUpper(string(p.Transport)))
	req.SetDestination(hostPort(p.Host, p.port()))
	e.from(req, p.Transport)
}

// retryAfter reads RFC 3261's Retry-After, whose comment and parameters do not matter here.
func retryAfter(res *sip.Response) time.Duration {
	h := res.GetHeader("Retry-After")
	if h == nil {
		return 0
	}
	digits := h.Value()
	if i := strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
		digits = digits[:i]
	}
	seconds, err := strconv.ParseUint(digits, 10, 64)
	if err != nil {
		return 0
	}
	const most = time.Hour // nobody is left alone longer
	if seconds > uint64(most/time.Second) {
		return most
	}
	return time.Duration(seconds) * time.Second
}
