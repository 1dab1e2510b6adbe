package porttest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
)

// Beside is how many ports go with the one that [Free] gives: some programs take
// others beside the one that they are told.
const Beside = 7

// The ports lie below those that the system gives to others meanwhile.
const (
	lowest = 20_000
	rows   = 1_500
)

// Free finds a port of 127.0.0.1 that nobody has for TCP or UDP, with those
// [Beside] above it. No other test on this machine is given them until this one ends.
func Free(t testing.TB) int {
	t.Helper()
	for range 1000 {
		port := lowest + (1+Beside)*rand.IntN(rows)
		if name, ours := claim(port); ours {
			t.Cleanup(func() { _ = name.Close() })
			if isFree(port) {
				return port
			}
		}
	}
	t.Fatal("no port is free")
	return 0
}

// Address is host:port of a port that [Free] finds.
func Address(t testing.TB) string {
	t.Helper()
	return fmt.Sprintf("127.0.0.1:%d", Free(t))
}

// claim takes a port among all tests that run on this machine: whoever has the
// name of the port has the port. It is given back by closing.
func claim(port int) (name net.Listener, ours bool) {
	var config net.ListenConfig
	name, err := config.Listen(context.Background(), "unix", fmt.Sprintf("@teamsbridge-test-port-%d", port))
	return name, err == nil
}

// isFree reports whether nobody listens at a port, nor at those beside it.
func isFree(port int) bool {
	for beside := range 1 + Beside {
		if !isClosed(fmt.Sprintf("127.0.0.1:%d", port+beside)) {
			return false
		}
	}
	return true
}

func isClosed(address string) bool {
	var config net.ListenConfig
	packets, err := config.ListenPacket(context.Background(), "udp4", address)
	if err != nil {
		return false
	}
	_ = packets.Close()
	stream, err := config.Listen(context.Background(), "tcp4", address)
	if err != nil {
		return false
	}
	_ = stream.Close()
	return true
}
