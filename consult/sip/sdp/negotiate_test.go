package sdp_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"teamsbridge/consult/sip/sdp"
)

var compareAddresses = cmpopts.EquateComparable(netip.AddrPort{})

// ours is a wish with everything fixed.
func ours(wishes ...func(*sdp.Session)) sdp.Session {
	s := sdp.Session{ID: 7, Addr: netip.MustParseAddr("198.51.100.7"), Port: 40000, Key: key(1)}
	for _, wish := range wishes {
		wish(&s)
	}
	return s
}

func key(seed byte) (k sdp.Key) {
	for i := range k {
		k[i] = seed + byte(i)
	}
	return k
}

// The same as key(101), as it stands in a description.
const theirKey = "ZWZnaGlqa2xtbm9wcXJzdHV2d3h5ent8fX5/gIGC"

func required(s *sdp.Session) { s.Encryption = sdp.Required }
func offered(s *sdp.Session)  { s.Encryption = sdp.Offered }

// theirs is a description with one audio section.
func theirs(lines ...string) []byte {
	head := []string{"v=0", "o=- 4 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0"}
	return []byte(strings.Join(append(head, lines...), "\r\n") + "\r\n")
}

// agreed is what follows from the plainest offer.
func agreed(changes ...func(*sdp.Negotiated)) sdp.Negotiated {
	n := sdp.Negotiated{
		Remote:     netip.MustParseAddrPort("192.0.2.1:30000"),
		RemoteRTCP: netip.MustParseAddrPort("192.0.2.1:30001"),
		Codec:      sdp.PCMA, SendPayload: 8, Formats: []sdp.Format{{Payload: 8, Codec: sdp.PCMA}},
		PTime: 20 * time.Millisecond, Direction: sdp.SendRecv,
	}
	for _, change := range changes {
		change(&n)
	}
	return n
}

func TestOffersAreAnswered(t *testing.T) {
	held := func(d sdp.Direction) func(*sdp.Negotiated) {
		return func(n *sdp.Negotiated) { n.Direction, n.Held = d, true }
	}
	for _, c := range []struct {
		name    string
		offer   []string
		wish    func(*sdp.Session)
		want    sdp.Negotiated
		says    []string // lines of the answer
		saysNot []string
	}{
		{
			name:  "the plainest offer",
			offer: []string{"m=audio 30000 RTP/AVP 8"},
			want:  agreed(), says: []string{"m=audio 40000 RTP/AVP 8", "a=sendrecv", "a=ptime:20"},
		},
		{
			name:  "the offer's order of codecs counts",
			offer: []string{"m=audio 30000 RTP/AVP 18 0 8", "a=rtpmap:18 G729/8000"},
			want: agreed(func(n *sdp.Negotiated) {
				n.Codec, n.SendPayload, n.Formats = sdp.PCMU, 0, []sdp.Format{{Payload: 0, Codec: sdp.PCMU}}
			}),
			says: []string{"m=audio 40000 RTP/AVP 0", "a=rtpmap:0 PCMU/8000"},
		},
		{
			name:  "a codec that we do not want is passed over",
			offer: []string{"m=audio 30000 RTP/AVP 0 8"},
			wish:  func(s *sdp.Session) { s.Codecs = []sdp.Codec{sdp.PCMA} },
			want:  agreed(), says: []string{"m=audio 40000 RTP/AVP 8"},
		},
		{
			name:  "a codec with a number of its own keeps it",
			offer: []string{"m=audio 30000 RTP/AVP 97", "a=rtpmap:97 pcma/8000/1"},
			want: agreed(func(n *sdp.Negotiated) {
				n.SendPayload, n.Formats = 97, []sdp.Format{{Payload: 97, Codec: sdp.PCMA}}
			}),
			says: []string{"a=rtpmap:97 PCMA/8000"},
		},
		{
			name:  "telephone-events keep the offer's number",
			offer: []string{"m=audio 30000 RTP/AVP 8 96", "a=rtpmap:96 telephone-event/8000", "a=fmtp:96 0-16"},
			want:  agreed(func(n *sdp.Negotiated) { n.DTMFSend, n.DTMFReceive = 96, 96 }),
			says:  []string{"m=audio 40000 RTP/AVP 8 96", "a=rtpmap:96 telephone-event/8000", "a=fmtp:96 0-15"},
		},
		{
			name:  "telephone-events of another clock are none",
			offer: []string{"m=audio 30000 RTP/AVP 8 96", "a=rtpmap:96 telephone-event/48000"},
			want:  agreed(), says: []string{"m=audio 40000 RTP/AVP 8"},
		},
		{
			name:  "who does not take part in telephone-events answers without",
			offer: []string{"m=audio 30000 RTP/AVP 8 96", "a=rtpmap:96 telephone-event/8000"},
			wish:  func(s *sdp.Session) { s.NoDTMF = true },
			want:  agreed(), says: []string{"m=audio 40000 RTP/AVP 8"},
		},
		{
			name:  "the section's address goes before the session's",
			offer: []string{"m=audio 30000 RTP/AVP 8", "c=IN IP4 192.0.2.99"},
			want: agreed(func(n *sdp.Negotiated) {
				n.Remote, n.RemoteRTCP = netip.MustParseAddrPort("192.0.2.99:30000"), netip.MustParseAddrPort("192.0.2.99:30001")
			}),
		},
		{
			name:  "RTCP on a port of its own",
			offer: []string{"m=audio 30000 RTP/AVP 8", "a=rtcp:50000"},
			want:  agreed(func(n *sdp.Negotiated) { n.RemoteRTCP = netip.MustParseAddrPort("192.0.2.1:50000") }),
		},
		{
			name:  "RTCP at an address of its own",
			offer: []string{"m=audio 30000 RTP/AVP 8", "a=rtcp:50000 IN IP4 192.0.2.5"},
			want:  agreed(func(n *sdp.Negotiated) { n.RemoteRTCP = netip.MustParseAddrPort("192.0.2.5:50000") }),
		},
		{
			name:  "RTCP with RTP",
			offer: []string{"m=audio 30000 RTP/AVP 8", "a=rtcp-mux"},
			want:  agreed(func(n *sdp.Negotiated) { n.Mux, n.RemoteRTCP = true, n.Remote }),
			says:  []string{"a=rtcp-mux"},
		},
		{
			name:  "RTCP with RTP is declined",
			offer: []string{"m=audio 30000 RTP/AVP 8", "a=rtcp-mux"},
			wish:  func(s *sdp.Session) { s.NoMux = true },
			want:  agreed(), saysNot: []string{"a=rtcp-mux"},
		},
		{
			name:  "longer packets",
			offer: []string{"m=audio 30000 RTP/AVP 8", "a=ptime:30"},
			want:  agreed(func(n *sdp.Negotiated) { n.PTime = 30 * time.Millisecond }),
		},
		{
			name:  "hold by sendonly",
			offer: []string{"m=audio 30000 RTP/AVP 8", "a=sendonly"},
			want:  agreed(held(sdp.RecvOnly)), says: []string{"a=recvonly"},
		},
		{
			name:  "hold by recvonly",
			offer: []string{"m=audio 30000 RTP/AVP 8", "a=recvonly"},
			want:  agreed(held(sdp.SendOnly)), says: []string{"a=sendonly"},
		},
		{
			name:  "hold by inactive",
			offer: []string{"m=audio 30000 RTP/AVP 8", "a=inactive"},
			want:  agreed(held(sdp.Inactive)), says: []string{"m=audio 40000 RTP/AVP 8", "a=inactive"},
		},
		{
			name:  "hold said for the whole session",
			offer: []string{"a=inactive", "m=audio 30000 RTP/AVP 8"},
			want:  agreed(held(sdp.Inactive)), says: []string{"a=inactive"},
		},
		{
			name:  "hold by the address 0.0.0.0",
			offer: []string{"m=audio 30000 RTP/AVP 8", "c=IN IP4 0.0.0.0"},
			want: agreed(held(sdp.RecvOnly), func(n *sdp.Negotiated) {
				n.Remote, n.RemoteRTCP = netip.MustParseAddrPort("0.0.0.0:30000"), netip.MustParseAddrPort("0.0.0.0:30001")
			}),
			says: []string{"a=sendrecv", "c=IN IP4 198.51.100.7"},
		},
		{
			name:  "hold by the address ::",
			offer: []string{"m=audio 30000 RTP/AVP 8", "c=IN IP6 ::"},
			want: agreed(held(sdp.RecvOnly), func(n *sdp.Negotiated) {
				n.Remote, n.RemoteRTCP = netip.MustParseAddrPort("[::]:30000"), netip.MustParseAddrPort("[::]:30001")
			}),
		},
		{
			name:  "a hold that says both",
			offer: []string{"m=audio 30000 RTP/AVP 8", "c=IN IP4 0.0.0.0", "a=inactive"},
			want: agreed(held(sdp.Inactive), func(n *sdp.Negotiated) {
				n.Remote, n.RemoteRTCP = netip.MustParseAddrPort("0.0.0.0:30000"), netip.MustParseAddrPort("0.0.0.0:30001")
			}),
			says: []string{"a=inactive"},
		},
		{
			name: "video, fax and a second audio stream are declined in their places",
			offer: []string{
				"m=video 30010 RTP/AVP 96", "a=rtpmap:96 H264/90000",
				"m=audio 30000 RTP/AVP 8", "m=audio 30020 RTP/AVP 0", "m=image 30030 udptl t38",
			},
			want: agreed(),
			says: []string{"m=video 0 RTP/AVP 96", "m=audio 40000 RTP/AVP 8", "m=audio 0 RTP/AVP 0", "m=image 0 udptl t38"},
		},
		{
			name:  "of two audio streams the second may be the one",
			offer: []string{"m=audio 30010 RTP/SAVP 8", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + theirKey, "m=audio 30000 RTP/AVP 8"},
			want:  agreed(), says: []string{"m=audio 0 RTP/SAVP 8", "m=audio 40000 RTP/AVP 8"},
		},
		{
			name:  "what nobody knows is ignored",
			offer: []string{"b=X-NEW:80", "a=group:BUNDLE 1", "m=audio 30000 RTP/AVP 8", "b=TIAS:1", "y=?", "a=mid:1", "a=ice-ufrag:x", "a=candidate:1 1 UDP 1 192.0.2.1 30000 typ host", "a=x-new:thing"},
			want:  agreed(), saysNot: []string{"a=group", "a=mid", "a=candidate"},
		},
		{
			name: "encrypted where it is required",
			offer: []string{
				"m=audio 30000 RTP/SAVP 8", "a=crypto:1 AES_256_CM_HMAC_SHA1_80 inline:nothing",
				"a=crypto:5 AES_CM_128_HMAC_SHA1_80 inline:" + theirKey + "|2^31|1:4",
			},
			wish: required,
			want: agreed(func(n *sdp.Negotiated) {
				n.SendKeying, n.ReceiveKeying = sdp.Keying{Key: key(1)}, sdp.Keying{Key: key(101), MKI: "\x00\x00\x00\x01"}
			}),
			says: []string{"m=audio 40000 RTP/SAVP 8", "a=crypto:5 AES_CM_128_HMAC_SHA1_80 inline:AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0e"},
		},
		{
			name:  "encrypted where both will do",
			offer: []string{"m=audio 30000 RTP/SAVP 8", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + theirKey},
			wish:  offered,
			want: agreed(func(n *sdp.Negotiated) {
				n.SendKeying, n.ReceiveKeying = sdp.Keying{Key: key(1)}, sdp.Keying{Key: key(101)}
			}),
		},
		{
			name:  "plain where both will do",
			offer: []string{"m=audio 30000 RTP/AVP 8"}, wish: offered, want: agreed(), saysNot: []string{"a=crypto"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.wish == nil {
				c.wish = func(*sdp.Session) {}
			}
			answer, got, err := sdp.Answer(theirs(c.offer...), ours(c.wish))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got, compareAddresses); diff != "" {
				t.Errorf("negotiated (-want +got):\n%s", diff)
			}
			said := strings.Split(string(answer), "\r\n")
			if diff := cmp.Diff(c.says, inOrder(said, c.says)); diff != "" {
				t.Errorf("the answer does not say in this order (-want +got):\n%s\nbut\n%s", diff, answer)
			}
			for _, line := range c.saysNot {
				if strings.Contains(string(answer), line) {
					t.Errorf("the answer says %q:\n%s", line, answer)
				}
			}
		})
	}
}

// inOrder returns the wanted lines that are there, in the order of what was said.
func inOrder(said, wanted []string) (found []string) {
	for _, line := range said {
		for _, w := range wanted {
			if line == w {
				found = append(found, line)
			}
		}
	}
	if len(found) == len(wanted) {
		return wanted[:len(found):len(found)]
	}
	return found
}

func TestOffersAreRefused(t *testing.T) {
	crypto := "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + theirKey
	for _, c := range []struct {
		name    string
		offer   []byte
		wish    func(*sdp.Session)
		reason  error
		status  int
		warning int
	}{
		{"no common codec", theirs("m=audio 30000 RTP/AVP 18", "a=rtpmap:18 G729/8000"), nil, sdp.ErrNoCodec, 488, 305},
		{"G.711 at another rate", theirs("m=audio 30000 RTP/AVP 97", "a=rtpmap:97 PCMA/16000"), nil, sdp.ErrNoCodec, 488, 305},
		{"stereo", theirs("m=audio 30000 RTP/AVP 97", "a=rtpmap:97 PCMA/8000/2"), nil, sdp.ErrNoCodec, 488, 305},
		{"only telephone-events", theirs("m=audio 30000 RTP/AVP 96", "a=rtpmap:96 telephone-event/8000"), nil, sdp.ErrNoCodec, 488, 305},
		{"0 with another meaning", theirs("m=audio 30000 RTP/AVP 0", "a=rtpmap:0 L16/8000"), nil, sdp.ErrNoCodec, 488, 305},
		{"no streams", theirs(), nil, sdp.ErrNoAudio, 488, 304},
		{"only video", theirs("m=video 30000 RTP/AVP 96"), nil, sdp.ErrNoAudio, 488, 304},
		{"audio with port 0", theirs("m=audio 0 RTP/AVP 8"), nil, sdp.ErrNoAudio, 488, 304},
		{"plain where encryption is required", theirs("m=audio 30000 RTP/AVP 8"), required, sdp.ErrTransport, 488, 302},
		{"plain with a key where encryption is required", theirs("m=audio 30000 RTP/AVP 8", crypto), required, sdp.ErrTransport, 488, 302},
		{"encrypted where nothing is", theirs("m=audio 30000 RTP/SAVP 8", crypto), nil, sdp.ErrTransport, 488, 302},
		{"a browser", theirs("m=audio 30000 UDP/TLS/RTP/SAVPF 8"), required, sdp.ErrTransport, 488, 302},
		{"no key", theirs("m=audio 30000 RTP/SAVP 8"), required, sdp.ErrNoKey, 488, 306},
		{"another suite only", theirs("m=audio 30000 RTP/SAVP 8", "a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:"+theirKey), required, sdp.ErrNoKey, 488, 306},
		{"a short key", theirs("m=audio 30000 RTP/SAVP 8", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2hvcnQ="), required, sdp.ErrNoKey, 488, 306},
		{"a key of zeros", theirs("m=audio 30000 RTP/SAVP 8", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:"+strings.Repeat("A", 40)), required, sdp.ErrNoKey, 488, 306},
		{"a key that leaves packets unencrypted", theirs("m=audio 30000 RTP/SAVP 8", crypto+" UNENCRYPTED_SRTP"), required, sdp.ErrNoKey, 488, 306},
		{"several keys in one line", theirs("m=audio 30000 RTP/SAVP 8", crypto+"|1:4;inline:"+theirKey+"|2:4"), required, sdp.ErrNoKey, 488, 306},
		{"a name for an address", theirs("m=audio 30000 RTP/AVP 8", "c=IN IP4 phone.example"), nil, sdp.ErrAddress, 488, 301},
		{"an address of the other family", theirs("m=audio 30000 RTP/AVP 8", "c=IN IP4 2001:db8::1"), nil, sdp.ErrAddress, 488, 301},
		{"an address for many", theirs("m=audio 30000 RTP/AVP 8", "c=IN IP4 224.2.1.1/127"), nil, sdp.ErrAddress, 488, 301},
		{"an address for all", theirs("m=audio 30000 RTP/AVP 8", "c=IN IP4 255.255.255.255"), nil, sdp.ErrAddress, 488, 301},
		{"no address", []byte("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 30000 RTP/AVP 8\r\n"), nil, sdp.ErrMalformed, 400, 0},
		{"nothing", nil, nil, sdp.ErrMalformed, 400, 0},
		{"not a description", []byte("hello"), nil, sdp.ErrMalformed, 400, 0},
		{"too large", theirs("m=audio 30000 RTP/AVP 8", "a=x:"+strings.Repeat("x", 17<<10)), nil, sdp.ErrMalformed, 400, 0},
		{"too many lines", theirs("m=audio 30000 RTP/AVP 8", strings.Repeat("a=x\r\n", 600)+"a=y"), nil, sdp.ErrMalformed, 400, 0},
		{"too many streams", theirs(strings.Repeat("m=audio 30000 RTP/AVP 8\r\n", 20) + "a=x"), nil, sdp.ErrMalformed, 400, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.wish == nil {
				c.wish = func(*sdp.Session) {}
			}
			answer, _, err := sdp.Answer(c.offer, ours(c.wish))
			var refused *sdp.RefusedError
			if !errors.As(err, &refused) || !errors.Is(err, c.reason) {
				t.Fatalf("the error is %v, not %v", err, c.reason)
			}
			if refused.Status() != c.status || refused.Warning() != c.warning {
				t.Errorf("status %d, warning %d instead of %d, %d", refused.Status(), refused.Warning(), c.status, c.warning)
			}
			if answer != nil {
				t.Errorf("an answer was made:\n%s", answer)
			}
			if strings.Contains(err.Error(), theirKey[:8]) {
				t.Error("the error holds the key")
			}
		})
	}
}

func TestAnswersAreAccepted(t *testing.T) {
	crypto := "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + theirKey
	for _, c := range []struct {
		name   string
		answer []byte
		wish   func(*sdp.Session)
		want   sdp.Negotiated
	}{
		{"one codec", theirs("m=audio 30000 RTP/AVP 8"), nil, agreed()},
		{
			"two codecs: they may change between them", theirs("m=audio 30000 RTP/AVP 0 8"), nil,
			agreed(func(n *sdp.Negotiated) {
				n.Codec, n.SendPayload = sdp.PCMU, 0
				n.Formats = []sdp.Format{{Payload: 0, Codec: sdp.PCMU}, {Payload: 8, Codec: sdp.PCMA}}
			}),
		},
		{
			"their number for telephone-events, and ours", theirs("m=audio 30000 RTP/AVP 8 110", "a=rtpmap:110 telephone-event/8000"), nil,
			agreed(func(n *sdp.Negotiated) { n.DTMFSend, n.DTMFReceive = 110, 101 }),
		},
		{
			"encrypted", theirs("m=audio 30000 RTP/SAVP 8", crypto), required,
			agreed(func(n *sdp.Negotiated) {
				n.SendKeying, n.ReceiveKeying = sdp.Keying{Key: key(1)}, sdp.Keying{Key: key(101)}
			}),
		},
		{
			"RTCP with RTP", theirs("m=audio 30000 RTP/AVP 8", "a=rtcp-mux"), nil,
			agreed(func(n *sdp.Negotiated) { n.Mux, n.RemoteRTCP = true, n.Remote }),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.wish == nil {
				c.wish = func(*sdp.Session) {}
			}
			got, err := sdp.Accept(c.answer, ours(c.wish))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got, compareAddresses); diff != "" {
				t.Errorf("negotiated (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnswersAreRefused(t *testing.T) {
	crypto := "AES_CM_128_HMAC_SHA1_80 inline:" + theirKey
	for _, c := range []struct {
		name   string
		answer []byte
		wish   func(*sdp.Session)
		reason error
	}{
		{"no audio", theirs("m=audio 0 RTP/AVP 8"), nil, sdp.ErrNoAudio},
		{"another stream", theirs("m=video 30000 RTP/AVP 8"), nil, sdp.ErrMismatch},
		{"two streams for one", theirs("m=audio 30000 RTP/AVP 8", "m=audio 30002 RTP/AVP 8"), nil, sdp.ErrMismatch},
		{"no codec of ours", theirs("m=audio 30000 RTP/AVP 9"), nil, sdp.ErrNoCodec},
		{"plain where encryption was offered", theirs("m=audio 30000 RTP/AVP 8"), required, sdp.ErrTransport},
		{"encrypted where it was not", theirs("m=audio 30000 RTP/SAVP 8", "a=crypto:1 "+crypto), offered, sdp.ErrTransport},
		{"no key", theirs("m=audio 30000 RTP/SAVP 8"), required, sdp.ErrNoKey},
		{"two keys", theirs("m=audio 30000 RTP/SAVP 8", "a=crypto:1 "+crypto, "a=crypto:2 "+crypto), required, sdp.ErrNoKey},
		{"a tag that was not offered", theirs("m=audio 30000 RTP/SAVP 8", "a=crypto:2 "+crypto), required, sdp.ErrMismatch},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.wish == nil {
				c.wish = func(*sdp.Session) {}
			}
			if _, err := sdp.Accept(c.answer, ours(c.wish)); !errors.Is(err, c.reason) {
				t.Errorf("the error is %v, not %v", err, c.reason)
			}
		})
	}
}
