package azcred

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
)

// Config names the service's credential: a certificate file before a secret.
type Config struct {
	ClientID        string `koanf:"client_id"`
	CertificateFile string `koanf:"certificate_file"` // PEM with key
	ClientSecret    string `koanf:"client_secret"`
	Authority       string `koanf:"authority"` // https://login.microsoftonline.com
	// Simulated skips Microsoft's instance discovery, which knows no simulated authority.
	DisableInstanceDiscovery bool `koanf:"disable_instance_discovery"`
}

// Credentials gives one credential per tenant.
type Credentials struct{}

// New checks the configuration and reads the certificate.
func New(cfg Config, client *http.Client) (*Credentials, error) { return nil, errors.ErrUnsupported }

// For gives the tenant's credential, the same one each time.
func (c *Credentials) For(tenant string) (azcore.TokenCredential, error) {
	return nil, errors.ErrUnsupported
}

// Ends is when the certificate ends; zero for a secret, whose end only Microsoft knows.
func (c *Credentials) Ends() time.Time { return time.Time{} }

// Attempt is what one token request for Graph told.
type Attempt struct {
	OK        bool
	Code      string // AADSTS code without text, or "unreachable"
	Meaning   string // "ok", "app-disabled", "app-missing", "consent-required", "credential", "unreachable", "other"
	RequestID string
}

// Try requests a token for Graph in the tenant and reads the outcome.
func (c *Credentials) Try(ctx context.Context, tenant string) Attempt { return Attempt{} }
