//go:build linux && (amd64 || arm64)

package media

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// The sockets of package net wake a goroutine for each packet, which costs as
// much as the packet itself: 100 calls are 10,000 of them a second. Here one
// goroutine of each shard asks the system which sockets have something, takes
// it, and then lets some milliseconds go by in which more arrives. System calls
// that do not wait are made without telling Go's scheduler of them, which would
// wake its monitor after each pause. Figures are in
// docs/adr/0030-media-sockets-are-polled-together.md and 0036-media-wakes-seldom.md.

// pace is how long packets gather before they are taken: the most that it adds
// to a call's delay.
const pace = 4 * time.Millisecond

// emptyRounds in a row show that nobody sends; then the system is asked to say
// when somebody does.
const emptyRounds = int(2 * frame / pace)

// socket is an UDP socket that the runtime does not watch.
type socket struct {
	fd    int
	local netip.AddrPort

	mu     sync.Mutex // held while a packet of it is handled
	closed bool
	handle handler
	round  uint64 // of the poller, in which it was ready last
}

// handler takes a packet, which it must not keep.
type handler func(packet []byte, from netip.AddrPort, now time.Time)

func openSocket(local netip.AddrPort) (*socket, error) {
	family, address := syscall.AF_INET6, syscall.Sockaddr(&syscall.SockaddrInet6{Port: int(local.Port()), Addr: local.Addr().As16()})
	if local.Addr().Is4() {
		family, address = syscall.AF_INET, &syscall.SockaddrInet4{Port: int(local.Port()), Addr: local.Addr().As4()}
	}
	fd, err := syscall.Socket(family, syscall.SOCK_DGRAM|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	if err := expedite(fd, family); err != nil {
		return nil, errors.Join(os.NewSyscallError("setsockopt", err), syscall.Close(fd))
	}
	if err := syscall.Bind(fd, address); err != nil {
		return nil, errors.Join(os.NewSyscallError("bind", err), syscall.Close(fd))
	}
	bound, err := syscall.Getsockname(fd)
	if err != nil {
		return nil, errors.Join(os.NewSyscallError("getsockname", err), syscall.Close(fd))
	}
	s := &socket{fd: fd, local: local}
	switch b := bound.(type) {
	case *syscall.SockaddrInet4:
		s.local = netip.AddrPortFrom(local.Addr(), uint16(b.Port))
	case *syscall.SockaddrInet6:
		s.local = netip.AddrPortFrom(local.Addr(), uint16(b.Port))
	}
	return s, nil
}

// expedite marks packets as audio that should not wait (RFC 3246), as telephones
// and Microsoft's clients do.
func expedite(fd, family int) error {
	const expedited = 46 << 2
	if family == syscall.AF_INET6 {
		return syscall.SetsockoptInt(fd, syscall.IPPROTO_IPV6, syscall.IPV6_TCLASS, expedited)
	}
	return syscall.SetsockoptInt(fd, syscall.IPPROTO_IP, syscall.IP_TOS, expedited)
}

// close gives the port back. No packet is handled any more when it returns. The
// owner sends nothing after it.
func (s *socket) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	return os.NewSyscallError("close", syscall.Close(s.fd)) // which takes it out of the poller, too
}

// receive takes a packet; its error is EAGAIN where there is none.
func (s *socket) receive(buffer []byte) (int, netip.AddrPort, error) {
	var from syscall.RawSockaddrInet6 // the larger of the two
	size := uint32(unsafe.Sizeof(from))
	n, _, errno := syscall.RawSyscall6(syscall.SYS_RECVFROM, uintptr(s.fd),
		uintptr(unsafe.Pointer(&buffer[0])), uintptr(len(buffer)), 0,
		uintptr(unsafe.Pointer(&from)), uintptr(unsafe.Pointer(&size)))
	if errno != 0 {
		return 0, netip.AddrPort{}, errno
	}
	if from.Family == syscall.AF_INET {
		from4 := (*syscall.RawSockaddrInet4)(unsafe.Pointer(&from))
		return int(n), netip.AddrPortFrom(netip.AddrFrom4(from4.Addr), swap(from4.Port)), nil
	}
	return int(n), netip.AddrPortFrom(netip.AddrFrom16(from.Addr).Unmap(), swap(from.Port)), nil
}

// send sends a packet. It does not wait: what does not fit is lost, as in any net.
func (s *socket) send(packet []byte, to netip.AddrPort) error {
	var errno syscall.Errno
	if s.local.Addr().Is4() {
		if !to.Addr().Is4() {
			return syscall.EAFNOSUPPORT
		}
		address := syscall.RawSockaddrInet4{Family: syscall.AF_INET, Port: swap(to.Port()), Addr: to.Addr().As4()}
		_, _, errno = syscall.RawSyscall6(syscall.SYS_SENDTO, uintptr(s.fd),
			uintptr(unsafe.Pointer(&packet[0])), uintptr(len(packet)), 0,
			uintptr(unsafe.Pointer(&address)), unsafe.Sizeof(address))
	} else {
		address := syscall.RawSockaddrInet6{Family: syscall.AF_INET6, Port: swap(to.Port()), Addr: to.Addr().As16()}
		_, _, errno = syscall.RawSyscall6(syscall.SYS_SENDTO, uintptr(s.fd),
			uintptr(unsafe.Pointer(&packet[0])), uintptr(len(packet)), 0,
			uintptr(unsafe.Pointer(&address)), unsafe.Sizeof(address))
	}
	if errno != 0 {
		return errno
	}
	return nil
}

// swap turns a port between the net's order and ours; both processors that this
// file is for are little-endian.
func swap(port uint16) uint16 { return port<<8 | port>>8 }

// poller handles the packets of many sockets in one goroutine.
type poller struct {
	epoll int
	wake  [2]int // a pipe, written to once: to end

	mu      sync.RWMutex
	sockets map[int32]*socket
}

func newPoller() (*poller, error) {
	epoll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	p := &poller{epoll: epoll, sockets: make(map[int32]*socket)}
	if err := syscall.Pipe2(p.wake[:], syscall.O_CLOEXEC|syscall.O_NONBLOCK); err != nil {
		return nil, errors.Join(os.NewSyscallError("pipe2", err), syscall.Close(epoll))
	}
	return p, p.watch(p.wake[0])
}

func (p *poller) watch(fd int) error {
	event := syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)}
	return os.NewSyscallError("epoll_ctl", syscall.EpollCtl(p.epoll, syscall.EPOLL_CTL_ADD, fd, &event))
}

// add begins to handle a socket's packets.
func (p *poller) add(s *socket, handle handler) error {
	s.handle = handle
	p.mu.Lock()
	p.sockets[int32(s.fd)] = s
	p.mu.Unlock()
	return p.watch(s.fd)
}

// remove forgets a socket that was closed.
func (p *poller) remove(s *socket) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.sockets[int32(s.fd)] == s { // another may have its number already
		delete(p.sockets, int32(s.fd))
	}
}

// run handles packets until stop.
func (p *poller) run() error {
	events := make([]syscall.EpollEvent, 512)
	buffer := make([]byte, maxPacket+1)
	empty := 0
	for round := uint64(1); ; round++ {
		n, err := p.ready(events, empty >= emptyRounds)
		if err != nil {
			return fmt.Errorf("media: %w", err)
		}
		if empty++; n > 0 {
			empty = 0
		}
		now := time.Now()
		for i := range n {
			if events[i].Fd == int32(p.wake[0]) {
				return p.closeAll()
			}
			p.mu.RLock()
			s := p.sockets[events[i].Fd]
			p.mu.RUnlock()
			if s != nil {
				s.take(buffer, round, now)
			}
		}
		if n < len(events) {
			time.Sleep(pace)
		}
	}
}

// ready lists the sockets that have something, or waits until one has.
func (p *poller) ready(events []syscall.EpollEvent, wait bool) (int, error) {
	if wait {
		n, err := syscall.EpollWait(p.epoll, events, -1)
		if errors.Is(err, syscall.EINTR) {
			return 0, nil
		}
		return n, os.NewSyscallError("epoll_wait", err)
	}
	n, _, errno := syscall.RawSyscall6(syscall.SYS_EPOLL_PWAIT, uintptr(p.epoll),
		uintptr(unsafe.Pointer(&events[0])), uintptr(len(events)), 0, 0, 0)
	if errno != 0 {
		return 0, os.NewSyscallError("epoll_pwait", errno)
	}
	return int(n), nil
}

// drain is how many packets are taken at once of a socket that was ready in the
// round before already: somebody sends more than a call does.
const drain = 64

// take handles a packet of a socket that is ready.
func (s *socket) take(buffer []byte, round uint64, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	most := 1
	if s.round == round-1 {
		most = drain
	}
	s.round = round
	for range most {
		if s.closed {
			return
		}
		n, from, err := s.receive(buffer)
		if err != nil {
			return // nothing there, or an ICMP error of an earlier packet
		}
		s.handle(buffer[:n], from, now)
	}
}

// stop ends run.
func (p *poller) stop() error {
	_, err := syscall.Write(p.wake[1], []byte{0})
	return os.NewSyscallError("write", err)
}

func (p *poller) closeAll() error {
	return errors.Join(syscall.Close(p.epoll), syscall.Close(p.wake[0]), syscall.Close(p.wake[1]))
}
