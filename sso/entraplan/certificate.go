package entraplan

import (
	"crypto/rsa"
	"crypto/sha1" // Entra names certificates by it; nothing rests on it
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
)

// keyCredential is Microsoft Graph's resource type of the same name, of a certificate.
type keyCredential struct {
	Type          string `json:"type"`
	Usage         string `json:"usage"`
	KeyID         string `json:"keyId"`
	DisplayName   string `json:"displayName"`
	StartDateTime string `json:"startDateTime"`
	EndDateTime   string `json:"endDateTime"`
	Key           string `json:"key"` // DER in base64
}

// certificate is what a plan needs of the service's.
type certificate struct {
	der          []byte
	begins, ends string // RFC 3339 in UTC
	thumbprint   string
}

// minKeyBits is the least that is still considered secure (NIST SP 800-57).
const minKeyBits = 2048

// readCertificate takes the first certificate of a PEM file. A private key
// beside it, as credential.certificate_file has, is passed over.
func readCertificate(text []byte) (*certificate, error) {
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			return nil, errors.New("the file holds no certificate in PEM (-----BEGIN CERTIFICATE-----)")
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		parsed, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, errors.New("the file's certificate cannot be read")
		}
		key, ok := parsed.PublicKey.(*rsa.PublicKey)
		if !ok || key.N.BitLen() < minKeyBits {
			return nil, errors.New("must have an RSA key, which is what Entra takes, of at least 2048 bits")
		}
		sum := sha1.Sum(parsed.Raw)
		return &certificate{
			der: parsed.Raw, begins: parsed.NotBefore.UTC().Format(time.RFC3339), ends: parsed.NotAfter.UTC().Format(time.RFC3339),
			thumbprint: strings.ToUpper(hex.EncodeToString(sum[:])),
		}, nil
	}
}

func (c *certificate) credential() keyCredential {
	return keyCredential{
		Type: "AsymmetricX509Cert", Usage: "Verify", KeyID: c.id(), DisplayName: "teamsbridge " + c.ends[:10],
		StartDateTime: c.begins, EndDateTime: c.ends, Key: base64.StdEncoding.EncodeToString(c.der),
	}
}

// id is made from the certificate, so that the same one is the same credential.
func (c *certificate) id() string {
	sum := sha256.Sum256(c.der)
	return uuid.NewSHA1(uuid.NameSpaceOID, sum[:]).String()
}

func (c *certificate) pem() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.der}))
}
