package disktest

import (
	"bytes"
	"fmt"
	"path/filepath"
	"sync"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// The shim: SQLite is C translated to Go, so its structures live outside Go's
// heap and its methods are function pointers in them. The shim's VFS is a copy
// of the real one with another xOpen; a file that is opened through it gets a
// copy of the real methods with other writes, truncations, syncs and closes.
// What else it does (locks, shared memory, reading) is the real VFS's own.

type (
	openFunc     func(tls *libc.TLS, vfs, path, file uintptr, flags int32, outFlags uintptr) int32
	deleteFunc   func(tls *libc.TLS, vfs, path uintptr, syncDir int32) int32
	closeFunc    func(tls *libc.TLS, file uintptr) int32
	writeFunc    func(tls *libc.TLS, file, data uintptr, n int32, offset int64) int32
	truncateFunc func(tls *libc.TLS, file uintptr, size int64) int32
	syncFunc     func(tls *libc.TLS, file uintptr, flags int32) int32
)

// shim is the one VFS of this process.
var shim = struct {
	register sync.Once
	err      error

	real       uintptr // the VFS that does the work
	realOpen   openFunc
	realDelete deleteFunc

	mu      sync.Mutex
	disks   map[string]*Disk    // by folder
	files   map[uintptr]*file   // open ones, by SQLite's handle
	methods map[uintptr]uintptr // the shim's copy of each method table
}{disks: map[string]*Disk{}, files: map[uintptr]*file{}, methods: map[uintptr]uintptr{}}

// file is an open file of a Disk.
type file struct {
	disk     *Disk
	name     string
	close    closeFunc
	write    writeFunc
	truncate truncateFunc
	sync     syncFunc
}

// registerShim puts the shim before the real VFS, once.
func registerShim() error {
	shim.register.Do(func() {
		tls := libc.NewTLS()
		shim.real = sqlite3.Xsqlite3_vfs_find(tls, 0)
		if shim.real == 0 {
			shim.err = fmt.Errorf("disktest: SQLite has no VFS")
			return
		}
		name, err := libc.CString("disktest")
		if err != nil {
			shim.err = err
			return
		}
		copied := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_vfs{})))
		vfs := at[sqlite3.Tsqlite3_vfs](copied)
		*vfs = *at[sqlite3.Tsqlite3_vfs](shim.real)
		shim.realOpen, shim.realDelete = function[openFunc](vfs.FxOpen), function[deleteFunc](vfs.FxDelete)
		vfs.FpNext, vfs.FzName = 0, name
		vfs.FxOpen, vfs.FxDelete = pointer[openFunc](open), pointer[deleteFunc](remove)
		if rc := sqlite3.Xsqlite3_vfs_register(tls, copied, 1); rc != sqlite3.SQLITE_OK {
			shim.err = fmt.Errorf("disktest: register VFS: %d", rc)
		}
	})
	return shim.err
}

func open(tls *libc.TLS, _, path, handle uintptr, flags int32, outFlags uintptr) int32 {
	rc := shim.realOpen(tls, shim.real, path, handle, flags, outFlags)
	if rc != sqlite3.SQLITE_OK || path == 0 {
		return rc
	}
	shim.mu.Lock()
	defer shim.mu.Unlock()
	full := libc.GoString(path)
	disk, ok := shim.disks[filepath.Dir(full)]
	if !ok {
		return rc
	}
	real := at[sqlite3.Tsqlite3_file](handle).FpMethods
	methods := at[sqlite3.Tsqlite3_io_methods](real)
	f := &file{
		disk: disk, name: filepath.Base(full),
		close: function[closeFunc](methods.FxClose), write: function[writeFunc](methods.FxWrite),
		truncate: function[truncateFunc](methods.FxTruncate), sync: function[syncFunc](methods.FxSync),
	}
	ours, ok := shim.methods[real]
	if !ok {
		ours = libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_io_methods{})))
		table := at[sqlite3.Tsqlite3_io_methods](ours)
		*table = *methods
		table.FxClose, table.FxWrite = pointer[closeFunc](closeFile), pointer[writeFunc](write)
		table.FxTruncate, table.FxSync = pointer[truncateFunc](truncate), pointer[syncFunc](syncFile)
		shim.methods[real] = ours
	}
	at[sqlite3.Tsqlite3_file](handle).FpMethods = ours
	shim.files[handle] = f
	return rc
}

func remove(tls *libc.TLS, _, path uintptr, syncDir int32) int32 {
	rc := shim.realDelete(tls, shim.real, path, syncDir)
	full := libc.GoString(path)
	shim.mu.Lock()
	disk, ok := shim.disks[filepath.Dir(full)]
	shim.mu.Unlock()
	if ok && rc == sqlite3.SQLITE_OK {
		disk.note(op{kind: deleted, file: filepath.Base(full)})
	}
	return rc
}

func opened(handle uintptr) *file {
	shim.mu.Lock()
	defer shim.mu.Unlock()
	return shim.files[handle]
}

func closeFile(tls *libc.TLS, handle uintptr) int32 {
	f := opened(handle)
	shim.mu.Lock()
	delete(shim.files, handle)
	shim.mu.Unlock()
	return f.close(tls, handle)
}

func write(tls *libc.TLS, handle, data uintptr, n int32, offset int64) int32 {
	f := opened(handle)
	if !f.disk.admit(f.name, offset+int64(n)) {
		return sqlite3.SQLITE_FULL
	}
	rc := f.write(tls, handle, data, n, offset)
	if rc == sqlite3.SQLITE_OK {
		f.disk.note(op{kind: wrote, file: f.name, at: offset, data: bytes.Clone(libc.GoBytes(data, int(n)))}) // GoBytes only points there
	}
	return rc
}

func truncate(tls *libc.TLS, handle uintptr, size int64) int32 {
	f := opened(handle)
	rc := f.truncate(tls, handle, size)
	if rc == sqlite3.SQLITE_OK {
		f.disk.note(op{kind: truncated, file: f.name, at: size})
	}
	return rc
}

func syncFile(tls *libc.TLS, handle uintptr, flags int32) int32 {
	f := opened(handle)
	rc := f.sync(tls, handle, flags)
	if rc == sqlite3.SQLITE_OK {
		f.disk.note(op{kind: synced, file: f.name})
	}
	return rc
}

// at reads a pointer into SQLite's memory.
func at[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

// function and pointer turn a C function pointer into a function and back, as
// the translated code itself does.
func function[F any](p uintptr) F { return *(*F)(unsafe.Pointer(&struct{ p uintptr }{p})) }

func pointer[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&struct{ f F }{f})) }
