package disktest

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Disk is a folder whose SQLite files are watched.
type Disk struct {
	dir string

	mu    sync.Mutex
	log   []op
	sizes map[string]int64
	room  int64 // bytes that the files may take together; negative: no limit
}

type opKind uint8

const (
	wrote opKind = iota
	truncated
	synced
	deleted
	marked
)

// op is one thing that happened to a file; at is the offset, the size that was
// truncated to, or the number that was marked.
type op struct {
	kind opKind
	file string
	at   int64
	data []byte
}

// New gives a disk in a temporary folder. From the first one on every SQLite
// file of the process is opened through the shim.
func New(t testing.TB) *Disk {
	t.Helper()
	if err := registerShim(); err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.EvalSymlinks(t.TempDir()) // SQLite follows them too
	if err != nil {
		t.Fatal(err)
	}
	d := &Disk{dir: dir, sizes: map[string]int64{}, room: -1}
	shim.mu.Lock()
	shim.disks[dir] = d
	shim.mu.Unlock()
	t.Cleanup(func() {
		shim.mu.Lock()
		defer shim.mu.Unlock()
		delete(shim.disks, dir)
	})
	return d
}

// Path is a file of the disk.
func (d *Disk) Path(name string) string { return filepath.Join(d.dir, name) }

// Mark writes a number into the record: what came before had happened by then.
func (d *Disk) Mark(n int64) { d.note(op{kind: marked, at: n}) }

// Limit makes the disk hold at most so many bytes, other files in its folder
// included; negative lifts the limit.
func (d *Disk) Limit(bytes int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.room = bytes
}

// Used is how many bytes the folder's files take now.
func (d *Disk) Used() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.used()
}

func (d *Disk) used() int64 {
	var sum int64
	for _, size := range d.sizes {
		sum += size
	}
	entries, _ := os.ReadDir(d.dir) // a folder that is gone takes no room
	for _, e := range entries {
		if _, watched := d.sizes[e.Name()]; watched {
			continue
		}
		if info, err := e.Info(); err == nil {
			sum += info.Size()
		}
	}
	return sum
}

// admit says whether there is room for a file to reach the size.
func (d *Disk) admit(name string, size int64) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	grows := size - d.sizes[name]
	return d.room < 0 || grows <= 0 || d.used()+grows <= d.room
}

func (d *Disk) note(o op) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch o.kind {
	case wrote:
		d.sizes[o.file] = max(d.sizes[o.file], o.at+int64(len(o.data)))
	case truncated:
		d.sizes[o.file] = o.at
	case deleted:
		delete(d.sizes, o.file)
	case synced, marked:
	}
	d.log = append(d.log, o)
}
