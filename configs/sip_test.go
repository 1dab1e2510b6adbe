package configs_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"teamsbridge/configs"
)

// realCalls is the least that a service with real calls needs, without a trunk.
const realCalls = minimal + `
switch: {kind: sip}
sip:
  host: sip.example.com
  listen: [{transport: udp, address: "192.0.2.10:5060"}]
  media: {address: 192.0.2.10}
`

const aTrunk = "  trunks: [{name: carrier, peers: [{transport: udp, host: 192.0.2.20}]}]\n"

func TestRealCallsBringTheirDefaultsAndSecrets(t *testing.T) {
	cfg, err := parse(t, realCalls+`
  trunks:
  - name: carrier
    peers: [{transport: udp, host: 192.0.2.20}]
    username: me
    password_file: secret
    callers: [{user: sbc, password_file: secret}]
    options: 60s
`, nil)
	if err != nil {
		t.Fatal(err)
	}
	trunk := cfg.SIP.Trunks[0]
	if trunk.Password != "from-file" || trunk.Callers[0].Password != "from-file" || trunk.Options != time.Minute {
		t.Errorf("trunk %+v", trunk)
	}
	if got := cfg.ConsultConfig().Acceptance; got != "key" {
		t.Errorf("acceptance %q: a voicemail could become a consult", got)
	}
	if cfg.Switch.Drain != 5*time.Minute {
		t.Errorf("drain %v", cfg.Switch.Drain)
	}
	if name := cfg.SIP.ExpertsTrunk().Name; name != "carrier" {
		t.Errorf("experts are rung by %q, want the first trunk", name)
	}
}

func TestWhatIsWrongWithRealCallsIsSaidLineByLine(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"no trunk":                           {realCalls, "sip.trunks: at least one is needed"},
		"a trunk that is not there":          {realCalls + aTrunk + "  routes: {experts: teams}\n", `sip.routes.experts: there is no trunk "teams"`},
		"an inbound trunk that is not there": {realCalls + aTrunk + "  inbound: {trunks: [x]}\n", `sip.inbound.trunks[0]: there is no trunk "x"`},
		"a password in the file":             {realCalls + "  trunks: [{name: carrier, peers: [{transport: udp, host: a}], username: me, password: swordfish}]\n", "sip.trunks[0].password: a secret does not belong in this file"},
		"a password file that is not there":  {realCalls + "  trunks: [{name: carrier, peers: [{transport: udp, host: a}], username: me, password_file: gone}]\n", "sip.trunks[0].password_file: "},
		"a transport that nobody knows":      {realCalls + "  trunks: [{name: carrier, peers: [{transport: ws, host: a}]}]\n", "sip.trunks[0].peers[0].transport: "},
		"a network that is none":             {realCalls + "  trunks: [{name: carrier, networks: [all]}]\n", "sip.trunks[0].networks[0]: "},
		"a session timer below RFC 4028's":   {realCalls + "  trunks: [{name: carrier, networks: [192.0.2.0/24], session_expires: 10s}]\n", "sip.trunks[0].session_expires: "},
		"a language without prompts":         {realCalls + aTrunk + "  language: fr\n", "sip.language: must be de or en"},
		"more of a customer than there is":   {realCalls + aTrunk + "  show_customer: all\n", "sip.show_customer: must be one of none, masked, full"},
		"a number that is none":              {realCalls + aTrunk + "  limits: {allowed: [germany]}\n", "sip.limits.allowed[0]: "},
		"a negative limit":                   {realCalls + aTrunk + "  limits: {calls: -1}\n", "sip.limits: must not be negative"},
		"a key that nobody knows":            {realCalls + aTrunk + "  stun: x\n", "sip.stun: unknown key"},
		"a drain that is negative":           {minimal + "switch: {kind: sip, drain: -1s}\n", "switch.drain: "},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse(t, c.text, nil)
			if err == nil || !contains(strings.Split(err.Error(), "\n"), c.want) {
				t.Errorf("no line begins with %q in:\n%v", c.want, err)
			}
			if err != nil && strings.Contains(err.Error(), "swordfish") {
				t.Error("the password is told")
			}
		})
	}
}

func TestCheckFilesOpensWhatRealCallsName(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"ringing that is not there":      {"  media: {address: 192.0.2.10, ringing: gone.wav}\n", "sip.media.ringing: "},
		"music that is not there":        {"  media: {address: 192.0.2.10, music: gone.wav}\n", "sip.media.music: "},
		"a certificate that is none":     {"  media: {address: 192.0.2.10}\n  tls: {cert_file: plain.pfx, key_file: plain.pfx}\n", "sip.tls: "},
		"prompts that are not there":     {"  media: {address: 192.0.2.10}\n  prompts: gone\n", "sip.prompts: "},
		"what is built in needs no file": {"  media: {address: 192.0.2.10}\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(realCalls, "  media: {address: 192.0.2.10}\n", "", 1) + aTrunk + c.text
			cfg, err := configs.Parse([]byte(text+"credential: {certificate_file: plain.pfx}\n"), configs.Source{Dir: filepath.Join("..", "sso", "azcred", "testdata")})
			if err != nil {
				t.Fatal(err)
			}
			err = configs.CheckFiles(cfg)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}
