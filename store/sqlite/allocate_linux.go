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

// freeBytes is how much room a folder's file system has for this user.
func freeBytes(dir string) (bytes int64, known bool) {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return 0, false
	}
	return int64(fs.Bavail) * fs.Bsize, true // no disk has 2^63 blocks
}
