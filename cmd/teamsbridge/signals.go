package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// hurry is closed by the second signal: whoever drains stops waiting.
type hurry <-chan struct{}

type hurryKey struct{}

// errSignalled is the cause of a context that a signal ended.
var errSignalled = errors.New("stopped by a signal")

// untilSignalled gives a context that ends at the first SIGINT or SIGTERM; the
// second one closes the channel that hurried finds in it, a third one kills.
func untilSignalled(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	second := make(chan struct{})
	ctx = context.WithValue(ctx, hurryKey{}, hurry(second))
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	done := make(chan struct{})
	go func() {
		for _, act := range []func(){func() { cancel(errSignalled) }, func() { close(second) }} {
			select {
			case <-signals:
				act()
			case <-done:
				return
			}
		}
		signal.Stop(signals) // from here on a signal has its usual effect
	}()
	return ctx, sync.OnceFunc(func() {
		signal.Stop(signals)
		close(done)
		cancel(context.Canceled)
	})
}

// hurried gives the channel that a second signal closes; nil, which never is,
// where nobody listens for signals.
func hurried(ctx context.Context) <-chan struct{} {
	second, _ := ctx.Value(hurryKey{}).(hurry)
	return second
}

// onHangup gives a channel that holds a value after a SIGHUP, which for a
// service means to read its configuration anew, until stop is called.
func onHangup() (hangups <-chan struct{}, stop func()) {
	signals, told := make(chan os.Signal, 1), make(chan struct{}, 1)
	signal.Notify(signals, syscall.SIGHUP)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-signals:
				select {
				case told <- struct{}{}:
				default: // a look is waited for already
				}
			case <-done:
				return
			}
		}
	}()
	return told, sync.OnceFunc(func() {
		signal.Stop(signals)
		close(done)
	})
}
