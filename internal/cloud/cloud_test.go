package cloud_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"teamsbridge/internal/cloud"
)

func TestEveryCloudIsWhole(t *testing.T) {
	for _, name := range cloud.Names() {
		t.Run(name, func(t *testing.T) {
			c, ok := cloud.Named(name)
			if !ok || c.Name != name {
				t.Fatalf("found %q", c.Name)
			}
			for what, address := range map[string]string{"authority": c.Authority, "Graph": c.Graph, "issuer": c.IssuerV1, "Teams": c.Teams} {
				if u, err := url.Parse(address); err != nil || u.Scheme != "https" || u.Host == "" || u.RawQuery != "" {
					t.Errorf("%s: %q", what, address)
				}
			}
			if !strings.HasSuffix(c.IssuerV1, "/") || strings.HasSuffix(c.Authority, "/") || strings.HasSuffix(c.Graph, "/") {
				t.Error("only the issuer, to which the tenant is added, ends with a slash")
			}
			if c.Scope() != c.Graph+"/.default" || len(c.TeamsClients) == 0 || len(c.Frames) == 0 {
				t.Errorf("%+v", c)
			}
			for _, frame := range c.Frames {
				if !strings.HasPrefix(frame, "https://") || strings.ContainsAny(frame, " ;,'") {
					t.Errorf("frame %q does not belong into a policy", frame)
				}
			}
			if !slices.Contains(c.Frames, c.Teams) {
				t.Errorf("Teams at %q may not show its tab", c.Teams)
			}
			if of, ok := cloud.OfGraph(c.Graph + "/v1.0"); !ok || of.Name != name {
				t.Errorf("its Graph belongs to %q", of.Name)
			}
			for _, authority := range append([]string{c.Authority + "/organizations"}, c.Aliases...) {
				of := cloud.OfAuthority(authority)
				if !slices.ContainsFunc(of, func(o cloud.Cloud) bool { return o.Name == name }) {
					t.Errorf("%s belongs to %v", authority, of)
				}
			}
		})
	}
}

func TestWhatBelongsToNobody(t *testing.T) {
	for _, address := range []string{"", "https://127.0.0.1:8443", "https://graph.microsoft.com.example", "://", "https://login.example"} {
		if of := cloud.OfAuthority(address); of != nil {
			t.Errorf("%q signs in at %v", address, of)
		}
		if of, ok := cloud.OfGraph(address); ok {
			t.Errorf("%q is Graph of %v", address, of.Name)
		}
	}
	if c, ok := cloud.Named("germany"); ok {
		t.Errorf("found %v", c)
	}
	if c, ok := cloud.Named(""); !ok || c.Name != cloud.Global {
		t.Errorf("no name means %q", c.Name)
	}
}

func TestOnlyChinaHasNoPresence(t *testing.T) {
	for _, name := range cloud.Names() {
		if c, _ := cloud.Named(name); c.Presence == (name == cloud.China) {
			t.Errorf("%s: presence %v", name, c.Presence)
		}
	}
}
