package media

import (
	"errors"
	"net/netip"
	"sync"
	"syscall"
)

// ErrNoPorts says that every pair of the range is taken.
var ErrNoPorts = errors.New("media: no free pair of ports")

// attempts is how often the system is asked for a port whose neighbour is free.
const attempts = 64

// ports hands out pairs of sockets. A pair that was given back is taken again
// last, since packets of the former call may still arrive there.
type ports struct {
	config Config

	mu    sync.Mutex
	taken []bool // by pair; nil where the system chooses
	next  int
}

func newPorts(c Config) *ports {
	p := &ports{config: c}
	if c.MinPort != 0 {
		p.taken = make([]bool, c.pairs())
	}
	return p
}

// take opens a pair. What it returns third gives the pair back, once the
// sockets are closed.
func (p *ports) take() (rtp, rtcp *socket, release func(), err error) {
	if p.taken == nil {
		for range attempts {
			if rtp, rtcp, err = p.listen(0); err == nil {
				return rtp, rtcp, func() {}, nil
			}
		}
		return nil, nil, nil, errors.Join(ErrNoPorts, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for range p.taken {
		pair := p.next
		p.next = (p.next + 1) % len(p.taken)
		if p.taken[pair] {
			continue
		}
		rtp, rtcp, err = p.listen(uint16(p.config.firstPort() + 2*pair))
		switch {
		case err == nil:
			p.taken[pair] = true
			return rtp, rtcp, func() { p.free(pair) }, nil
		case !errors.Is(err, syscall.EADDRINUSE):
			return nil, nil, nil, err
		} // else another program has it: go on
	}
	return nil, nil, nil, ErrNoPorts
}

func (p *ports) free(pair int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken[pair] = false
}

// listen opens a port and the next. Port 0 takes an even one of the system's.
func (p *ports) listen(port uint16) (rtp, rtcp *socket, err error) {
	if rtp, err = p.bind(port); err != nil {
		return nil, nil, err
	}
	if rtp.local.Port()%2 != 0 {
		return nil, nil, errors.Join(syscall.EADDRINUSE, rtp.close())
	}
	if rtcp, err = p.bind(rtp.local.Port() + 1); err != nil {
		return nil, nil, errors.Join(err, rtp.close())
	}
	return rtp, rtcp, nil
}

func (p *ports) bind(port uint16) (*socket, error) {
	ip := p.config.IP
	if !ip.IsValid() {
		ip = netip.IPv4Unspecified()
	}
	return openSocket(netip.AddrPortFrom(ip, port))
}
