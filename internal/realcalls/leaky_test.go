package realcalls

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
)

// leakyNet is a net on the way of the audio, at an address of its own: who sends
// to a port there reaches the service's port of the same number, and hears from
// there what the service sends. One packet in twenty is lost, either way.
type leakyNet struct {
	first, last int // ports
	lost        atomic.Int64
}

// newLeakyNet begins one; it ends with the test.
func newLeakyNet(t *testing.T) *leakyNet {
	t.Helper()
	const ports, tries = 16, 100 // for eight legs
	for range tries {
		// Below those that package porttest gives. Ports of these that somebody has are the
		// service's to leave out.
		n := &leakyNet{first: 10_000 + ports*rand.IntN(600)}
		n.last = n.first + ports - 1
		if n.open(t) {
			return n
		}
	}
	t.Fatal("no row of ports is free")
	return nil
}

// media is the section of a configuration that leads audio through the net.
func (n *leakyNet) media() string {
	return fmt.Sprintf("{address: 127.0.0.1, advertised: 127.0.0.2, min_port: %d, max_port: %d}", n.first, n.last)
}

// open takes the ports; false says that somebody has one of them.
func (n *leakyNet) open(t *testing.T) bool {
	t.Helper()
	var outside []*net.UDPConn
	for port := n.first; port <= n.last; port++ {
		conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 2), Port: port})
		if err != nil {
			for _, taken := range outside {
				_ = taken.Close()
			}
			return false
		}
		outside = append(outside, conn)
	}
	for i, conn := range outside {
		n.carry(t, conn, n.first+i)
	}
	return true
}

// carry passes what comes at a port on to the service's, and back.
func (n *leakyNet) carry(t *testing.T, outside *net.UDPConn, port int) {
	t.Helper()
	inside, err := net.DialUDP("udp4", nil, &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
	if err != nil {
		t.Fatal(err)
	}
	var who atomic.Pointer[netip.AddrPort] // sent to the port last
	var carriers sync.WaitGroup
	carriers.Go(func() {
		n.each(outside, func(packet []byte, from netip.AddrPort) {
			who.Store(&from)
			_, _ = inside.Write(packet) // nobody may be there yet
		})
	})
	carriers.Go(func() {
		n.each(inside, func(packet []byte, _ netip.AddrPort) {
			if to := who.Load(); to != nil {
				_, _ = outside.WriteToUDPAddrPort(packet, *to)
			}
		})
	})
	t.Cleanup(func() {
		_, _ = outside.Close(), inside.Close()
		carriers.Wait()
	})
}

// each reads packets until the socket is closed; every twentieth is lost.
func (n *leakyNet) each(from *net.UDPConn, pass func(packet []byte, from netip.AddrPort)) {
	buffer := make([]byte, 2000)
	for count := 1; ; count++ {
		size, source, err := from.ReadFromUDPAddrPort(buffer)
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil: // the service has closed its port
		case count%20 == 0:
			n.lost.Add(1)
		default:
			pass(buffer[:size], source)
		}
	}
}
