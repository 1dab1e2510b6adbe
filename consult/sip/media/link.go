package media

import (
	"fmt"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"

	"teamsbridge/consult/sip/g711"
	"teamsbridge/consult/sip/sdp"
)

// kind is what packets of a payload type hold.
type kind struct {
	codec *g711.Codec // audio, or
	digit bool        // telephone-events
}

func (k kind) known() bool { return k.codec != nil || k.digit }

// link is what was agreed with the far end, ready for packets.
type link struct {
	sdp.Negotiated
	kinds [128]kind   // what comes in
	codec *g711.Codec // what goes out

	// One context for each direction and protocol, as none is safe for
	// concurrent use. All nil where nothing is encrypted.
	openRTP, openRTCP, sealRTP, sealRTCP *srtp.Context
}

// seals are the contexts of every key that a stream has encrypted with. They
// count the packets: a key that comes back must go on where it was, else its key
// stream would be used twice, which gives both texts away.
type seals map[sdp.Keying]seal

type seal struct{ rtp, rtcp *srtp.Context }

// newLink makes what was agreed ready. The far end's contexts are kept while its
// key is, for what has been replayed is known to them.
func newLink(n sdp.Negotiated, before *link, used seals) (*link, error) {
	l := &link{Negotiated: n, codec: codecOf(n.Codec)}
	if l.codec == nil {
		return nil, fmt.Errorf("media: codec %q is unknown", n.Codec)
	}
	for _, f := range n.Formats {
		l.kinds[f.Payload&0x7F] = kind{codec: codecOf(f.Codec)}
	}
	if n.DTMFReceive != 0 {
		l.kinds[n.DTMFReceive&0x7F] = kind{digit: true}
	}
	var err error
	if before != nil && before.ReceiveKeying == n.ReceiveKeying {
		l.openRTP, l.openRTCP = before.openRTP, before.openRTCP
	} else if l.openRTP, l.openRTCP, err = contexts(n.ReceiveKeying); err != nil {
		return nil, err
	}
	sealing, ok := used[n.SendKeying]
	if !ok {
		if sealing.rtp, sealing.rtcp, err = contexts(n.SendKeying); err != nil {
			return nil, err
		}
		used[n.SendKeying] = sealing
	}
	l.sealRTP, l.sealRTCP = sealing.rtp, sealing.rtcp
	return l, nil
}

// replayWindow is how many packets an earlier one may be behind.
const replayWindow = 128

func contexts(k sdp.Keying) (forRTP, forRTCP *srtp.Context, err error) {
	if !k.On() {
		return nil, nil, nil
	}
	options := []srtp.ContextOption{srtp.SRTPReplayProtection(replayWindow), srtp.SRTCPReplayProtection(replayWindow)}
	if k.MKI != "" {
		options = append(options, srtp.MasterKeyIndicator([]byte(k.MKI)))
	}
	for _, c := range []**srtp.Context{&forRTP, &forRTCP} {
		if *c, err = srtp.CreateContext(k.Key.Master(), k.Key.Salt(), srtp.ProtectionProfileAes128CmHmacSha1_80, options...); err != nil {
			return nil, nil, fmt.Errorf("media: keys: %w", err)
		}
	}
	return forRTP, forRTCP, nil
}

// open authenticates and decrypts a packet in place; plain ones stay as they are.
func (l *link) open(packet []byte, header *rtp.Header) ([]byte, error) {
	if l.openRTP == nil {
		return packet, nil
	}
	return l.openRTP.DecryptRTP(packet, packet, header)
}

// seal encrypts a packet in place; it needs room for the tag behind it.
func (l *link) seal(packet []byte, header *rtp.Header) ([]byte, error) {
	if l.sealRTP == nil {
		return packet, nil
	}
	return l.sealRTP.EncryptRTP(packet, packet, header)
}

func (l *link) openControl(packet []byte, header *rtcp.Header) ([]byte, error) {
	if l.openRTCP == nil {
		return packet, nil
	}
	return l.openRTCP.DecryptRTCP(nil, packet, header)
}

func (l *link) sealControl(packet []byte) ([]byte, error) {
	if l.sealRTCP == nil {
		return packet, nil
	}
	return l.sealRTCP.EncryptRTCP(nil, packet, nil)
}
