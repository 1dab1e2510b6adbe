//go:build !linux || !(amd64 || arm64)

package media

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"
)

// socket is an UDP socket with a goroutine that reads it. The service runs on
// Linux, see socket_linux.go; this is for those who develop elsewhere.
type socket struct {
	conn   *net.UDPConn
	local  netip.AddrPort
	reader sync.WaitGroup
}

// handler takes a packet, which it must not keep.
type handler func(packet []byte, from netip.AddrPort, now time.Time)

func openSocket(local netip.AddrPort) (*socket, error) {
	network := "udp4"
	if local.Addr().Is6() {
		network = "udp6"
	}
	conn, err := net.ListenUDP(network, net.UDPAddrFromAddrPort(local))
	if err != nil {
		return nil, err
	}
	port := conn.LocalAddr().(*net.UDPAddr).AddrPort().Port()
	return &socket{conn: conn, local: netip.AddrPortFrom(local.Addr(), port)}, nil
}

// close gives the port back. No packet is handled any more when it returns.
func (s *socket) close() error {
	err := s.conn.Close()
	s.reader.Wait()
	return err
}

func (s *socket) send(packet []byte, to netip.AddrPort) error {
	_, err := s.conn.WriteToUDPAddrPort(packet, to)
	return err
}

// poller starts the goroutines.
type poller struct{ ended chan struct{} }

func newPoller() (*poller, error) { return &poller{ended: make(chan struct{})}, nil }

func (p *poller) run() error {
	<-p.ended
	return nil
}

func (p *poller) stop() error {
	close(p.ended)
	return nil
}

func (p *poller) add(s *socket, handle handler) error {
	s.reader.Go(func() {
		buffer := make([]byte, maxPacket+1)
		for {
			n, from, err := s.conn.ReadFromUDPAddrPort(buffer)
			if err != nil {
				if errors.Is(err, net.ErrClosed) {
					return
				}
				continue // an ICMP error of an earlier packet
			}
			handle(buffer[:n], netip.AddrPortFrom(from.Addr().Unmap(), from.Port()), time.Now())
		}
	})
	return nil
}

func (p *poller) remove(*socket) {}
