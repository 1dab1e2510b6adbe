package sdp_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"teamsbridge/consult/sip/sdp"
)

func TestKeysAreNeverShown(t *testing.T) {
	k := sdp.Keying{Key: key(65)} // ABCDEF…
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("negotiated", "keying", k, "key", k.Key, "pointer", &k.Key)
	encoded, err := json.Marshal(k)
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{
		log.String(), string(encoded),
		fmt.Sprint(k), fmt.Sprintf("%+v %#v %x %d %s %q", k, k, k.Key, k.Key, k.Key, k.Key),
	} {
		for _, secret := range []string{"ABCD", "65 66", "0x41", "4142", "65, 66"} {
			if strings.Contains(shown, secret) {
				t.Errorf("a key is shown: %s", shown)
			}
		}
		if !strings.Contains(shown, "redacted") {
			t.Errorf("it is not said that something is left out: %s", shown)
		}
	}
}

func TestKeysAreFresh(t *testing.T) {
	if a, b := sdp.NewKey(), sdp.NewKey(); a == b || a == (sdp.Key{}) {
		t.Error("two keys are the same, or none")
	}
	k := key(0)
	if len(k.Master()) != 16 || len(k.Salt()) != 14 || k.Salt()[0] != 16 {
		t.Error("the salt does not follow the key")
	}
}

// TestCryptoLines reads a=crypto by way of an offer: RFC 4568, section 9.1.
func TestCryptoLines(t *testing.T) {
	const suite = "AES_CM_128_HMAC_SHA1_80 inline:"
	for _, c := range []struct {
		name   string
		line   string
		usable bool
		mki    string
	}{
		{"key alone", "1 " + suite + theirKey, true, ""},
		{"lifetime as a power", "1 " + suite + theirKey + "|2^20", true, ""},
		{"lifetime as a number", "1 " + suite + theirKey + "|1048576", true, ""},
		{"lifetime beyond what is allowed", "1 " + suite + theirKey + "|2^49", false, ""},
		{"lifetime of nothing", "1 " + suite + theirKey + "|0", false, ""},
		{"lifetime that is none", "1 " + suite + theirKey + "|long", false, ""},
		{"MKI alone", "1 " + suite + theirKey + "|7:2", true, "\x00\x07"},
		{"lifetime and MKI", "1 " + suite + theirKey + "|2^31|258:4", true, "\x00\x00\x01\x02"},
		{"MKI too long for its length", "1 " + suite + theirKey + "|256:1", false, ""},
		{"MKI without length", "1 " + suite + theirKey + "|1:", false, ""},
		{"MKI that is no number", "1 " + suite + theirKey + "|-1:4", false, ""},
		{"MKI of no length", "1 " + suite + theirKey + "|1:0", false, ""},
		{"MKI beyond 128 bytes", "1 " + suite + theirKey + "|1:129", false, ""},
		{"something after the MKI", "1 " + suite + theirKey + "|2^20|1:4|x", false, ""},
		{"window size hint", "1 " + suite + theirKey + " WSH=64", true, ""},
		{"parameter that may be ignored", "1 " + suite + theirKey + " -X=1", true, ""},
		{"key derivation rate", "1 " + suite + theirKey + " KDR=1", false, ""},
		{"unauthenticated", "1 " + suite + theirKey + " UNAUTHENTICATED_SRTP", false, ""},
		{"tag of ten digits", "1234567890 " + suite + theirKey, false, ""},
		{"tag that is no number", "x " + suite + theirKey, false, ""},
		{"not inline", "1 AES_CM_128_HMAC_SHA1_80 uri:" + theirKey, false, ""},
		{"padding that is not needed", "1 " + suite + theirKey + "==", true, ""},
		{"a key that is too long", "1 " + suite + theirKey + "AAAA", false, ""},
		{"not base64", "1 " + suite + strings.Repeat("*", 40), false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, n, err := sdp.Answer(theirs("m=audio 30000 RTP/SAVP 8", "a=crypto:"+c.line), ours(required))
			if (err == nil) != c.usable {
				t.Fatalf("the error is %v", err)
			}
			if c.usable && (n.ReceiveKeying != sdp.Keying{Key: key(101), MKI: c.mki}) {
				t.Errorf("MKI %q", n.ReceiveKeying.MKI)
			}
		})
	}
}
