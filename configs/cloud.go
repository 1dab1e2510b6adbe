package configs

import (
	"fmt"
	"strings"

	"teamsbridge/internal/cloud"
)

// completeCloud hands the cloud's name to each part that needs it, and gives the
// addresses that were left out.
func completeCloud(c *Config) {
	own, ok := cloud.Named(c.Cloud)
	if !ok {
		return // validateCloud says so
	}
	c.SSO.Entra.Cloud, c.Credential.Cloud, c.Web.Cloud = c.Cloud, c.Cloud, c.Cloud
	setIfEmpty(&c.SSO.Entra.Authority, own.Authority)
	setIfEmpty(&c.Credential.Authority, own.Authority)
	setIfEmpty(&c.Graph.BaseURL, own.Graph+"/v1.0")
}

// validateCloud refuses addresses of another cloud than the named one, whose
// tokens would be worth nothing. An address that is none of Microsoft's may be a
// proxy or a simulator and is nobody else's business.
func validateCloud(c Config, found *problems) {
	own, ok := cloud.Named(c.Cloud)
	if !ok {
		found.add("cloud", "must be "+strings.Join(cloud.Names(), ", "))
		return
	}
	for _, at := range []struct{ path, address string }{
		{"sso.entra.authority", c.SSO.Entra.Authority}, {"credential.authority", c.Credential.Authority},
	} {
		httpsAddress(found, at.path, at.address)
		if others := cloud.OfAuthority(at.address); len(others) > 0 && !own.SignsInAt(at.address) {
			found.add(at.path, foreign(others[0], own))
		}
	}
	httpsAddress(found, "graph.base_url", c.Graph.BaseURL)
	if other, ok := cloud.OfGraph(c.Graph.BaseURL); ok && other.Name != own.Name {
		found.add("graph.base_url", foreign(other, own))
	}
}

func foreign(other, own cloud.Cloud) string {
	return fmt.Sprintf("belongs to cloud %s, but cloud is %s; leave it out", other.Name, own.Name)
}
