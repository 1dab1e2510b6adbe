package main

import (
	"errors"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
)

// pipes listens for connections in memory: sockets would stall the test's clock.
type pipes chan net.Conn

// Accept implements net.Listener.
func (p pipes) Accept() (net.Conn, error) {
	conn, ok := <-p
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

// Close implements net.Listener.
func (p pipes) Close() error {
	close(p)
	return nil
}

// Addr implements net.Listener.
func (pipes) Addr() net.Addr { return &net.TCPAddr{} }

// Browsers open connections ahead of what they will ask, and so does net/http.
func TestAConnectionOnWhichNobodyAskedDoesNotSpoilAStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		defer near.Close()
		listener := make(pipes, 1)
		listener <- far
		server := new(http.Server)
		ended := make(chan error, 1)
		go func() { ended <- server.Serve(listener) }()
		synctest.Wait()
		if problems := shutDown(t.Context(), []*http.Server{server}); problems != nil {
			t.Error(errors.Join(problems...))
		}
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
}
