package media

import (
	"testing"

	"teamsbridge/consult/sip/sdp"
)

func TestAKeyStreamIsNeverUsedTwice(t *testing.T) {
	first, second := sdp.Keying{Key: sdp.NewKey()}, sdp.Keying{Key: sdp.NewKey()}
	used := make(seals)
	agree := func(before *link, send, receive sdp.Keying) *link {
		t.Helper()
		l, err := newLink(sdp.Negotiated{Codec: sdp.PCMA, SendKeying: send, ReceiveKeying: receive}, before, used)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	a := agree(nil, first, second)
	same := agree(a, first, second)
	if same.sealRTP != a.sealRTP || same.sealRTCP != a.sealRTCP || same.openRTP != a.openRTP || same.openRTCP != a.openRTCP {
		t.Error("the same keys began anew")
	}
	other := agree(same, second, first)
	if other.sealRTP == a.sealRTP || other.openRTP == a.openRTP {
		t.Error("other keys went on as the ones before")
	}
	plain := agree(other, sdp.Keying{}, sdp.Keying{})
	if plain.sealRTP != nil || plain.openRTP != nil {
		t.Error("without keys something is encrypted")
	}
	if back := agree(plain, first, second); back.sealRTP != a.sealRTP || back.sealRTCP != a.sealRTCP {
		t.Error("a key that came back began anew")
	}
}

func TestUnknownCodecsAreRefused(t *testing.T) {
	if _, err := newLink(sdp.Negotiated{Codec: "G722"}, nil, make(seals)); err == nil {
		t.Error("G.722 was taken")
	}
}
