package sip_test

import (
	"strings"
	"testing"

	"teamsbridge/consult/sip"
)

func TestConsultNumbersAreChecked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		anchor  string
		numbers []string
		problem string // empty: there is none
	}{
		"none, where customers are carried":   {"", nil, ""},
		"one, beside customers":               {"always", []string{"+49305551"}, ""},
		"an internal one":                     {"consult", []string{"5551"}, ""},
		"none, where nothing else is carried": {"consult", nil, "sip.consult_numbers: at least one"},
		"another anchor":                      {"media", nil, "sip.anchor: must be always or consult"},
		"an address":                          {"consult", []string{"sip:5551@example.com"}, "sip.consult_numbers[0]:"},
		"a plus in the middle":                {"consult", []string{"49+305551"}, "sip.consult_numbers[0]:"},
		"an empty one":                        {"consult", []string{"+49305551", ""}, "sip.consult_numbers[1]:"},
		"twice the same":                      {"consult", []string{"+49305551", "+49305551"}, "sip.consult_numbers[1]: is there twice"},
	} {
		t.Run(name, func(t *testing.T) {
			err := sip.Config{
				Host: "127.0.0.1", Listen: []sip.ListenConfig{{Transport: "udp", Address: "127.0.0.1:0"}},
				Trunks: []sip.TrunkConfig{{Name: "carrier", Networks: []string{"127.0.0.0/8"}}},
				Media:  sip.MediaConfig{Address: "127.0.0.1"}, Anchor: c.anchor, ConsultNumbers: c.numbers,
			}.Validate()
			if c.problem == "" && err != nil || c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)) {
				t.Errorf("Validate: %v, want %q", err, c.problem)
			}
		})
	}
}
