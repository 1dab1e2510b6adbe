package sdp_test

import (
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	pion "github.com/pion/sdp/v3"

	"teamsbridge/consult/sip/sdp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGoldenDescriptions answers the offers of testdata, as a trunk of Microsoft's
// form, a gateway with fax and a telephone make them, and describes offers of ours.
func TestGoldenDescriptions(t *testing.T) {
	overIPv6 := func(s *sdp.Session) { s.Addr = netip.MustParseAddr("2001:db8::7") }
	for _, c := range []struct {
		name  string
		offer string
		wish  func(*sdp.Session)
	}{
		{"an encrypted trunk", "trunk", required},
		{"a gateway with fax", "fax", offered},
		{"a telephone over IPv6 that holds", "phone", overIPv6},
		{"an offer to a trunk", "", required},
		{"an offer to a telephone", "", func(s *sdp.Session) { s.NoMux = true }},
	} {
		t.Run(c.name, func(t *testing.T) {
			var body []byte
			var err error
			if c.offer == "" {
				body, err = sdp.Offer(ours(c.wish))
			} else {
				offer, readErr := os.ReadFile(filepath.Join("testdata", c.offer+".offer.sdp"))
				if readErr != nil {
					t.Fatal(readErr)
				}
				body, _, err = sdp.Answer(offer, ours(c.wish))
			}
			if err != nil {
				t.Fatal(err)
			}
			golden(t, strings.ReplaceAll(c.name, " ", "-"), body)
			wellFormed(t, body)
		})
	}
}

func golden(t *testing.T, name string, body []byte) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden.sdp")
	if *update {
		if err := os.WriteFile(file, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(body)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// wellFormed has another's stricter parser read what we wrote.
func wellFormed(t *testing.T, body []byte) {
	t.Helper()
	if strings.Contains(string(body), "m=image") {
		return // which that parser does not know
	}
	var d pion.SessionDescription
	if err := d.Unmarshal(body); err != nil {
		t.Fatalf("pion cannot read it: %v\n%s", err, body)
	}
	again, err := d.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(again), string(body)); diff != "" {
		t.Errorf("pion writes it otherwise (-pion +ours):\n%s", diff)
	}
}
