package sso

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

const (
	requestTimeout  = 10 * time.Second
	defaultPatience = time.Second
	maxDocument     = 1 << 20 // bytes; Entra's keys are about 20 kB
)

// issuerClient is the HTTP client for everything an issuer is asked: with a
// time limit, and without redirects, which no issuer needs and which could lead
// a secret elsewhere.
func issuerClient(base *http.Client) *http.Client {
	client := http.Client{}
	if base != nil {
		client = *base
	}
	if client.Timeout == 0 {
		client.Timeout = requestTimeout
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

// fetchJSON reads one document of limited size. Every failure matches
// ErrProviderUnavailable: a document that cannot be had or read proves nothing
// about anybody's token.
func fetchJSON(ctx context.Context, client *http.Client, address string, into any) error {
	if err := fetchJSONOnce(ctx, client, address, into); err != nil {
		return fmt.Errorf("%w: fetch %s: %w", ErrProviderUnavailable, address, err)
	}
	return nil
}

func fetchJSONOnce(ctx context.Context, client *http.Client, address string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxDocument+1))
	if err != nil {
		return err
	}
	if len(body) > maxDocument {
		return fmt.Errorf("longer than %d bytes", maxDocument)
	}
	return json.Unmarshal(body, into)
}

// secureAddress reports whether secrets and browsers may be sent to address:
// https anywhere, plain http only on this machine (the demo's simulators).
func secureAddress(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return false
	}
	switch u.Scheme {
	case "https":
		return true
	case "http":
		ip := net.ParseIP(u.Hostname())
		return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	}
	return false
}
