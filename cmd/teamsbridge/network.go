package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/configs"
	"teamsbridge/internal/tlsfiles"
	"teamsbridge/web"
)

// listen opens the service's addresses first, so that a port that is taken is
// told before anything else happens.
func (a *app) listen(ctx context.Context, o appOptions, registry prometheus.Registerer) error {
	a.public = o.Public
	if a.public == nil {
		listener, err := listen(ctx, a.cfg.Web.Listen)
		if err != nil {
			return fmt.Errorf("web.listen: %w", err)
		}
		a.public = listener
	}
	a.atEnd("public listener", a.public.Close)
	if t := a.cfg.Web.TLS; t.CertFile != "" {
		certificate, err := tlsfiles.Load(t.CertFile, t.KeyFile, tlsfiles.Deps{Logger: o.Logger, Registerer: registry})
		if err != nil {
			return fmt.Errorf("web.tls: %w", err)
		}
		a.ends.tls = certificate
		a.inBackground("TLS certificate", certificate.Run)
	}
	for _, listener := range o.Also {
		a.atEnd("further listener", listener.Close)
	}
	if a.cfg.Web.InternalListen == "" {
		return nil
	}
	listener, err := listen(ctx, a.cfg.Web.InternalListen)
	if err != nil {
		return fmt.Errorf("web.internal_listen: %w", err)
	}
	a.internal = listener
	a.atEnd("internal listener", listener.Close)
	return nil
}

// bounded is the public listener within its limits, with TLS where it is ours to
// end.
func (a *app) bounded() net.Listener {
	listener := a.web.Bound(a.public)
	if a.ends.tls == nil {
		return listener
	}
	return tls.NewListener(listener, a.ends.tls.Config())
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	var config net.ListenConfig
	return config.Listen(ctx, "tcp", address)
}

func addressURL(t web.TLSConfig, address net.Addr) string {
	scheme := "http"
	if t.CertFile != "" {
		scheme = "https"
	}
	return scheme + "://" + address.String()
}

// outboundClient reaches Microsoft and the contact centre's provider. It trusts
// the configured authorities beside the system's.
func outboundClient(cfg configs.Outbound) (*http.Client, error) {
	transport, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return nil, errors.New("outbound: the default transport has been replaced")
	}
	transport = transport.Clone()
	transport.MaxIdleConnsPerHost = 64 // as many as sign-ins are reviewed at a time
	if cfg.CAFile != "" {
		pem, err := os.ReadFile(cfg.CAFile)
		if err != nil {
			return nil, fmt.Errorf("outbound.ca_file: %w", err)
		}
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, errors.New("outbound.ca_file: holds no certificate")
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	return &http.Client{Transport: transport, Timeout: cfg.Timeout}, nil
}
