package azcred

import (
	"cmp"
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	azcloud "github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"

	"teamsbridge/internal/cloud"
)

// Config names the service's credential: a certificate file before a secret.
type Config struct {
	ClientID        string `koanf:"client_id"`
	CertificateFile string `koanf:"certificate_file"` // PEM or PKCS #12 without password, with its RSA key
	ClientSecret    string `koanf:"client_secret"`
	Cloud           string `koanf:"-"`         // name in package cloud; empty means the worldwide one
	Authority       string `koanf:"authority"` // empty means the cloud's
	// DisableInstanceDiscovery skips Microsoft's list of clouds, which knows no
	// simulated and no air-gapped authority.
	DisableInstanceDiscovery bool `koanf:"disable_instance_discovery"`
}

// Retries are few and short: whoever waits for a token holds up a search or a
// sync, and both have a retry of their own.
var retry = policy.RetryOptions{
	MaxRetries: 2, RetryDelay: 300 * time.Millisecond, MaxRetryDelay: 5 * time.Second, TryTimeout: 15 * time.Second,
}

// Credentials gives one credential per tenant. Safe for concurrent use.
type Credentials struct {
	config       Config
	scope        string // of Graph's tokens
	client       *http.Client
	certificates []*x509.Certificate
	key          crypto.PrivateKey

	mu      sync.Mutex
	tenants map[string]*tenantCredential
}

// New checks the configuration and reads the certificate. client carries every
// request and decides which CAs are trusted; nil means azidentity's own.
func New(cfg Config, client *http.Client) (*Credentials, error) {
	var problems []error
	own, ok := cloud.Named(cfg.Cloud)
	if !ok {
		problems = append(problems, errors.New("cloud: not one of Microsoft's"))
	}
	cfg.Authority = cmp.Or(strings.TrimSuffix(cfg.Authority, "/"), own.Authority)
	c := &Credentials{config: cfg, scope: own.Scope(), client: client, tenants: map[string]*tenantCredential{}}
	if cfg.ClientID == "" {
		problems = append(problems, errors.New("client_id: missing"))
	}
	if !strings.HasPrefix(cfg.Authority, "https://") {
		problems = append(problems, errors.New("authority: must begin with https://"))
	}
	switch {
	case cfg.CertificateFile != "":
		if err := c.readCertificate(); err != nil {
			problems = append(problems, err)
		}
	case cfg.ClientSecret == "":
		problems = append(problems, errors.New("certificate_file or client_secret: one is needed"))
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Credentials) readCertificate() error {
	data, err := os.ReadFile(c.config.CertificateFile)
	if err != nil {
		return fmt.Errorf("certificate_file: %w", err)
	}
	c.certificates, c.key, err = azidentity.ParseCertificates(data, nil)
	if err != nil {
		// azidentity's own text could quote what stands in the file.
		return errors.New("certificate_file: holds no readable certificate with its private key")
	}
	return nil
}

// For gives the tenant's credential, the same one each time. It asks nobody yet.
func (c *Credentials) For(tenant string) (azcore.TokenCredential, error) { return c.of(tenant) }

func (c *Credentials) of(tenant string) (*tenantCredential, error) {
	tenant = strings.ToLower(tenant)
	c.mu.Lock()
	defer c.mu.Unlock()
	if known, ok := c.tenants[tenant]; ok {
		return known, nil
	}
	first, err := c.fresh(tenant)
	if err != nil {
		return nil, fmt.Errorf("credential for tenant %s: %w", tenant, err)
	}
	made := &tenantCredential{}
	made.current.Store(&first)
	c.tenants[tenant] = made
	return made, nil
}

// fresh makes a credential with an empty cache.
func (c *Credentials) fresh(tenant string) (azcore.TokenCredential, error) {
	options := azcore.ClientOptions{
		Cloud: azcloud.Configuration{ActiveDirectoryAuthorityHost: c.config.Authority},
		Retry: retry,
	}
	if c.client != nil {
		options.Transport = c.client
	}
	if c.certificates != nil {
		return azidentity.NewClientCertificateCredential(tenant, c.config.ClientID, c.certificates, c.key,
			&azidentity.ClientCertificateCredentialOptions{
				ClientOptions: options, DisableInstanceDiscovery: c.config.DisableInstanceDiscovery,
			})
	}
	return azidentity.NewClientSecretCredential(tenant, c.config.ClientID, c.config.ClientSecret,
		&azidentity.ClientSecretCredentialOptions{
			ClientOptions: options, DisableInstanceDiscovery: c.config.DisableInstanceDiscovery,
		})
}

// Confidential is the same credential for Microsoft's confidential client.
func (c *Credentials) Confidential() (confidential.Credential, error) {
	if c.certificates != nil {
		return confidential.NewCredFromCert(c.certificates, c.key)
	}
	return confidential.NewCredFromSecret(c.config.ClientSecret)
}

// Authority is where the credential is shown.
func (c *Credentials) Authority() string { return c.config.Authority }

// Ends is when the certificate ends; zero for a secret, whose end only Microsoft knows.
func (c *Credentials) Ends() time.Time {
	if len(c.certificates) == 0 {
		return time.Time{}
	}
	return c.certificates[0].NotAfter.UTC() // azidentity puts the key's own certificate first
}

// tenantCredential stands for a tenant for good, while the azidentity credential
// behind it, and with it the cache, may be replaced.
type tenantCredential struct {
	current atomic.Pointer[azcore.TokenCredential]
}

// GetToken satisfies azcore.TokenCredential.
func (t *tenantCredential) GetToken(ctx context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return (*t.current.Load()).GetToken(ctx, options)
}
