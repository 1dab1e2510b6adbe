package tlsfiles_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/internal/logtest"
	"teamsbridge/internal/tlsfiles"
)

// pair makes a certificate that ends then, with its key, as PEM.
func pair(t *testing.T, ends time.Time) (certificate, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(ends.Unix()), DNSNames: []string{"desktop.example"}, NotBefore: ends.AddDate(-3, 0, 0), NotAfter: ends,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	text, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: text})
}

// files keep a pair.
type files struct{ cert, key string }

func newFiles(t *testing.T, ends time.Time) files {
	t.Helper()
	dir := t.TempDir()
	f := files{filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")}
	f.put(t, ends)
	return f
}

func (f files) put(t *testing.T, ends time.Time) {
	t.Helper()
	certificate, key := pair(t, ends)
	write(t, f.cert, certificate)
	write(t, f.key, key)
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// follow runs the certificate until the test ends.
func follow(t *testing.T, f files) (*tlsfiles.Certificate, *logtest.Buffer) {
	t.Helper()
	logs := &logtest.Buffer{}
	c, err := tlsfiles.Load(f.cert, f.key, tlsfiles.Deps{Logger: slog.New(slog.NewTextHandler(logs, nil)), Registerer: prometheus.NewRegistry()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	synctest.Wait()
	return c, logs
}

// pass lets time go by on the tests' clock, and whatever is due happen.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

const year = 365 * 24 * time.Hour

func TestReplacedFilesAreUsedForTheNextHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first, second := time.Now().Add(year).Truncate(time.Second), time.Now().Add(2*year).Truncate(time.Second)
		f := newFiles(t, first)
		c, _ := follow(t, f)
		if got := served(t, c, &tls.Config{}); !got.Equal(first) {
			t.Errorf("at first: a certificate that ends %v", got)
		}
		f.put(t, second)
		pass(15 * time.Second)
		if got := served(t, c, &tls.Config{}); !got.Equal(second) || c.Problem() != "" {
			t.Errorf("renewed: a certificate that ends %v, problem %q", got, c.Problem())
		}
	})
}

func TestFilesThatCannotBeUsedLeaveTheOldOnesInUse(t *testing.T) {
	for _, c := range []struct {
		name, problem string
		spoil         func(*testing.T, files)
	}{
		{"a key of another certificate", "cannot be used", func(t *testing.T, f files) {
			_, key := pair(t, time.Now().Add(2*year))
			write(t, f.key, key)
		}},
		{"an empty certificate", "cannot be used", func(t *testing.T, f files) { write(t, f.cert, nil) }},
		{"one that has ended", "has ended on", func(t *testing.T, f files) { f.put(t, time.Now().Add(-time.Hour)) }},
		{"one that begins later", "begins only on", func(t *testing.T, f files) { f.put(t, time.Now().Add(4*year)) }},
		{"no key", "cannot be read", func(t *testing.T, f files) {
			if err := os.Remove(f.key); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFiles(t, time.Now().Add(year))
				certificate, logs := follow(t, f)
				before := certificate.Ends()
				c.spoil(t, f)
				pass(time.Hour)
				if got := served(t, certificate, &tls.Config{}); !got.Equal(before) {
					t.Errorf("serves a certificate that ends %v", got)
				}
				if !strings.Contains(certificate.Problem(), c.problem) || strings.Contains(certificate.Problem(), filepath.Dir(f.cert)) {
					t.Errorf("problem %q, want one with %q", certificate.Problem(), c.problem)
				}
				if n := strings.Count(logs.String(), "not used"); n != 1 {
					t.Errorf("told %d times: %s", n, logs)
				}
			})
		})
	}
}

func TestTheEndIsToldOnceADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, logs := follow(t, newFiles(t, time.Now().Add(29*24*time.Hour)))
		pass(50 * time.Hour)
		if n := strings.Count(logs.String(), "TLS certificate ends"); n != 3 {
			t.Errorf("told %d times in two days and two hours", n)
		}
	})
}

func TestOldProtocolsAndWeakSuitesAreRefused(t *testing.T) {
	for _, c := range []struct {
		name    string
		client  *tls.Config
		refused bool
	}{
		{"TLS 1.3", &tls.Config{MinVersion: tls.VersionTLS13}, false},
		{"TLS 1.2 with AES-GCM", &tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}}, false},
		{"TLS 1.2 with CBC", &tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA}}, true},
		{"TLS 1.1", &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFiles(t, time.Now().Add(year))
			certificate, err := tlsfiles.Load(f.cert, f.key, tlsfiles.Deps{})
			if err != nil {
				t.Fatal(err)
			}
			if ends := served(t, certificate, c.client); ends.IsZero() != c.refused {
				t.Errorf("refused: %v", ends.IsZero())
			}
		})
	}
}

func TestLoadSaysWhatIsWrong(t *testing.T) {
	f := newFiles(t, time.Now().Add(year))
	for _, key := range []string{f.cert, f.key + ".gone"} {
		if _, err := tlsfiles.Load(f.cert, key, tlsfiles.Deps{}); err == nil {
			t.Errorf("%s: accepted as key", filepath.Base(key))
		}
	}
}

// served is the end of the certificate that a client meets; zero when the
// handshake fails. It is done over a pipe, because sockets stall the tests' clock.
func served(t *testing.T, c *tlsfiles.Certificate, client *tls.Config) time.Time {
	t.Helper()
	client.InsecureSkipVerify = true // what is served is the question here
	near, far := net.Pipe()
	defer near.Close()
	done := make(chan struct{})
	go func() {
		defer close(done)
		server := tls.Server(far, c.Config())
		_ = server.Handshake() // the client sees how it ended
		_, _ = io.Copy(io.Discard, server)
		_ = far.Close()
	}()
	conn := tls.Client(near, client)
	err := conn.Handshake()
	_ = near.Close()
	<-done
	if err != nil {
		return time.Time{}
	}
	return conn.ConnectionState().PeerCertificates[0].NotAfter
}
