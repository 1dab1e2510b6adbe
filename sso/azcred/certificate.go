package azcred

import (
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

// assertionLife is how long one proof may be used, as Microsoft advises.
const assertionLife = 10 * time.Minute

// certificate is a certificate with the key that belongs to it.
type certificate struct {
	leaf *x509.Certificate
	key  *rsa.PrivateKey
}

// parseCertificate reads PEM or PKCS #12. The error tells nothing of what stands
// in the file.
func parseCertificate(data []byte, password string) (*certificate, error) {
	certificates, key, err := azidentity.ParseCertificates(data, []byte(password))
	if err != nil {
		if password == "" {
			return nil, errors.New("holds no readable certificate with its private key; a PKCS #12 file may need its certificate_password")
		}
		return nil, errors.New("holds no readable certificate with its private key, or the password is wrong")
	}
	own, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("must have an RSA key: Microsoft accepts no other")
	}
	for _, c := range certificates {
		if public, ok := c.PublicKey.(*rsa.PublicKey); ok && public.Equal(own.Public()) {
			return &certificate{leaf: c, key: own}, nil
		}
	}
	return nil, errors.New("holds no certificate for its private key")
}

// usable refuses a certificate outside its time.
func (c *certificate) usable(now time.Time) error {
	switch {
	case now.After(c.leaf.NotAfter):
		return fmt.Errorf("the certificate ended on %s", c.leaf.NotAfter.UTC().Format(time.DateOnly))
	case now.Before(c.leaf.NotBefore):
		return fmt.Errorf("the certificate begins on %s only", c.leaf.NotBefore.UTC().Format(time.DateOnly))
	}
	return nil
}

func (c *certificate) is(other *certificate) bool { return c.leaf.Equal(other.leaf) }

// assertion proves at the endpoint that the client holds the key: RFC 7523
// section 2.2 and 3, in the form of "Microsoft identity platform application
// authentication certificate credentials".
func (c *certificate) assertion(clientID, endpoint string, now time.Time) (string, error) {
	token := jwt.NewWithClaims(jwt.SigningMethodPS256, jwt.RegisteredClaims{
		Issuer: clientID, Subject: clientID, Audience: jwt.ClaimStrings{endpoint}, ID: uuid.NewString(),
		IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(assertionLife)),
	})
	sum := sha256.Sum256(c.leaf.Raw)
	token.Header["x5t#S256"] = base64.RawURLEncoding.EncodeToString(sum[:])
	return token.SignedString(c.key)
}
