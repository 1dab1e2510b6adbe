package tonetest

import (
	"errors"
	"net"
	"slices"

	"github.com/pion/rtcp"
)

// Report sends a receiver report on the audio of the other side, whose SSRC is
// filled in.
func (p *Phone) Report(block rtcp.ReceptionReport) {
	p.t.Helper()
	p.hearing.mu.Lock()
	block.SSRC = p.hearing.last.SSRC
	p.hearing.mu.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	packet, err := rtcp.Marshal([]rtcp.Packet{&rtcp.ReceiverReport{SSRC: p.header.SSRC, Reports: []rtcp.ReceptionReport{block}}})
	if err == nil && p.out != nil {
		packet, err = p.out.EncryptRTCP(nil, packet, nil)
	}
	socket := p.rtcp
	if p.agreed.Mux {
		socket = p.rtp
	}
	if err == nil {
		_, err = socket.WriteToUDPAddrPort(packet, p.agreed.RemoteRTCP)
	}
	if err != nil {
		p.t.Error(err)
	}
}

// listenControl takes what comes to the RTCP port.
func (p *Phone) listenControl() {
	buffer := make([]byte, 2000)
	for {
		n, err := p.rtcp.Read(buffer)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		p.mu.Lock()
		if p.agreed.Mux {
			p.hearing.note("RTCP on its own port")
		} else {
			p.control(slices.Clone(buffer[:n]))
		}
		p.mu.Unlock()
	}
}

// control takes an RTCP packet; the lock is held.
func (p *Phone) control(packet []byte) {
	if p.in != nil {
		var err error
		if packet, err = p.in.DecryptRTCP(nil, packet, nil); err != nil {
			p.hearing.note("RTCP not decrypted: " + err.Error())
			return
		}
	}
	packets, err := rtcp.Unmarshal(packet)
	if err != nil {
		p.hearing.note("RTCP unreadable: " + err.Error())
		return
	}
	if _, ok := packets[len(packets)-1].(*rtcp.Goodbye); ok {
		h := &p.hearing
		h.mu.Lock()
		h.goodbye = packets
		h.tell()
		h.mu.Unlock()
	}
}

func (h *hearing) note(fault string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.fault("%s", fault)
}

// Goodbye waits for the compound packet with which the other side ends.
func (p *Phone) Goodbye() (said []rtcp.Packet) {
	p.t.Helper()
	p.wait("a goodbye", func(h *hearing) bool {
		said = h.goodbye
		return said != nil
	})
	return said
}
