package sip

import (
	"testing"
	"time"
)

func TestDirectRoutingIsSetUpByItsRules(t *testing.T) {
	t.Parallel()
	config := Config{Trunks: []TrunkConfig{
		{Name: "teams", DirectRouting: true}, {Name: "slower", DirectRouting: true, Options: 2 * time.Minute}, {Name: "other"},
	}}.withDefaults()
	trunks := config.endpoint().Trunks
	if teams := config.Trunks[0]; teams.Options != time.Minute || teams.Encryption != "required" || !trunks[0].UserPhone {
		t.Errorf("teams %+v, want OPTIONS every minute, encryption required and user=phone", teams)
	}
	if slower := config.Trunks[1]; slower.Options != 2*time.Minute {
		t.Errorf("OPTIONS every %v, though configured", slower.Options)
	}
	if other := config.Trunks[2]; other.Options != 0 || other.Encryption != "" || trunks[2].UserPhone {
		t.Errorf("another trunk %+v", other)
	}
}
