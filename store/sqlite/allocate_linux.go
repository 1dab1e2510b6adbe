package sqlite

import (
	"errors"
	"os"
	"syscall"
)

// allocate takes room on the disk for so many bytes of the file.
func allocate(f *os.File, size int64) error {
	err := syscall.Fallocate(int(f.Fd()), 0, 0, size)
	if errors.Is(err, syscall.EOPNOTSUPP) {
		return fill(f, size)
	}
	return err
}
