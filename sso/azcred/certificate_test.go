package azcred_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/internal/logtest"
	"teamsbridge/sso/azcred"
	"teamsbridge/sso/ssotest"
)

func TestCertificateComesBeforeTheSecret(t *testing.T) {
	file, certificate := writeCertificate(t)
	_, server, _ := start(t, ssotest.App{Certificates: []*x509.Certificate{certificate}})
	cfg := config(server)
	cfg.CertificateFile, cfg.ClientSecret = file, "wrong, but never asked for"
	credentials := open(t, cfg, server.Client())
	if got := credentials.Try(t.Context(), tenant); !got.OK {
		t.Errorf("%+v", got)
	}
	if ends := credentials.Ends(); !ends.Equal(certificate.NotAfter) {
		t.Errorf("ends %v, want %v", ends, certificate.NotAfter)
	}
}

func TestCertificateThatIsNotRegistered(t *testing.T) {
	file, _ := writeCertificate(t)
	_, server, _ := start(t, ssotest.App{})
	cfg := config(server)
	cfg.CertificateFile = file
	got := open(t, cfg, server.Client()).Try(t.Context(), tenant)
	if got.Code != "AADSTS700027" || got.Meaning != azcred.MeaningCredential {
		t.Errorf("%+v", got)
	}
}

// inProcess answers without sockets, which would stall the tests' clock.
type inProcess struct{ http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	resp := w.Result()
	resp.Request = r
	return resp, nil
}

// renewing is a service whose certificate is followed by Run, and an Entra where
// certificates can be registered; all inside the tests' clock.
type renewing struct {
	*azcred.Credentials
	file     string
	logs     *logtest.Buffer
	registry *prometheus.Registry
	register func(...*x509.Certificate)
}

func startRenewing(t *testing.T, ends time.Duration) renewing {
	t.Helper()
	entra := ssotest.New(ssotest.Options{TLSURL: "https://login.example"})
	entra.AddTenant(ssotest.Tenant{ID: tenant, Name: "Nordlicht", Domain: "nordlicht.example"})
	r := renewing{file: filepath.Join(t.TempDir(), "service.pem"), logs: &logtest.Buffer{}, registry: prometheus.NewRegistry()}
	r.register = func(certificates ...*x509.Certificate) {
		entra.AddApp(ssotest.App{ClientID: clientID, Certificates: certificates, GraphApplication: []string{"User.Read.All"}})
		entra.Consent(tenant, clientID, []string{"User.Read.All"})
	}
	certificate, text := registered(t, time.Now().Add(ends))
	put(t, r.file, text)
	r.register(certificate)
	var err error
	r.Credentials, err = azcred.New(azcred.Config{
		ClientID: clientID, CertificateFile: r.file, Authority: "https://login.example", DisableInstanceDiscovery: true,
	}, azcred.Deps{
		HTTPClient: &http.Client{Transport: inProcess{entra.Handler()}}, Registerer: r.registry,
		Logger: slog.New(slog.NewTextHandler(r.logs, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Try(t.Context(), tenant); !got.OK {
		t.Fatalf("at first: %+v", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	synctest.Wait()
	return r
}

// pass lets time go by, and whatever is due happen.
func pass(d time.Duration) {
	time.Sleep(d) // the tests' clock, not the machine's
	synctest.Wait()
}

const year = 365 * 24 * time.Hour

func TestARenewedCertificateIsUsedForTheNextToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startRenewing(t, year)
		next, text := registered(t, time.Now().Add(2*year))
		r.register(next) // the old one is registered no more
		put(t, r.file, text)
		if got := r.Try(t.Context(), tenant); got.OK {
			t.Error("the new one was used before it was seen")
		}
		pass(time.Minute)
		if got := r.Try(t.Context(), tenant); !got.OK {
			t.Errorf("with the new one: %+v", got)
		}
		if !r.Ends().Equal(next.NotAfter) || r.Problem() != "" {
			t.Errorf("ends %v, problem %q", r.Ends(), r.Problem())
		}
	})
}

func TestACertificateThatCannotBeUsedLeavesTheOldOneInUse(t *testing.T) {
	for _, c := range []struct {
		name, problem string
		spoil         func(t *testing.T, r renewing)
	}{
		{"a file that was cut", "no readable certificate", func(t *testing.T, r renewing) {
			_, text := registered(t, time.Now().Add(year))
			put(t, r.file, text[:len(text)/2])
		}},
		{"an empty file", "no readable certificate", func(t *testing.T, r renewing) { put(t, r.file, nil) }},
		{"no file", "cannot be read", func(t *testing.T, r renewing) {
			if err := os.Remove(r.file); err != nil {
				t.Fatal(err)
			}
		}},
		{"one that has ended", "ended on", func(t *testing.T, r renewing) {
			_, text := registered(t, time.Now().Add(-time.Hour))
			put(t, r.file, text)
		}},
		{"one that begins later", "begins on", func(t *testing.T, r renewing) {
			_, text := registered(t, time.Now().Add(4*year))
			put(t, r.file, text)
		}},
		{"one that is not registered", "AADSTS700027", func(t *testing.T, r renewing) {
			_, text := registered(t, time.Now().Add(2*year))
			put(t, r.file, text)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := startRenewing(t, year)
				before := r.Ends()
				c.spoil(t, r)
				pass(time.Hour)
				if got := r.Try(t.Context(), tenant); !got.OK || !r.Ends().Equal(before) {
					t.Errorf("%+v, ends %v", got, r.Ends())
				}
				if !strings.Contains(r.Problem(), c.problem) || strings.Contains(r.Problem(), r.file) {
					t.Errorf("problem %q, want one with %q", r.Problem(), c.problem)
				}
				if n := strings.Count(r.logs.String(), "new certificate not used"); n != 1 {
					t.Errorf("told %d times in an hour: %s", n, r.logs)
				}
			})
		})
	}
}

func TestACertificateIsTakenOnceItIsRegistered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startRenewing(t, year)
		next, text := registered(t, time.Now().Add(2*year))
		put(t, r.file, text)
		pass(10 * time.Minute)
		if r.Problem() == "" {
			t.Fatal("an unregistered certificate is no problem")
		}
		r.register(next)
		pass(2 * time.Minute)
		if r.Problem() != "" || !r.Ends().Equal(next.NotAfter) {
			t.Errorf("problem %q, ends %v", r.Problem(), r.Ends())
		}
	})
}

func TestTheEndIsToldOncePerDayFromThirtyDaysBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startRenewing(t, 32*24*time.Hour)
		count := func() int { return strings.Count(r.logs.String(), "renew it") }
		pass(time.Hour)
		if n := count(); n != 0 {
			t.Errorf("told %d times 32 days before", n)
		}
		pass(4 * 24 * time.Hour)
		if n := count(); n != 3 || !strings.Contains(r.logs.String(), "days_left=29") {
			t.Errorf("told %d times in the first days: %s", n, r.logs)
		}
	})
}

func TestThePasswordOfAPKCS12File(t *testing.T) {
	for _, c := range []struct {
		name, file, password, problem string
	}{
		{"with it", "password.pfx", "swordfish", ""},
		{"without it", "password.pfx", "", "may need its certificate_password"},
		{"with another one", "password.pfx", "trout", "the password is wrong"},
		{"a file that needs none", "plain.pfx", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := azcred.New(azcred.Config{
				ClientID: clientID, CertificateFile: filepath.Join("testdata", c.file), CertificatePassword: c.password,
			}, azcred.Deps{})
			if c.problem != "" {
				if err == nil || !strings.Contains(err.Error(), c.problem) {
					t.Errorf("error %v, want one with %q", err, c.problem)
				}
				return
			}
			if err != nil || got.Kind() != azcred.KindCertificate || got.Ends().Year() != 2126 {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}

// registered makes a certificate that ends then, and its text as PEM with the key.
func registered(t *testing.T, ends time.Time) (*x509.Certificate, []byte) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "teamsbridge"},
		NotBefore: ends.AddDate(-3, 0, 0), NotAfter: ends,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return certificate, append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
}

// writeCertificate makes a certificate and writes it with its key as PEM.
func writeCertificate(t *testing.T) (file string, certificate *x509.Certificate) {
	t.Helper()
	certificate, text := registered(t, time.Now().Add(time.Hour))
	file = filepath.Join(t.TempDir(), "service.pem")
	put(t, file, text)
	return file, certificate
}

func put(t *testing.T, file string, text []byte) {
	t.Helper()
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
