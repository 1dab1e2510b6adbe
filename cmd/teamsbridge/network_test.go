package main

import (
	"encoding/pem"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"teamsbridge/configs"
)

func TestOutboundTrustsTheConfiguredAuthority(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	caFile := filepath.Join(t.TempDir(), "ca.pem")
	data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(caFile, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		caFile  string
		trusted bool
	}{
		{"with it", caFile, true},
		{"not without it", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			client, err := outboundClient(configs.Outbound{CAFile: c.caFile})
			if err != nil {
				t.Fatal(err)
			}
			defer client.CloseIdleConnections()
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := client.Do(req)
			if err == nil {
				resp.Body.Close()
			}
			if c.trusted != (err == nil) {
				t.Errorf("error = %v", err)
			}
		})
	}
}

func TestOutboundRefusesAFileWithoutCertificates(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{empty, filepath.Join(t.TempDir(), "gone.pem")} {
		if _, err := outboundClient(configs.Outbound{CAFile: file}); err == nil || !strings.Contains(err.Error(), "outbound.ca_file") {
			t.Errorf("%s: error = %v, want one that names outbound.ca_file", file, err)
		}
	}
}

func TestTakenPortIsToldBeforeAnythingElseHappens(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	cfg := configs.Default()
	cfg.Web.Listen = "127.0.0.1:0"
	cfg.Web.InternalListen = taken.Addr().String()
	cfg.Store.Path = filepath.Join(t.TempDir(), "teamsbridge.db")
	_, err = newApp(t.Context(), cfg, appOptions{Logger: slog.New(slog.DiscardHandler)})
	if err == nil || !strings.Contains(err.Error(), "web.internal_listen") {
		t.Errorf("error = %v, want one that names web.internal_listen", err)
	}
	if _, err := os.Stat(cfg.Store.Path); !os.IsNotExist(err) {
		t.Errorf("the store was touched: %v", err)
	}
}

func get(t *testing.T, address string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}
