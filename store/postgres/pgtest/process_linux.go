package pgtest

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// attributes let a program run as PostgreSQL's user and end with the thread
// that began it. PostgreSQL refuses to run as root, for whom Debian's package
// brings the user postgres; anybody else runs it as themselves.
func attributes(dir string) (*syscall.SysProcAttr, error) {
	own := &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if os.Getuid() != 0 {
		return own, nil
	}
	found, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL does not run as root: %w", err)
	}
	uid, err := strconv.ParseUint(found.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(found.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	own.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return own, os.Chown(dir, int(uid), int(gid))
}
