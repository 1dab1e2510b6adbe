package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/consult"
	"teamsbridge/graph"
	"teamsbridge/presence"
	"teamsbridge/sso"
)

// Config is the HTTP part of the configuration.
type Config struct {
	Listen         string        `koanf:"listen"`          // host:port
	InternalListen string        `koanf:"internal_listen"` // metrics and profiles; empty means none
	PublicURL      string        `koanf:"public_url"`      // where browsers reach the service; empty: from Listen
	TLS            TLSConfig     `koanf:"tls"`
	CookieName     string        `koanf:"cookie_name"`    // empty: __Host-teamsbridge behind https, else teamsbridge
	ExpertsSearch  string        `koanf:"experts_search"` // "open" or "sso"
	MaxBody        int64         `koanf:"max_body"`       // bytes
	ReadTimeout    time.Duration `koanf:"read_timeout"`
}

// TLSConfig names a certificate; empty means plain HTTP.
type TLSConfig struct {
	CertFile string `koanf:"cert_file"`
	KeyFile  string `koanf:"key_file"`
}

// Deps are what the Server works with.
type Deps struct {
	Verifier      *sso.Verifier
	SignIn        *sso.SignIn
	Consent       *sso.Consent
	Organizations *sso.Organizations
	Gate          *sso.Gate
	Agents        *sso.Agents
	Experts       *graph.Experts
	Presence      *presence.Cache
	Engine        *consult.Engine
	Logger        *slog.Logger
	Registerer    prometheus.Registerer
	Gatherer      prometheus.Gatherer
	Version       string
	// Ready names what is not ready yet; empty means ready. Beside the
	// engine, which the server asks itself.
	Ready func() []string
}

// Server is the HTTP surface.
type Server struct{}

// New builds the routes.
func New(cfg Config, deps Deps) (*Server, error) { return nil, errors.ErrUnsupported }

// Handler serves the public listener.
func (s *Server) Handler() http.Handler { return nil }

// Internal serves the internal listener: /metrics, /debug/pprof.
func (s *Server) Internal() http.Handler { return nil }

// Drain makes /readyz answer 503 and new consults 503 draining, and ends the event streams.
func (s *Server) Drain(ctx context.Context) {}
