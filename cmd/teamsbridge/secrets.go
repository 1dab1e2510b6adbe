package main

import (
	"fmt"
	"slices"
	"strings"

	"teamsbridge/configs"
	"teamsbridge/internal/seal"
	"teamsbridge/sso"
	"teamsbridge/sso/azcred"
	"teamsbridge/sso/onbehalf"
)

// signInProof is how sign-ins at Entra are redeemed: by a client secret of their
// own, else by the service's credential, where that is the same application's.
func signInProof(cfg configs.Config, own *azcred.Credentials) (secret string, assertion sso.ClientAssertion) {
	secret = cfg.SSO.Entra.ClientSecret
	if secret != "" || !strings.EqualFold(cfg.SSO.Entra.ClientID, cfg.Credential.ClientID) {
		return secret, nil
	}
	if own.Kind() == azcred.KindClientSecret {
		return cfg.Credential.ClientSecret, nil
	}
	return "", own.Assertion()
}

// secretKeepers are the parts that work with secrets of the configuration: they
// show client secrets to somebody, or seal with the keys of sessions.
type secretKeepers struct {
	sessions    *seal.Keys // nil: none were configured at the start
	credentials *azcred.Credentials
	exchange    *onbehalf.Credentials
	verifier    *sso.Verifier
}

// renew has them work with those of a configuration that was read anew.
func (k secretKeepers) renew(cfg configs.Config) error {
	if err := k.credentials.SetClientSecret(cfg.Credential); err != nil {
		return fmt.Errorf("credential: %w", err)
	}
	proof, err := k.credentials.Confidential()
	if err != nil {
		return fmt.Errorf("credential: %w", err)
	}
	k.exchange.SetProof(proof)
	cfg.SSO.Entra.ClientSecret, _ = signInProof(cfg, k.credentials)
	k.verifier.SetClientSecrets(cfg.SSO.Config)
	return renewSessionKeys(k.sessions, cfg)
}

// renewSessionKeys seals with the configured keys from now on. Beginning or
// ending to configure any takes a restart.
func renewSessionKeys(present *seal.Keys, cfg configs.Config) error {
	if present == nil || cfg.Web.SessionKey == "" {
		return nil
	}
	keys, err := seal.Parse(cfg.Web.SessionKey)
	if err != nil {
		return fmt.Errorf("web.session_key: %w", err)
	}
	present.Renew(keys)
	return nil
}

// withoutSecrets is a configuration without the secrets that are renewed while
// the service runs: client secrets and, but for whether there is one, the key of
// sessions.
func withoutSecrets(c configs.Config) configs.Config {
	c.Credential.ClientSecret, c.Credential.ClientSecretEnds, c.SSO.Entra.ClientSecret = "", "", ""
	if c.Web.SessionKey != "" {
		c.Web.SessionKey = "configured"
	}
	c.SSO.ContactCentre = slices.Clone(c.SSO.ContactCentre)
	for i := range c.SSO.ContactCentre {
		c.SSO.ContactCentre[i].ClientSecret = ""
	}
	return c
}
