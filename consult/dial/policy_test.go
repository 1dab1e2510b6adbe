package dial_test

import (
	"strings"
	"testing"

	"teamsbridge/consult/dial"
)

func TestPolicy(t *testing.T) {
	policy := dial.Config{Policy: []dial.Rule{
		{Allow: true, Pattern: "+49900123456", Describe: "the one premium number that we pay for"},
		{Pattern: "+49900*", Describe: "premium numbers"},
		{Allow: true, Pattern: "+1900*", Roles: []string{"Supervisor"}, Describe: "supervisors may"},
		{Pattern: "+1900*", Describe: "US premium numbers"},
		{Pattern: "*21*", Describe: "call forwarding"},
		{Pattern: "#31#*", Describe: "hidden numbers"},
		{Pattern: "4711", Describe: "the lift's telephone"},
	}}
	for _, c := range []struct {
		name, input, country string
		roles                []string
		ok                   bool
		why                  string
	}{
		{"a number without a rule is allowed", "+49301234567", "DE", nil, true, ""},
		{"a denied prefix is refused with its description", "+49 900 555555", "DE", nil, false, "premium numbers"},
		{"the first match decides", "+49900123456", "DE", nil, true, "the one premium number that we pay for"},
		{"a rule for international form finds the national one", "0900 555555", "DE", nil, false, "premium numbers"},
		{"a rule for international form finds the one with an international prefix", "0049900555555", "DE", nil, false, "premium numbers"},
		{"a rule finds a number with a trunk zero after the country", "+490900555555", "DE", nil, false, "premium numbers"},
		{"a rule finds a number with digits to send after it", "+49900555555#1", "DE", nil, false, "premium numbers"},
		{"a rule for a role concerns that role", "+19005551234", "US", []string{"Agent", "Supervisor"}, true, "supervisors may"},
		{"a rule for a role does not concern others", "+19005551234", "US", []string{"Agent"}, false, "US premium numbers"},
		{"a feature code is matched like a number", "*21*0301234567#", "DE", nil, false, "call forwarding"},
		{"a feature code that begins with #", "#31#01711234567", "DE", nil, false, "hidden numbers"},
		{"an internal number is matched whole", "4711", "DE", nil, false, "the lift's telephone"},
		{"a longer number is not matched by a whole one", "47111", "DE", nil, true, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			ok, why := policy.Allowed(dial.Read(c.input, c.country), c.roles)
			if ok != c.ok || why != c.why {
				t.Errorf("Allowed(%q) = %t, %q; want %t, %q", c.input, ok, why, c.ok, c.why)
			}
		})
	}
}

func TestPolicyOfOneStarRefusesTheRest(t *testing.T) {
	policy := dial.Config{Policy: []dial.Rule{{Allow: true, Pattern: "+49*"}, {Pattern: "*", Describe: "abroad"}}}
	if ok, _ := policy.Allowed(dial.Read("+49301234567", "DE"), nil); !ok {
		t.Error("a German number is refused")
	}
	for _, input := range []string{"+12015532447", "1234", "*100#"} {
		if ok, why := policy.Allowed(dial.Read(input, "DE"), nil); ok || why != "abroad" {
			t.Errorf("Allowed(%q) = %t, %q; want refused", input, ok, why)
		}
	}
}

func TestConfigIsValidated(t *testing.T) {
	for _, c := range []struct {
		name   string
		config dial.Config
		want   []string // parts of the error; none means valid
	}{
		{"the zero configuration is valid", dial.Config{}, nil},
		{"every form of pattern is valid", dial.Config{Emergency: dial.EmergencyRefuse, Policy: []dial.Rule{
			{Pattern: "+49*"}, {Pattern: "0900*"}, {Pattern: "*21*"}, {Pattern: "#31#"}, {Pattern: "*"}, {Pattern: "1234"},
		}}, nil},
		{"every problem is named with its path", dial.Config{Emergency: "ask", Policy: []dial.Rule{
			{Pattern: "+49*"}, {Pattern: ""}, {Pattern: "49+"}, {Pattern: "abc"},
		}}, []string{"emergency:", "policy[1].pattern:", "policy[2].pattern:", "policy[3].pattern:"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.config.Validate()
			if (err == nil) != (c.want == nil) {
				t.Fatalf("Validate: %v", err)
			}
			for _, part := range c.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("Validate: %v, want %q in it", err, part)
				}
			}
		})
	}
}
