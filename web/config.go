package web

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"teamsbridge/internal/cloud"
	"teamsbridge/internal/seal"
)

// Config is the HTTP part of the configuration.
type Config struct {
	Listen         string        `koanf:"listen"`          // host:port
	InternalListen string        `koanf:"internal_listen"` // metrics and profiles; empty means none
	PublicURL      string        `koanf:"public_url"`      // where browsers reach the service; empty: from Listen
	TLS            TLSConfig     `koanf:"tls"`
	CookieName     string        `koanf:"cookie_name"`    // empty: __Host-teamsbridge behind https, else teamsbridge and the port
	ExpertsSearch  string        `koanf:"experts_search"` // "open" (also when empty) or "sso"
	MaxBody        int64         `koanf:"max_body"`       // bytes; 0 means 64 KiB
	ReadTimeout    time.Duration `koanf:"read_timeout"`   // for a request's headers and body; 0 means 10 s
	// SessionKey are the keys, one on a line, under which the store keeps what
	// sessions are reviewed with ([seal.Parse]); the first seals. Empty: one that is
	// kept beside an SQLite file; with PostgreSQL, none.
	SessionKey string `koanf:"session_key"`
	// TrustedProxies are the networks of proxies in front, whose X-Forwarded-For and
	// X-Forwarded-Proto are believed; nobody else's are.
	TrustedProxies []string     `koanf:"trusted_proxies"`
	Limits         LimitsConfig `koanf:"limits"`
	Cloud          string       `koanf:"-"` // name in package cloud; empty means the worldwide one
}

// TLSConfig names a certificate; empty means plain HTTP.
type TLSConfig struct {
	CertFile string `koanf:"cert_file"`
	KeyFile  string `koanf:"key_file"`
}

const (
	defaultMaxBody     = 64 << 10
	defaultReadTimeout = 10 * time.Second

	searchOpen = "open"
	searchSSO  = "sso"
)

// Validate reports every problem at once, each with the name of its setting.
func (c Config) Validate() error {
	var problems []error
	bad := func(setting, format string, args ...any) {
		problems = append(problems, fmt.Errorf("%s: %s", setting, fmt.Sprintf(format, args...)))
	}
	if _, _, err := net.SplitHostPort(c.Listen); c.Listen != "" && err != nil {
		bad("listen", "must be host:port")
	}
	if _, _, err := net.SplitHostPort(c.InternalListen); c.InternalListen != "" && err != nil {
		bad("internal_listen", "must be host:port")
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
			bad("public_url", "must be an http or https address such as https://desktop.example.com")
		} else if u.Path != "" && u.Path != "/" {
			bad("public_url", "must have no path; the service owns its whole host")
		}
	}
	if (c.TLS.CertFile == "") != (c.TLS.KeyFile == "") {
		bad("tls", "cert_file and key_file belong together")
	}
	if c.CookieName != "" && (&http.Cookie{Name: c.CookieName}).Valid() != nil {
		bad("cookie_name", "must be the name of a cookie: letters, digits and hyphens")
	}
	if _, err := seal.Parse(c.SessionKey); c.SessionKey != "" && err != nil {
		bad("session_key", "must be keys of 32 random bytes each in base64, one on a line (openssl rand -base64 32)")
	}
	switch c.ExpertsSearch {
	case "", searchOpen, searchSSO:
	default:
		bad("experts_search", "must be %q or %q", searchOpen, searchSSO)
	}
	if c.MaxBody < 0 {
		bad("max_body", "must not be negative")
	}
	if c.ReadTimeout < 0 {
		bad("read_timeout", "must not be negative")
	}
	if _, err := parseProxies(c.TrustedProxies); err != nil {
		bad("trusted_proxies", "%v", err)
	}
	return errors.Join(append(problems, c.Limits.Validate())...)
}

// withDefaults fills in what was left empty.
func (c Config) withDefaults() Config {
	if c.ExpertsSearch == "" {
		c.ExpertsSearch = searchOpen
	}
	if c.MaxBody == 0 {
		c.MaxBody = defaultMaxBody
	}
	if c.ReadTimeout == 0 {
		c.ReadTimeout = defaultReadTimeout
	}
	return c
}

// frames are the addresses of Teams that may show the page.
func (c Config) frames() []string {
	own, _ := cloud.Named(c.Cloud)
	return own.Frames
}

// teams is the address of Teams, with which links into it begin.
func (c Config) teams() string {
	own, _ := cloud.Named(c.Cloud)
	return own.Teams
}

// behindHTTPS reports whether browsers reach the service by https only.
func (c Config) behindHTTPS() bool {
	u, err := url.Parse(c.PublicURL)
	return err == nil && u.Scheme == "https"
}
