package tonetest

import (
	"encoding/binary"
	"strings"
)

// pressed is a key that is being sent, packet by packet.
type pressed struct {
	code   byte
	packet int
}

// A press lasts five packets, the last three of which say that it is over.
const (
	keyPackets = 5
	keyEnds    = 3
)

// Press presses keys one after the other, 60 ms each, instead of the tone.
func (p *Phone) Press(keys string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, key := range keys {
		p.pressing = append(p.pressing, pressed{code: byte(strings.IndexRune("0123456789*#ABCD", key))})
	}
}

// nextKey is the next packet of a press; the lock is held.
func (p *Phone) nextKey() ([]byte, bool) {
	if len(p.pressing) == 0 {
		return nil, false
	}
	now := &p.pressing[0]
	now.packet++
	p.header.PayloadType = p.agreed.DTMFSend
	p.header.Marker = now.packet == 1
	payload := []byte{now.code, 10, 0, 0}
	binary.BigEndian.PutUint16(payload[2:], uint16(min(now.packet, keyPackets-keyEnds+1))*frameSamples)
	if now.packet > keyPackets-keyEnds {
		payload[1] |= 0x80
	}
	if now.packet == 1 {
		p.header.Timestamp += frameSamples
	}
	if now.packet == keyPackets {
		p.pressing = p.pressing[1:]
	}
	return payload, true
}
