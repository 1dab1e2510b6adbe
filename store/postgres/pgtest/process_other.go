//go:build !linux

package pgtest

import "syscall"

// attributes: elsewhere the server runs as whoever tests.
func attributes(string) (*syscall.SysProcAttr, error) { return nil, nil }
