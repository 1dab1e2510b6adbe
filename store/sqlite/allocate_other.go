//go:build !linux

package sqlite

import "os"

// allocate takes room on the disk for so many bytes of the file.
func allocate(f *os.File, size int64) error { return fill(f, size) }

// freeBytes would be how much room a folder's file system has.
func freeBytes(string) (bytes int64, known bool) { return 0, false }
