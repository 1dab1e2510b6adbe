package sdp_test

import (
	"net/netip"
	"strings"
	"testing"

	"teamsbridge/consult/sip/sdp"
)

func TestVersionRisesOnlyWithAChange(t *testing.T) {
	offer := func(wishes ...func(*sdp.Session)) []byte {
		body, err := sdp.Offer(ours(wishes...))
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	origin := func(body []byte) string { return strings.Split(string(body), "\r\n")[1] }
	first := offer()
	sent := func(s *sdp.Session) { s.Sent, s.ID = first, 0 }
	inactive := func(s *sdp.Session) { s.Direction = sdp.Inactive }
	for _, c := range []struct {
		name string
		body []byte
		want string
	}{
		{"the first has version 1", first, "o=- 7 1 IN IP4 198.51.100.7"},
		{"the same again keeps it", offer(sent), "o=- 7 1 IN IP4 198.51.100.7"},
		{"another direction raises it", offer(sent, inactive), "o=- 7 2 IN IP4 198.51.100.7"},
		{"another key raises it", offer(sent, required), "o=- 7 2 IN IP4 198.51.100.7"},
		{"and back raises it again", offer(func(s *sdp.Session) { s.Sent = offer(sent, inactive) }), "o=- 7 3 IN IP4 198.51.100.7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := origin(c.body); got != c.want {
				t.Errorf("%q, not %q", got, c.want)
			}
		})
	}
	t.Run("an answer counts on from an offer", func(t *testing.T) {
		answer, _, err := sdp.Answer(theirs("m=audio 30000 RTP/AVP 8"), ours(sent))
		if err != nil {
			t.Fatal(err)
		}
		if got := origin(answer); got != "o=- 7 2 IN IP4 198.51.100.7" {
			t.Errorf("%q", got)
		}
		again, _, err := sdp.Answer(theirs("m=audio 30000 RTP/AVP 8"), ours(func(s *sdp.Session) { s.Sent = answer }))
		if err != nil || string(again) != string(answer) {
			t.Errorf("the same answer again is\n%s(%v), not\n%s", again, err, answer)
		}
	})
}

func TestOurDirectionIsRespected(t *testing.T) {
	for _, c := range []struct {
		ours, theirs sdp.Direction
		want         sdp.Direction
	}{
		{"", sdp.SendRecv, sdp.SendRecv},
		{sdp.SendRecv, sdp.SendOnly, sdp.RecvOnly},
		{sdp.SendOnly, sdp.SendRecv, sdp.SendOnly},
		{sdp.SendOnly, sdp.SendOnly, sdp.Inactive},
		{sdp.RecvOnly, sdp.SendRecv, sdp.RecvOnly},
		{sdp.Inactive, sdp.SendRecv, sdp.Inactive},
	} {
		t.Run("ours "+string(c.ours)+", theirs "+string(c.theirs), func(t *testing.T) {
			answer, n, err := sdp.Answer(theirs("m=audio 30000 RTP/AVP 8", "a="+string(c.theirs)), ours(func(s *sdp.Session) { s.Direction = c.ours }))
			if err != nil {
				t.Fatal(err)
			}
			if n.Direction != c.want || !strings.Contains(string(answer), "a="+string(c.want)+"\r\n") {
				t.Errorf("agreed on %q:\n%s", n.Direction, answer)
			}
			if n.Direction.Sends() != (c.want == sdp.SendRecv || c.want == sdp.SendOnly) ||
				n.Direction.Receives() != (c.want == sdp.SendRecv || c.want == sdp.RecvOnly) {
				t.Errorf("%q sends: %v, receives: %v", n.Direction, n.Direction.Sends(), n.Direction.Receives())
			}
		})
	}
}

func TestWishesThatCannotBeDescribed(t *testing.T) {
	for _, c := range []struct {
		name string
		wish func(*sdp.Session)
		says string
	}{
		{"no address", func(s *sdp.Session) { s.Addr = netip.Addr{} }, "address"},
		{"no port", func(s *sdp.Session) { s.Port = 0 }, "port 0"},
		{"no port for RTCP", func(s *sdp.Session) { s.Port = 65535 }, "port 65535"},
		{"no id", func(s *sdp.Session) { s.ID = 0 }, "id"},
		{"no key", func(s *sdp.Session) { s.Encryption, s.Key = sdp.Required, sdp.Key{} }, "key"},
		{"no such encryption", func(s *sdp.Session) { s.Encryption = "maybe" }, `"maybe"`},
		{"no such codec", func(s *sdp.Session) { s.Codecs = []sdp.Codec{"G722"} }, "G722"},
		{"a number for telephone-events that has another meaning", func(s *sdp.Session) { s.DTMF = 8 }, "payload type 8"},
		{"a body sent last that is none", func(s *sdp.Session) { s.Sent = []byte("x") }, "sent last"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := sdp.Offer(ours(c.wish)); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("the error is %v", err)
			}
			if body, _, err := sdp.Answer(theirs("m=audio 30000 RTP/AVP 8"), ours(c.wish)); err == nil || body != nil {
				t.Errorf("answered with %q, %v", body, err)
			}
		})
	}
}

func TestIDsAreNeverTheSame(t *testing.T) {
	seen := make(map[uint64]bool)
	for range 1000 {
		id := sdp.NewID()
		if seen[id] || id == 0 || id>>62 != 0 {
			t.Fatalf("id %d", id)
		}
		seen[id] = true
	}
}
