package crash

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"teamsbridge/internal/e2e/process"
)

// binary is the product, built once for all tests.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "teamsbridge-crash-")
	if err != nil {
		return "", err
	}
	return process.Build(context.Background(), dir)
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}
