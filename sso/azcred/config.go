package azcred

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"teamsbridge/internal/cloud"
)

// Config names the service's credential. Of the first three at most one is
// given; a client secret counts when none is.
type Config struct {
	ClientID string `koanf:"client_id"`
	// CertificateFile is PEM or PKCS #12 with the certificate and its RSA key. A
	// new file takes effect without a restart.
	CertificateFile     string `koanf:"certificate_file"`
	CertificatePassword string `koanf:"certificate_password"` // of a PKCS #12 file
	// FederatedTokenFile holds a token of another issuer that the application
	// trusts (workload identity federation). It is read whenever it is needed.
	FederatedTokenFile string `koanf:"federated_token_file"`
	// ManagedIdentity is the client id of a user-assigned managed identity that the
	// application trusts. A system-assigned one cannot be trusted so.
	ManagedIdentity string `koanf:"managed_identity"`
	ClientSecret    string `koanf:"client_secret"`
	// ClientSecretEnds is the day on which the secret ends, like 2027-03-01, which
	// only the registration at Microsoft knows; empty means unknown.
	ClientSecretEnds string `koanf:"client_secret_ends"`

	Cloud     string `koanf:"-"`         // name in package cloud; empty means the worldwide one
	Authority string `koanf:"authority"` // empty means the cloud's
	// DisableInstanceDiscovery skips Microsoft's list of clouds, which knows no
	// simulated and no air-gapped authority.
	DisableInstanceDiscovery bool `koanf:"disable_instance_discovery"`
}

// The kinds of credential, the best first.
const (
	KindCertificate      = "certificate"
	KindWorkloadIdentity = "workload-identity"
	KindManagedIdentity  = "managed-identity"
	KindClientSecret     = "client-secret"
)

// Kind is the kind of credential that the configuration chooses; empty when it
// names none.
func (c Config) Kind() string {
	switch {
	case c.CertificateFile != "":
		return KindCertificate
	case c.FederatedTokenFile != "":
		return KindWorkloadIdentity
	case c.ManagedIdentity != "":
		return KindManagedIdentity
	case c.ClientSecret != "":
		return KindClientSecret
	}
	return ""
}

var guid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// Validate reports every problem at once, each with the name of its setting. It
// opens no file.
func (c Config) Validate() error {
	var problems []error
	bad := func(setting, message string) {
		problems = append(problems, fmt.Errorf("%s: %s", setting, message))
	}
	if _, ok := cloud.Named(c.Cloud); !ok {
		bad("cloud", "not one of Microsoft's")
	}
	if c.ClientID == "" {
		bad("client_id", "missing")
	}
	if c.Authority != "" && !strings.HasPrefix(c.Authority, "https://") {
		bad("authority", "must begin with https://")
	}
	problems = append(problems, c.validateProof())
	if c.CertificatePassword != "" && c.CertificateFile == "" {
		bad("certificate_password", "is of no use without certificate_file")
	}
	if c.ManagedIdentity != "" && !guid.MatchString(c.ManagedIdentity) {
		bad("managed_identity", "must be the client id of a user-assigned managed identity; Microsoft trusts no system-assigned one for an application")
	}
	if _, err := c.secretEnds(); err != nil {
		bad("client_secret_ends", "must be a day like 2027-03-01, in quotes")
	}
	return errors.Join(problems...)
}

func (c Config) validateProof() error {
	given := []string{}
	for _, one := range []struct{ setting, value string }{
		{"certificate_file", c.CertificateFile}, {"federated_token_file", c.FederatedTokenFile}, {"managed_identity", c.ManagedIdentity},
	} {
		if one.value != "" {
			given = append(given, one.setting)
		}
	}
	switch {
	case len(given) > 1:
		return fmt.Errorf("%s: only one of certificate_file, federated_token_file and managed_identity can be used", given[1])
	case c.Kind() == "":
		return errors.New("needs one of certificate_file, federated_token_file, managed_identity or, last, client_secret_file")
	}
	return nil
}

// secretEnds is the beginning of the day (UTC) on which the secret ends: which
// hour of it, the registration's list does not show.
func (c Config) secretEnds() (time.Time, error) {
	if c.ClientSecretEnds == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.DateOnly, c.ClientSecretEnds)
}

// authority is where the credential is shown.
func (c Config) authority() string {
	own, _ := cloud.Named(c.Cloud)
	return cmp.Or(strings.TrimSuffix(c.Authority, "/"), own.Authority)
}

// CheckFiles opens the certificate that a valid configuration names, and says
// what is wrong with it.
func CheckFiles(c Config) error {
	if c.Kind() != KindCertificate {
		return nil
	}
	data, err := os.ReadFile(c.CertificateFile)
	if err != nil {
		return fmt.Errorf("certificate_file: %w", err)
	}
	found, err := parseCertificate(data, c.CertificatePassword)
	if err == nil {
		err = found.usable(time.Now())
	}
	if err != nil {
		return fmt.Errorf("certificate_file: %w", err)
	}
	return nil
}
