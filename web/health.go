package web

import (
	"net/http"
)

const (
	healthPath = "/healthz"
	readyPath  = "/readyz"
)

type health struct {
	Status  string `json:"status"`
	Version string `json:"version"`
}

// serveHealth says that the process lives.
func (s *Server) serveHealth(w http.ResponseWriter, r *http.Request) {
	s.writeJSON(w, r, http.StatusOK, health{Status: "ok", Version: s.deps.Version})
}

type readiness struct {
	Ready   bool     `json:"ready"`
	Missing []string `json:"missing"`
	Notes   []string `json:"notes,omitempty"` // what does not stand in the way
}

// serveReady says whether to send work here. It never asks Microsoft: calls go
// on without.
func (s *Server) serveReady(w http.ResponseWriter, r *http.Request) {
	missing := []string{}
	if s.deps.Ready != nil {
		missing = append(missing, s.deps.Ready()...)
	}
	if !s.deps.Engine.Ready() {
		missing = append(missing, "engine")
	}
	var notes []string
	if s.deps.Notes != nil {
		notes = s.deps.Notes()
	}
	status := http.StatusOK
	if s.draining.Load() {
		missing = append(missing, "draining")
	}
	if len(missing) > 0 {
		status = http.StatusServiceUnavailable
	}
	s.writeJSON(w, r, status, readiness{Ready: len(missing) == 0, Missing: missing, Notes: notes})
}
