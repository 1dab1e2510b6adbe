package demo

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

const certificateLife = 365 * 24 * time.Hour

// loadCertificate reads the simulators' certificate from the folder, or makes
// one. caFile is what a client must trust: it signs itself.
func loadCertificate(dir string, now time.Time) (certificate tls.Certificate, caFile string, err error) {
	caFile = filepath.Join(dir, "simulators-ca.pem")
	keyFile := filepath.Join(dir, "simulators-key.pem")
	certificate, err = tls.LoadX509KeyPair(caFile, keyFile)
	switch {
	case err == nil && now.Before(certificate.Leaf.NotAfter.Add(-24*time.Hour)):
		return certificate, caFile, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return tls.Certificate{}, "", fmt.Errorf("simulators' certificate: %w", err)
	}
	if err := makeCertificate(caFile, keyFile, now); err != nil {
		return tls.Certificate{}, "", fmt.Errorf("make the simulators' certificate: %w", err)
	}
	certificate, err = tls.LoadX509KeyPair(caFile, keyFile)
	return certificate, caFile, err
}

func makeCertificate(caFile, keyFile string, now time.Time) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: "teamsbridge demo simulators"},
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              now.Add(certificateLife),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true,
		DNSNames:              []string{"localhost"},
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600); err != nil {
		return err
	}
	return os.WriteFile(caFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600)
}

// keptAddress is where to listen: as asked, but port 0 means the port of last
// time, if there was one.
func keptAddress(dir, asked string) (string, error) {
	host, port, err := net.SplitHostPort(asked)
	if err != nil {
		return "", fmt.Errorf("address %q: %w", asked, err)
	}
	if port != "0" {
		return asked, nil
	}
	kept, err := os.ReadFile(tlsAddressFile(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return asked, nil
	}
	if err != nil {
		return "", fmt.Errorf("kept TLS address: %w", err)
	}
	_, port, err = net.SplitHostPort(string(kept))
	if err != nil {
		return "", fmt.Errorf("kept TLS address: %w", err)
	}
	return net.JoinHostPort(host, port), nil
}

func keepAddress(dir, address string) error {
	if err := os.WriteFile(tlsAddressFile(dir), []byte(address), 0o600); err != nil {
		return fmt.Errorf("keep the TLS address: %w", err)
	}
	return nil
}

func tlsAddressFile(dir string) string { return filepath.Join(dir, "simulators-tls-address") }
