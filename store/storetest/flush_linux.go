package storetest

import (
	"os"
	"syscall"
)

// flush brings a file's data to the disk, without the times of its inode.
func flush(f *os.File) error { return syscall.Fdatasync(int(f.Fd())) }
