package graph_test

import (
	"testing"

	"teamsbridge/graph"
)

func TestNumbersAreReadOnceAtIndexing(t *testing.T) {
	for _, c := range []struct {
		name, phone, country, want string // want: empty for somebody who is not listed
	}{
		{"E.164", "+4930123456", "DE", "+4930123456"},
		{"with punctuation", "+49 (30) 1234-56", "DE", "+4930123456"},
		{"with the trunk zero in brackets", "+49 (0) 30 1234-56", "DE", "+4930123456"},
		{"national", "030 1234-56", "DE", "+4930123456"},
		{"national with slash", "030/123456", "DE", "+4930123456"},
		{"with IDD prefix", "0049 30 123456", "DE", "+4930123456"},
		{"with a no-break space", "030\u00a0123456", "DE", "+4930123456"},
		{"a link", "tel:+49-30-123456", "DE", "+4930123456"},
		{"American without a trunk digit", "425-555-0100", "US", "+14255550100"},
		{"American with letters", "1-800-FLOWERS", "US", "+18003569377"},
		{"another country's number", "+33 1 42 68 53 00", "DE", "+33142685300"},
		{"Italian keeps its zero", "06 698 12345", "IT", "+390669812345"},
		{"no country, international", "+44 20 7946 0000", "", "+442079460000"},
		{"no country, national", "020 7946 0000", "", "02079460000"},
		{"with extension", "+1 425 555 0100 ext. 12", "US", "+14255550100;ext=12"},
		{"two numbers, the first counts", "030 1234567 / 0171 5551234", "DE", "+49301234567"},
		{"internal", "4711", "DE", "4711"},
		{"internal with a word before", "App. 47-11", "DE", "4711"},
		{"internal that looks like a local number", "22345", "DE", "22345"},
		{"internal in Arabic digits", "٤٧١١", "DE", "4711"},
		{"a feature code", "*21#4711", "DE", "*21#4711"},
		{"a local number without area code", "555-0100", "US", "5550100"},
		{"too short to be dialled", "12", "DE", ""},
		{"too long to be dialled", "1234567890123456789", "DE", ""},
		{"a remark", "see assistant", "DE", ""},
		{"two internal numbers are a guess", "4711 or 4712", "DE", ""},
		{"empty", "", "DE", ""},
		{"punctuation", "-", "DE", ""},
		{"invalid UTF-8", "\xff\xfe", "DE", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := graph.Person{ID: "anna", Name: "Anna", Phones: []string{c.phone}, Enabled: true}
			experts := mirrored(t, c.country, []graph.Person{p})
			if c.want == "" {
				reason(t, experts, "anna", graph.ReasonNoBusinessPhone)
				return
			}
			got, err := experts.Expert(tenant, "anna")
			if err != nil || got.Number != c.want {
				t.Fatalf("Number %q (%v), want %q", got.Number, err, c.want)
			}
			if found, ok := experts.ByNumber(tenant, c.want); !ok || found.ID != "anna" {
				t.Errorf("ByNumber(%q): %+v, %t", c.want, found, ok)
			}
		})
	}
}

func TestOnlyEnabledMembersWithANumberAreListed(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*graph.Person)
		want   graph.Reason
	}{
		{"an enabled member", func(p *graph.Person) { p.Type = "Member" }, ""},
		{"no type counts as a member", func(p *graph.Person) { p.Type = "" }, ""},
		{"the type in small letters", func(p *graph.Person) { p.Type = "member" }, ""},
		{"a guest", func(p *graph.Person) { p.Type = "Guest" }, graph.ReasonGuest},
		{"disabled comes before guest", func(p *graph.Person) { p.Type, p.Enabled = "Guest", false }, graph.ReasonDisabled},
		{"guest comes before phoneless", func(p *graph.Person) { p.Type, p.Phones = "Guest", nil }, graph.ReasonGuest},
		{"the second number when the first is a remark", func(p *graph.Person) { p.Phones = []string{"?", "4711"} }, ""},
		{"no number", func(p *graph.Person) { p.Phones = nil }, graph.ReasonNoBusinessPhone},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := expert("anna", "Anna")
			c.change(&p)
			experts := mirrored(t, "DE", []graph.Person{p})
			if c.want != "" {
				reason(t, experts, "anna", c.want)
			} else if _, err := experts.Expert(tenant, "anna"); err != nil {
				t.Errorf("Expert: %v", err)
			}
		})
	}
}

func TestANameIsNeverEmpty(t *testing.T) {
	nameless := expert("anna", " ")
	nameless.GivenName, nameless.Surname = "Anna", "Weber"
	unknown := expert("0815", "")
	experts := mirrored(t, "DE", []graph.Person{nameless, unknown})
	for id, want := range map[graph.UserID]string{"anna": "Anna Weber", "0815": "0815"} {
		if got, err := experts.Expert(tenant, id); err != nil || got.Name != want {
			t.Errorf("Expert(%s): %q, %v, want %q", id, got.Name, err, want)
		}
	}
}

func TestWrongSettingsAreRefused(t *testing.T) {
	directory := &fakeDirectory{}
	for name, c := range map[string]struct {
		cfg  graph.Config
		deps graph.Deps
	}{
		"a negative interval":                 {graph.Config{SyncInterval: -1}, graph.Deps{Directory: directory}},
		"a negative timeout":                  {graph.Config{ConfirmTimeout: -1}, graph.Deps{Directory: directory}},
		"searches that end before they begin": {graph.Config{SearchTimeout: -1}, graph.Deps{Directory: directory}},
		"no directory":                        {graph.Config{}, graph.Deps{}},
		"an organisation twice": {graph.Config{}, graph.Deps{Directory: directory,
			Tenants: []graph.Tenant{{ID: tenant}, {ID: tenant}}}},
		"a country that is none": {graph.Config{}, graph.Deps{Directory: directory,
			Tenants: []graph.Tenant{{ID: tenant, Country: "de"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := graph.NewExperts(c.cfg, c.deps); err == nil {
				t.Error("accepted")
			}
		})
	}
}
