package ssotest

import "net/http"

// ProviderOptions shape the contact centre's own provider.
type ProviderOptions struct {
	Options
	Path     string // prefix below both addresses, such as "/contact-centre"
	ClientID string
	Secret   string
	Audience string // of its access tokens
	Accounts []ProviderAccount
}

// ProviderAccount is somebody known to the contact centre's own provider.
type ProviderAccount struct {
	Subject, Username, Password, Name string
	Roles                             []string
}

// Provider is the contact centre's own OpenID provider.
type Provider struct{}

// NewProvider makes one.
func NewProvider(o ProviderOptions) *Provider { return &Provider{} }

// Handler serves its paths, Path included.
func (p *Provider) Handler() http.Handler { return nil }

// Issuer is its issuer address.
func (p *Provider) Issuer() string { return "" }
