package tlsfiles

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/internal/renewal"
)

// lookEvery is how often the files are looked at. A change counts at the second
// look, so it takes effect within twice this time.
const lookEvery = 5 * time.Second

// Deps are what a Certificate works with.
type Deps struct {
	Logger     *slog.Logger          // nil: nothing is logged
	Registerer prometheus.Registerer // nil: no metrics
	Name       string                // in the metrics' names, where there are several: "sip_tls"; empty is "tls"
}

// Certificate is the service's own, as the files have it. Safe for concurrent use.
type Certificate struct {
	files    *renewal.Files
	log      *slog.Logger
	current  atomic.Pointer[tls.Certificate]
	problem  atomic.Pointer[string]
	renewals *prometheus.CounterVec
}

// Load reads the certificate with its chain, and the key that belongs to it,
// both PEM.
func Load(certFile, keyFile string, deps Deps) (*Certificate, error) {
	files, contents := renewal.NewFiles(certFile, keyFile)
	if contents.Err != nil {
		return nil, fmt.Errorf("certificate: %w", contents.Err)
	}
	pair, err := parse(contents)
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	c := &Certificate{files: files, log: deps.Logger}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	c.current.Store(pair)
	name := cmp.Or(deps.Name, "tls")
	if c.renewals, err = countRenewals(deps.Registerer, name, "New TLS certificates"); err != nil {
		return nil, err
	}
	return c, c.register(deps.Registerer, name)
}

func parse(contents renewal.Contents) (*tls.Certificate, error) {
	pair, err := tls.X509KeyPair(contents.Data[0], contents.Data[1])
	if err != nil {
		return nil, fmt.Errorf("cannot be used: %w", err)
	}
	return &pair, nil
}

// usable refuses a certificate outside its time.
func usable(pair *tls.Certificate, now time.Time) error {
	switch {
	case now.After(pair.Leaf.NotAfter):
		return errors.New("has ended on " + pair.Leaf.NotAfter.UTC().Format(time.DateOnly))
	case now.Before(pair.Leaf.NotBefore):
		return errors.New("begins only on " + pair.Leaf.NotBefore.UTC().Format(time.DateOnly))
	}
	return nil
}

// Config is for a listener that serves HTTP/1.1. Of TLS 1.2 only the suites
// with ephemeral keys and authenticated ciphers are left; those of TLS 1.3
// cannot be chosen in Go and are all of that kind.
func (c *Certificate) Config() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		CipherSuites: []uint16{
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
			tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		},
		NextProtos:     []string{"http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.current.Load(), nil },
	}
}

// Current is the pair in use.
func (c *Certificate) Current() *tls.Certificate { return c.current.Load() }

// Run takes over replaced files, and reminds of the certificate's end once a day
// when it is near, until ctx ends.
func (c *Certificate) Run(ctx context.Context) error {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	var reminder renewal.Reminder
	for {
		if now := time.Now(); reminder.Due(now, c.Ends()) {
			c.log.WarnContext(ctx, "TLS certificate ends; renew it", "ends", c.Ends(), "days_left", renewal.DaysLeft(now, c.Ends()))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
		if contents, changed := c.files.Look(); changed {
			c.renew(ctx, contents)
		}
	}
}

func (c *Certificate) renew(ctx context.Context, contents renewal.Contents) {
	pair, err := judge(contents)
	if err != nil {
		text := err.Error()
		c.problem.Store(&text)
		c.renewals.WithLabelValues(kept).Inc()
		c.log.ErrorContext(ctx, "new TLS certificate not used, the old one stays", "problem", text, "ends", c.Ends())
		return
	}
	c.current.Store(pair)
	c.problem.Store(nil)
	c.renewals.WithLabelValues(renewed).Inc()
	c.log.InfoContext(ctx, "TLS certificate renewed", "ends", c.Ends(), "days_left", renewal.DaysLeft(time.Now(), c.Ends()))
}

func judge(contents renewal.Contents) (*tls.Certificate, error) {
	if contents.Err != nil {
		return nil, errors.New("cannot be read") // the cause names a path, and Problem is told to everybody
	}
	pair, err := parse(contents)
	if err != nil {
		return nil, err
	}
	return pair, usable(pair, time.Now())
}

// Ends is when the certificate in use ends.
func (c *Certificate) Ends() time.Time { return c.current.Load().Leaf.NotAfter.UTC() }

// Problem is why the files are not what is in use; empty when they are.
func (c *Certificate) Problem() string {
	if text := c.problem.Load(); text != nil {
		return *text
	}
	return ""
}

func (c *Certificate) register(r prometheus.Registerer, name string) error {
	if r == nil {
		return nil
	}
	days := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "teamsbridge_" + name + "_days_left", Help: "Days until the service's TLS certificate ends; negative afterwards.",
	}, func() float64 { return time.Until(c.Ends()).Hours() / 24 })
	if err := r.Register(days); err != nil {
		return fmt.Errorf("tlsfiles: metrics: %w", err)
	}
	return nil
}
