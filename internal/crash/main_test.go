package crash

import (
	"context"
	"os"
	"sync"
	"testing"

	"teamsbridge/internal/e2e/processtest"
)

// built is where binary has put it; empty when no test asked.
var built string

// binary is the product, built once for all tests.
var binary = sync.OnceValues(func() (path string, err error) {
	if built, err = os.MkdirTemp("", "teamsbridge-crash-"); err != nil {
		return "", err
	}
	return processtest.Build(context.Background(), built)
})

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		_ = os.RemoveAll(built)
	}
	os.Exit(code)
}
