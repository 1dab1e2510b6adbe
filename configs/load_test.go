package configs_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/configs"
	"teamsbridge/sso"
)

const minimal = `
sso:
  entra:
    client_id: 11111111-2222-4333-8444-555555555555
    scope: api://example/access_as_user
    tenants: [AAAAAAAA-bbbb-4ccc-8ddd-eeeeeeeeeeee]
consult:
  wrapup:
    reasons: [{code: solved, label: Erledigt}]
`

func parse(t *testing.T, text string, environment map[string]string) (configs.Config, error) {
	t.Helper()
	merged := map[string]string{"TEAMSBRIDGE_CREDENTIAL_CLIENT_SECRET": "s"}
	for k, v := range environment {
		merged[k] = v
	}
	return configs.Parse([]byte(text), configs.Source{
		Getenv: func(name string) string { return merged[name] },
		ReadFile: func(name string) ([]byte, error) {
			switch name {
			case "dir/secret":
				return []byte("from-file\n"), nil
			case "dir/agents.yaml":
				return []byte("agents:\n- {id: anja, name: Anja, entra_id: 99999999-8888-4777-8666-555555555555, roles: [Agent]}\n"), nil
			}
			return nil, os.ErrNotExist
		},
		Dir: "dir",
	})
}

func TestExampleIsAccepted(t *testing.T) {
	cfg, err := configs.Load("teamsbridge.example.yaml", func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	if got, want := cfg.Credential.ClientSecret, "not-a-real-secret"; got != want {
		t.Errorf("client secret = %q, want what the named file holds, %q", got, want)
	}
	if got, want := cfg.Agents[0].Tenant, cfg.SSO.Entra.Tenants[0]; got != want {
		t.Errorf("tenant of the first agent = %q, want the only one, %q", got, want)
	}
	if got, want := cfg.Consult.WrapUp.Timer, 2*time.Minute; got != want {
		t.Errorf("wrap-up timer = %s, want %s", got, want)
	}
}

func TestCommentedKeysOfTheExampleAreKnown(t *testing.T) {
	data, err := os.ReadFile("teamsbridge.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"level", "max_body", "read_timeout", "cloud", "permissions", "require", "number_match", "authority", "idle",
		"base_url", "ca_file", "search", "sync_interval", "groups_interval", "mode", "persist", "poll_interval", "ring_timeout", "emergency", "drain_timeout", "kind", "dsn", "dsn_file", "connections", "interactions"} {
		if !strings.Contains(string(data), "# "+key+": ") && !strings.Contains(string(data), "#   "+key+": ") {
			t.Errorf("the example does not explain %s", key)
		}
	}
}

func TestEnvironmentWinsOverTheFile(t *testing.T) {
	cfg, err := parse(t, minimal, map[string]string{
		"TEAMSBRIDGE_WEB_LISTEN":              "127.0.0.1:9",
		"TEAMSBRIDGE_SSO_REQUIRE":             "in-teams",
		"TEAMSBRIDGE_SSO_ENTRA_TENANTS":       "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee, bbbbbbbb-bbbb-4ccc-8ddd-eeeeeeeeeeee",
		"TEAMSBRIDGE_CONSULT_RING_TIMEOUT":    "7s",
		"TEAMSBRIDGE_CONSULT_WRAPUP_PAUSE":    "true",
		"TEAMSBRIDGE_WEB_MAX_BODY":            "4096",
		"TEAMSBRIDGE_SERVICE_PORT":            "tcp://10.0.0.1:80",
		"TEAMSBRIDGE_SSO_ENTRA_CLIENT_SECRET": "from-environment",
	})
	if err != nil {
		t.Fatal(err)
	}
	got := []any{cfg.Web.Listen, cfg.SSO.Require, len(cfg.SSO.Entra.Tenants), cfg.Consult.RingTimeout,
		cfg.Consult.WrapUp.Pause, cfg.Web.MaxBody, cfg.SSO.Entra.ClientSecret}
	want := []any{"127.0.0.1:9", sso.RequireInTeams, 2, 7 * time.Second, true, int64(4096), "from-environment"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSectionsThatSpeakOfAnotherPackageReachIt(t *testing.T) {
	cfg, err := parse(t, minimal+"experts: {search: sso, country: AT}\ndial: {emergency: refuse}\n",
		map[string]string{"TEAMSBRIDGE_SSO_NUMBER_MATCH": "warn"})
	if err != nil {
		t.Fatal(err)
	}
	got := []any{cfg.ConsultConfig().NumberMatch, cfg.ConsultConfig().Dial.Emergency, cfg.WebConfig().ExpertsSearch,
		cfg.Tenants()[0].Country, string(cfg.Tenants()[0].ID), cfg.Credential.ClientID}
	want := []any{"warn", "refuse", "sso", "AT", "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee", "11111111-2222-4333-8444-555555555555"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheDatabaseMayBeNamedInAFileOfItsOwnOrTheEnvironment(t *testing.T) {
	for _, c := range []struct {
		name, text  string
		environment map[string]string
		want        string
	}{
		{name: "without a password it stands in the configuration", text: "store: {kind: postgres, dsn: host=db user=me}", want: "host=db user=me"},
		{name: "a file may hold it", text: "store: {kind: postgres, dsn_file: secret}", want: "from-file"},
		{name: "the environment may bring it, password and all", text: "store: {kind: postgres}",
			environment: map[string]string{"TEAMSBRIDGE_STORE_DSN": "postgres://me:secret@db/x"}, want: "postgres://me:secret@db/x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg, err := parse(t, minimal+c.text+"\n", c.environment)
			if err != nil || cfg.Store.DSN != c.want {
				t.Errorf("dsn = %q, %v; want %q", cfg.Store.DSN, err, c.want)
			}
		})
	}
}

func TestDurationsMayBeDays(t *testing.T) {
	for text, want := range map[string]time.Duration{"30d": 30 * 24 * time.Hour, "36h": 36 * time.Hour, "0": 0} {
		cfg, err := parse(t, minimal+"store: {retention: {interactions: "+text+"}}\n", nil)
		if got := cfg.Store.Retention.Interactions; err != nil || got != want {
			t.Errorf("%s = %v, %v; want %v", text, got, err, want)
		}
	}
	cfg, err := parse(t, minimal, map[string]string{"TEAMSBRIDGE_STORE_RETENTION_INTERACTIONS": "7d"})
	if got := cfg.Store.Retention.Interactions; err != nil || got != 7*24*time.Hour {
		t.Errorf("from the environment: %v, %v; want seven days", got, err)
	}
	for _, text := range []string{"d", "-1d", "1.5d", "99999d", "1d2h"} {
		if _, err := parse(t, minimal+"store: {retention: {interactions: '"+text+"'}}\n", nil); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}

func TestAgentsMayStandInAFileOfTheirOwn(t *testing.T) {
	cfg, err := parse(t, minimal+"agents_file: agents.yaml\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(cfg.Agents) != 1 || cfg.Agents[0].ID != "anja" {
		t.Errorf("agents = %+v", cfg.Agents)
	}
}

func TestProblems(t *testing.T) {
	for _, c := range []struct {
		name, text  string
		environment map[string]string
		want        []string // each line begins so
	}{
		{name: "an unknown key is named with its path", text: minimal + "web: {lisen: x}\n", want: []string{"web.lisen: unknown key"}},
		{name: "a key in another case is another key", text: minimal + "Web: {listen: ':1'}\n", want: []string{"Web: unknown key"}},
		{name: "an unknown key in a list is named with its place", text: minimal + "agents: [{id: a, name: A, subject: s, tel: 1}]\n",
			want: []string{"agents[0].tel: unknown key"}},
		{name: "the same key twice is refused", text: minimal + "web: {listen: ':1', listen: ':2'}\n", want: []string{"yaml: "}},
		{name: "text that is no YAML is refused", text: "{", want: []string{"yaml: "}},
		{name: "a file that is a list is refused", text: "- a\n", want: []string{"yaml: "}},
		{name: "a duration without unit is refused", text: minimal + "drain_timeout: 30\n", want: []string{"drain_timeout: must be a duration like 15s or 2m"}},
		{name: "a duration that is none is refused", text: minimal + "drain_timeout: soon\n", want: []string{"drain_timeout: "}},
		{name: "a section that is a text is refused", text: minimal + "web: yes please\n", want: []string{"web: must be a section with keys"}},
		{name: "a list that is a text is refused", text: minimal + "agents: anja\n", want: []string{"agents: must be a list"}},
		{name: "a key that stands elsewhere says where", text: minimal + "web: {experts_search: sso}\n",
			want: []string{"web.experts_search: is set at experts.search"}},
		{name: "what a package says of a moved key names where it stands", text: minimal + "dial: {emergency: perhaps}\n",
			want: []string{"dial.emergency: "}},
		{name: "an item of the wrong kind is named with its place", text: minimal + "agents: [anja]\n",
			want: []string{"agents[0]: must be a section with keys"}},
		{name: "a secret in the file is refused", text: minimal + "credential: {client_secret: abc}\n",
			want: []string{"credential.client_secret: a secret does not belong in this file"}},
		{name: "a secret's file that is not there is named", text: minimal + "credential: {client_secret_file: gone}\n",
			want: []string{"credential.client_secret_file: "}},
		{name: "agents here and in a file are refused", text: minimal + "agents_file: agents.yaml\nagents: []\n",
			want: []string{"agents_file: give the agents here or in the file, not both"}},
		{name: "a password in a connection address is refused", text: minimal + "store: {kind: postgres, dsn: 'postgres://me:secret@db/x'}\n",
			want: []string{"store.dsn: a password does not belong in this file"}},
		{name: "a password among a connection's words is refused", text: minimal + "store: {kind: postgres, dsn: 'host=db password = secret'}\n",
			want: []string{"store.dsn: a password does not belong in this file"}},
		{name: "a dsn here and in a file is refused", text: minimal + "store: {kind: postgres, dsn: host=db, dsn_file: secret}\n",
			want: []string{"store.dsn_file: give the dsn here or in the file, not both"}},
		{name: "a kind of store that is none is refused", text: minimal + "store: {kind: stone}\n", want: []string{"store.kind: must be sqlite, postgres"}},
		{name: "PostgreSQL needs to know where", text: minimal + "store: {kind: postgres}\n", want: []string{"store.dsn: name the database"}},
		{name: "a retention shorter than a day is refused", text: minimal + "store: {retention: {interactions: 23h}}\n",
			want: []string{"store.retention.interactions: must be at least 1d"}},
		{name: "notes kept for less than a day are refused: answers to commands hold them for as long", text: minimal + "store: {retention: {notes: 23h}}\n",
			want: []string{"store.retention.notes: must be at least 1d"}},
		{name: "no connections are refused", text: minimal + "store: {connections: 0}\n", want: []string{"store.connections: must be 1 to 1000"}},
		{name: "an environment value of the wrong kind is named", text: minimal,
			environment: map[string]string{"TEAMSBRIDGE_WEB_MAX_BODY": "big"},
			want:        []string{"web.max_body: TEAMSBRIDGE_WEB_MAX_BODY must be a number"}},
		{name: "a queue may only name agents that are there", text: strings.Replace(minimal, "consult:", "consult:\n  queues: [{id: q, name: Q, agents: [nobody]}]", 1),
			want: []string{"consult.queues[0].agents[0]: is not an agent of this organisation"}},
		{name: "what agents choose from needs ids",
			text: strings.Replace(minimal, "consult:", "consult:\n  queues: [{name: Q}]\n  entry_points: [{name: E, number: '+4930500'}]\n  dial_numbers: [{name: D, number: '+4930501'}]", 1),
			want: []string{"consult.dial_numbers[0].id: is missing", "consult.entry_points[0].id: is missing", "consult.queues[0].id: is missing"}},
		{name: "plain http is for loopback only", text: minimal + "graph: {base_url: 'http://graph.example/v1.0'}\n",
			want: []string{"graph.base_url: must begin with https://"}},
		{name: "everything wrong is told at once",
			text: "web: {listen: nowhere}\nlog: {level: loud}\nsso: {entra: {client_id: me}}\nexperts: {country: Germany, search: maybe}\nswitch: {kind: crossbar}\nstore: {path: '', reserve_mib: -1}\nfoo: 1\n",
			want: []string{
				"experts.country: ", "experts.search: ", "foo: unknown key", "log.level: ", "sso.entra.client_id: ",
				"sso.entra.scope: ", "sso.entra.tenants: ", "store.path: ", "store.reserve_mib: ", "switch.kind: ", "web.listen: ",
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parse(t, c.text, c.environment)
			problems, ok := errors.AsType[*configs.Error](err)
			if !ok {
				t.Fatalf("error = %v, want *configs.Error", err)
			}
			lines := strings.Split(problems.Error(), "\n")
			for _, want := range c.want {
				if !contains(lines, want) {
					t.Errorf("no line begins with %q in:\n%v", want, err)
				}
			}
		})
	}
}

func contains(lines []string, prefix string) bool {
	for _, line := range lines {
		if strings.HasPrefix(line, prefix) {
			return true
		}
	}
	return false
}

func FuzzParse(f *testing.F) {
	f.Add(minimal)
	f.Add("agents: [{id: a, roles: [Agent]}]\nsso: {contact_centre: [{name: x, client_secret_file: y}]}")
	f.Add("? [a, b]\n: c\n1: 2\nweb: {tls: []}\nexperts: {countries: {1: 2}}\na.b: 3\n")
	f.Add("<<: *x")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := configs.Parse([]byte(text), configs.Source{})
		if err == nil {
			return
		}
		problems, ok := errors.AsType[*configs.Error](err)
		if !ok || len(problems.Problems) == 0 {
			t.Fatalf("error without problems: %v", err)
		}
	})
}
