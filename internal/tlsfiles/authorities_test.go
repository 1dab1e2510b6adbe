package tlsfiles_test

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
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

// trusts reports whether a certificate that signed itself is trusted by the pool.
func trusts(t *testing.T, pool *x509.CertPool, certificate []byte) bool {
	t.Helper()
	block, _ := pem.Decode(certificate)
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	_, err = parsed.Verify(x509.VerifyOptions{Roots: pool, CurrentTime: parsed.NotBefore})
	return err == nil
}

func TestAReplacedFileOfAuthoritiesIsUsedForTheNextHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "ca.crt")
		first, _ := pair(t, time.Now().Add(year))
		second, _ := pair(t, time.Now().Add(2*year))
		write(t, file, first)
		logs := &logtest.Buffer{}
		a, err := tlsfiles.LoadAuthorities(file, tlsfiles.Deps{Logger: slog.New(slog.NewTextHandler(logs, nil)), Registerer: prometheus.NewRegistry()})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- a.Run(ctx) }()
		for _, step := range []struct {
			name          string
			content       []byte
			first, second bool
			told          string
		}{
			{"as it was", first, true, false, ""},
			{"both, while certificates change from one to the other", append(append([]byte{}, first...), second...), true, true, "authorities renewed"},
			{"the new one alone", second, false, true, "authorities renewed"},
			{"nothing that could be trusted", []byte("none"), false, true, "the old ones stay"},
		} {
			write(t, file, step.content)
			pass(15 * time.Second)
			if one, two := trusts(t, a.Pool(), first), trusts(t, a.Pool(), second); one != step.first || two != step.second {
				t.Errorf("%s: the first is trusted: %v, the second: %v", step.name, one, two)
			}
			if !strings.Contains(logs.String(), step.told) {
				t.Errorf("%s: the log says %s", step.name, logs)
			}
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		pass(15 * time.Second)
		if !trusts(t, a.Pool(), second) {
			t.Error("a file that is gone took the trust away")
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestLoadAuthoritiesSaysWhatIsWrong(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "ca.crt")
	write(t, empty, nil)
	for file, want := range map[string]string{empty: "holds no certificate", empty + "x": "no such file"} {
		if _, err := tlsfiles.LoadAuthorities(file, tlsfiles.Deps{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
