package configs

import (
	"errors"
	"path/filepath"

	"teamsbridge/internal/tlsfiles"
	"teamsbridge/sso/azcred"
)

// resolveFiles makes the names of files that the service itself opens relative
// to the configuration's folder.
func resolveFiles(c *Config, dir string) {
	for _, name := range []*string{
		&c.Credential.CertificateFile, &c.Credential.FederatedTokenFile, &c.Web.TLS.CertFile, &c.Web.TLS.KeyFile, &c.Outbound.CAFile,
		&c.SIP.TLS.CertFile, &c.SIP.TLS.KeyFile, &c.SIP.TLS.CAFile, &c.SIP.Media.Music, &c.SIP.Media.Ringing, &c.SIP.Prompts,
	} {
		if *name != "" && !filepath.IsAbs(*name) {
			*name = filepath.Join(dir, *name)
		}
	}
}

// CheckFiles opens the certificates that a valid configuration names and says
// what is wrong with them, as a start would. The error is *Error.
func CheckFiles(c Config) error {
	found := &problems{}
	found.addAll("credential", azcred.CheckFiles(c.Credential))
	if c.Web.TLS.CertFile != "" {
		if _, err := tlsfiles.Load(c.Web.TLS.CertFile, c.Web.TLS.KeyFile, tlsfiles.Deps{}); err != nil {
			for _, e := range leaves(err) {
				found.add("web.tls", errors.Unwrap(e).Error())
			}
		}
	}
	if c.Switch.Kind == SwitchSIP {
		found.addAll("sip", c.SIP.CheckFiles())
	}
	return found.err()
}
