package sdp_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"teamsbridge/consult/sip/sdp"
)

func seeds(f *testing.F) {
	files, err := filepath.Glob("testdata/*.sdp")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Add(theirs("m=audio 30000 RTP/SAVP 8", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:"+theirKey+"|2^20|1:4", "a=rtcp:1 IN IP6 ::1"))
}

// FuzzAnswer: whatever is offered, what we answer can be accepted by who offered
// it as far as its form goes, and has as many streams.
func FuzzAnswer(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, offer []byte) {
		for _, wish := range []func(*sdp.Session){func(*sdp.Session) {}, offered, required} {
			answer, n, err := sdp.Answer(offer, ours(wish))
			if err != nil {
				continue
			}
			if !n.Remote.IsValid() || len(n.Formats) != 1 || n.SendKeying.On() != n.ReceiveKeying.On() {
				t.Errorf("negotiated %+v", n)
			}
			if strings.Count(string(answer), "\r\nm=") != strings.Count("\n"+string(offer), "\nm=") {
				t.Errorf("the streams of\n%s\nwere answered with\n%s", offer, answer)
			}
			if strings.Count(string(answer), "\n") != strings.Count(string(answer), "\r\n") {
				t.Errorf("a bare line feed in %q", answer)
			}
			// What we wrote we can read.
			if _, _, err := sdp.Answer(answer, ours(wish)); err != nil && !n.Remote.Addr().IsUnspecified() {
				t.Errorf("our own answer is refused: %v\n%s", err, answer)
			}
		}
	})
}

func FuzzAccept(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, answer []byte) {
		for _, wish := range []func(*sdp.Session){func(*sdp.Session) {}, required} {
			n, err := sdp.Accept(answer, ours(wish))
			if err == nil && (len(n.Formats) == 0 || ours(wish).Encryption == sdp.Required != n.ReceiveKeying.On()) {
				t.Errorf("negotiated %+v", n)
			}
		}
	})
}
