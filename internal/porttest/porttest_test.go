package porttest_test

import (
	"net"
	"testing"

	"teamsbridge/internal/porttest"
)

func TestNobodyElseIsGivenAPort(t *testing.T) {
	given := map[int]bool{}
	for range 20 {
		port := porttest.Free(t)
		for beside := range 1 + porttest.Beside {
			if given[port+beside] {
				t.Errorf("port %d is given twice", port+beside)
			}
			given[port+beside] = true
		}
	}
}

func TestAPortIsThereAgainAfterItWasClosed(t *testing.T) {
	address := porttest.Address(t)
	for range 2 {
		listener, err := net.Listen("tcp4", address)
		if err != nil {
			t.Fatal(err)
		}
		packets, err := net.ListenPacket("udp4", address)
		if err != nil {
			t.Fatal(err)
		}
		if err := packets.Close(); err != nil {
			t.Error(err)
		}
		if err := listener.Close(); err != nil {
			t.Error(err)
		}
	}
}
