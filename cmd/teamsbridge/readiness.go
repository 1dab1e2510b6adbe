package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"teamsbridge/web"
)

// readiness is what /readyz answers.
type readiness struct {
	Ready   bool     `json:"ready"`
	Missing []string `json:"missing"`
	Notes   []string `json:"notes"`
}

// errNoService: nothing answers where the service listens.
var errNoService = errors.New("no service answers")

const (
	readinessWait  = 3 * time.Second
	readinessBytes = 64 << 10
)

// localAddress is where a service of this configuration is found on its own
// machine: one that listens everywhere, on loopback.
func localAddress(cfg web.Config) string {
	host, port, err := net.SplitHostPort(cfg.Listen)
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	scheme := "http"
	if cfg.TLS.CertFile != "" {
		scheme = "https"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// askReadiness fails with errNoService when nobody, or somebody else, answers.
func askReadiness(ctx context.Context, client *http.Client, address string) (readiness, error) {
	ctx, cancel := context.WithTimeout(ctx, readinessWait)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return readiness{}, fmt.Errorf("%w: %w", errNoService, err)
	}
	answer, err := client.Do(request)
	if err != nil {
		return readiness{}, fmt.Errorf("%w: %w", errNoService, err)
	}
	defer answer.Body.Close()
	var r readiness
	if err := json.NewDecoder(io.LimitReader(answer.Body, readinessBytes)).Decode(&r); err != nil {
		return readiness{}, fmt.Errorf("%w: %w", errNoService, err)
	}
	return r, nil
}
