package tlsfiles

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/internal/renewal"
)

// Authorities are those whose certificates are trusted, as their file has them.
// Safe for concurrent use.
type Authorities struct {
	files    *renewal.Files
	log      *slog.Logger
	current  atomic.Pointer[x509.CertPool]
	renewals *prometheus.CounterVec
}

// LoadAuthorities reads certificates of authorities, PEM.
func LoadAuthorities(file string, deps Deps) (*Authorities, error) {
	files, contents := renewal.NewFiles(file)
	pool, err := poolOf(contents)
	if err != nil {
		return nil, err
	}
	a := &Authorities{files: files, log: deps.Logger}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	a.current.Store(pool)
	a.renewals, err = countRenewals(deps.Registerer, cmp.Or(deps.Name, "tls_ca"), "New files of certificate authorities")
	return a, err
}

func poolOf(contents renewal.Contents) (*x509.CertPool, error) {
	if contents.Err != nil {
		return nil, contents.Err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(contents.Data[0]) {
		return nil, errors.New("holds no certificate")
	}
	return pool, nil
}

// Pool is what is trusted now, for one handshake: the next may have another.
func (a *Authorities) Pool() *x509.CertPool { return a.current.Load() }

// Run takes over a replaced file until ctx ends. A file that holds no certificate
// leaves the authorities as they were.
func (a *Authorities) Run(ctx context.Context) error {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
		contents, changed := a.files.Look()
		if !changed {
			continue
		}
		pool, err := poolOf(contents)
		if err != nil {
			a.renewals.WithLabelValues(kept).Inc()
			a.log.ErrorContext(ctx, "new certificate authorities not used, the old ones stay", "error", err)
			continue
		}
		a.current.Store(pool)
		a.renewals.WithLabelValues(renewed).Inc()
		a.log.InfoContext(ctx, "certificate authorities renewed")
	}
}

// The values of the metrics' label result.
const (
	renewed = "renewed"
	kept    = "kept"
)

// countRenewals makes the counter of what was renewed.
func countRenewals(r prometheus.Registerer, name, what string) (*prometheus.CounterVec, error) {
	renewals := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "teamsbridge_" + name + "_renewals_total", Help: what + " that were found: renewed, or kept as it was because the new one cannot be used.",
	}, []string{"result"})
	for _, result := range []string{renewed, kept} {
		renewals.WithLabelValues(result)
	}
	if r == nil {
		return renewals, nil
	}
	if err := r.Register(renewals); err != nil {
		return nil, fmt.Errorf("tlsfiles: metrics: %w", err)
	}
	return renewals, nil
}
