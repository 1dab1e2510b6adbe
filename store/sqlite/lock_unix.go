//go:build unix

package sqlite

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

func lock(path string) (release func() error, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sqlite: lock: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = ErrInUse
		}
		return nil, errors.Join(fmt.Errorf("sqlite: lock: %w", err), f.Close())
	}
	return f.Close, nil // the file stays: removing it would let two hold "the" lock
}
