package sip

import (
	"crypto/tls"
	"errors"
	"fmt"

	"teamsbridge/consult/sip/media"
	"teamsbridge/internal/tlsfiles"
)

// Certificate opens the certificate of section tls; nil where there is none.
func (c Config) Certificate(deps tlsfiles.Deps) (*tlsfiles.Certificate, error) {
	if c.TLS.CertFile == "" {
		return nil, nil
	}
	certificate, err := tlsfiles.Load(c.TLS.CertFile, c.TLS.KeyFile, deps)
	if err != nil {
		return nil, fmt.Errorf("sip.tls: %w", err)
	}
	return certificate, nil
}

// Authorities opens ca_file of section tls: clients must have a certificate of
// theirs. nil where there is none; servers are trusted then whom the system trusts.
func (c Config) Authorities(deps tlsfiles.Deps) (*tlsfiles.Authorities, error) {
	if c.TLS.CAFile == "" {
		return nil, nil
	}
	authorities, err := tlsfiles.LoadAuthorities(c.TLS.CAFile, deps)
	if err != nil {
		return nil, fmt.Errorf("sip.tls.ca_file: %w", err)
	}
	return authorities, nil
}

// TLSConfig shows the certificate to clients and servers alike.
func (c Config) TLSConfig(certificate *tlsfiles.Certificate) *tls.Config {
	config := certificate.Config()
	config.NextProtos = nil
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return certificate.Current(), nil }
	return config
}

// sounds opens the operator's own; nil where the built-in one is meant.
func (c MediaConfig) sounds() (music, ringing *media.Sound, err error) {
	var errs []error
	load := func(path, file string) *media.Sound {
		if file == "" {
			return nil
		}
		sound, err := media.LoadWAV(file)
		if err != nil {
			errs = append(errs, fmt.Errorf("sip.media.%s: %w", path, err))
		}
		return sound
	}
	music, ringing = load("music", c.Music), load("ringing", c.Ringing)
	return music, ringing, errors.Join(errs...)
}

// CheckFiles opens what the configuration names and says what is wrong with it,
// as a start would.
func (c Config) CheckFiles() error {
	var errs []error
	if _, err := c.Certificate(tlsfiles.Deps{}); err != nil {
		errs = append(errs, err)
	}
	if _, err := c.Authorities(tlsfiles.Deps{}); err != nil {
		errs = append(errs, err)
	}
	if _, _, err := c.Media.sounds(); err != nil {
		errs = append(errs, err)
	}
	if c.Prompts != "" {
		if _, err := media.LoadPrompts(c.Prompts); err != nil {
			errs = append(errs, fmt.Errorf("sip.prompts: %w", err))
		}
	}
	return errors.Join(errs...)
}
