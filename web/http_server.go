package web

import (
	"log"
	"net/http"
	"time"
)

const (
	// maxHeader holds the largest token and a browser's cookies several times over.
	maxHeader = 32 << 10
	// idleTimeout is how long a connection is kept for the next request.
	idleTimeout = 2 * time.Minute
	// writeTimeout is for a whole answer, the time to work it out included. An
	// event stream sets a deadline of its own for each write.
	writeTimeout = 3 * time.Minute
)

// PublicServer serves the handler within the limits of the configuration: a
// client that is slow to send its headers, to read its answer or to ask again
// loses its connection.
func (c Config) PublicServer(handler http.Handler, errorLog *log.Logger) *http.Server {
	c = c.withDefaults()
	// No ReadTimeout: bodies have the deadline of their route (limitsOf), and one
	// for the whole connection would end requests that wait for the switch.
	return &http.Server{
		Handler: handler, ErrorLog: errorLog, MaxHeaderBytes: maxHeader,
		ReadHeaderTimeout: c.ReadTimeout, IdleTimeout: idleTimeout, WriteTimeout: writeTimeout,
	}
}

// InternalServer serves metrics and profiles. A profile takes as long as was
// asked for, so that only reading is limited.
func (c Config) InternalServer(handler http.Handler, errorLog *log.Logger) *http.Server {
	c = c.withDefaults()
	return &http.Server{
		Handler: handler, ErrorLog: errorLog, MaxHeaderBytes: maxHeader,
		ReadHeaderTimeout: c.ReadTimeout, IdleTimeout: idleTimeout,
	}
}
