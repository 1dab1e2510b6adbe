package configs_test

import (
	"errors"
	"strings"
	"testing"

	"teamsbridge/configs"
)

func TestOneKeyNamesTheCloud(t *testing.T) {
	for name, want := range map[string]struct{ authority, graph string }{
		"":                  {"https://login.microsoftonline.com", "https://graph.microsoft.com/v1.0"},
		"cloud: global\n":   {"https://login.microsoftonline.com", "https://graph.microsoft.com/v1.0"},
		"cloud: gcc-high\n": {"https://login.microsoftonline.us", "https://graph.microsoft.us/v1.0"},
		"cloud: dod\n":      {"https://login.microsoftonline.us", "https://dod-graph.microsoft.us/v1.0"},
		"cloud: china\n":    {"https://login.partner.microsoftonline.cn", "https://microsoftgraph.chinacloudapi.cn/v1.0"},
		// What is given all the same stays: an alias, a proxy, a simulator.
		"cloud: china\ngraph: {base_url: 'https://proxy.example/graph'}\n": {
			"https://login.partner.microsoftonline.cn", "https://proxy.example/graph"},
		"cloud: dod\ncredential: {authority: 'https://127.0.0.1:8443'}\n": {
			"https://login.microsoftonline.us", "https://dod-graph.microsoft.us/v1.0"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := parse(t, minimal+name, nil)
			if err != nil {
				t.Fatal(err)
			}
			if cfg.SSO.Entra.Authority != want.authority || cfg.Graph.BaseURL != want.graph {
				t.Errorf("authority %s, Graph %s", cfg.SSO.Entra.Authority, cfg.Graph.BaseURL)
			}
			for part, told := range map[string]string{"sso": cfg.SSO.Entra.Cloud, "credential": cfg.Credential.Cloud, "web": cfg.WebConfig().Cloud} {
				if told != cfg.Cloud {
					t.Errorf("%s was told %q, not %q", part, told, cfg.Cloud)
				}
			}
		})
	}
}

func TestAddressesOfTwoCloudsAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"cloud: germany\n": "cloud: must be global, gcc-high, dod, china",
		"cloud: china\ngraph: {base_url: 'https://graph.microsoft.com/v1.0'}\n":     "graph.base_url: belongs to cloud global, but cloud is china; leave it out",
		"cloud: gcc-high\ngraph: {base_url: 'https://dod-graph.microsoft.us/v1.0'}": "graph.base_url: belongs to cloud dod, but cloud is gcc-high; leave it out",
		"credential: {authority: 'https://login.chinacloudapi.cn'}\n":               "credential.authority: belongs to cloud china, but cloud is global; leave it out",
	} {
		t.Run(text, func(t *testing.T) {
			_, err := parse(t, minimal+text, nil)
			problems, ok := errors.AsType[*configs.Error](err)
			if !ok || !contains(strings.Split(problems.Error(), "\n"), want) {
				t.Errorf("error %v, want %q", err, want)
			}
		})
	}
}
