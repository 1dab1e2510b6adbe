//go:build !unix

package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// lock holds a file open that nobody else can remove while it is.
func lock(path string) (release func() error, err error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %w", ErrInUse, err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInUse, err)
	}
	return func() error { return errors.Join(f.Close(), os.Remove(path)) }, nil
}
