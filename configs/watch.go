package configs

import (
	"crypto/sha256"
	"encoding/binary"
	"os"
	"sync"
)

// Watcher notices that a configuration has changed: the file itself or one that
// it names. It compares contents, because an editor or a mounted volume may
// leave times and sizes as they were. Safe for concurrent use.
type Watcher struct {
	path   string
	getenv func(string) string

	mu      sync.Mutex
	files   []string    // that were read last time
	taken   fingerprint // of what was read then
	noticed fingerprint // of a change that was seen once
}

// fingerprint is a digest of some files' contents.
type fingerprint [sha256.Size]byte

// NewWatcher watches the configuration at path; getenv is as for [Load]. Before
// the first Load everything counts as changed.
func NewWatcher(path string, getenv func(string) string) *Watcher {
	return &Watcher{path: path, getenv: getenv, files: []string{path}}
}

// Load reads the configuration as [Load] does.
func (w *Watcher) Load() (Config, error) {
	var contents digest
	var files []string
	read := func(name string) ([]byte, error) {
		data, err := os.ReadFile(name)
		files = append(files, name)
		contents.add(name, data, err)
		return data, err
	}
	cfg, err := load(w.path, w.getenv, read)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.files, w.taken = files, contents.sum()
	return cfg, err
}

// Changed reports whether Load would read something else than last time.
// A change is settled when two looks found the same: whoever writes a file in
// pieces is not read half-way, where the half may well be a valid list.
func (w *Watcher) Changed() (changed, settled bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var contents digest
	for _, name := range w.files {
		data, err := os.ReadFile(name)
		contents.add(name, data, err)
	}
	now := contents.sum()
	if now == w.taken {
		return false, true
	}
	settled = now == w.noticed
	w.noticed = now
	return true, settled
}

// digest takes in files one after the other.
type digest struct{ buffer []byte }

func (d *digest) add(name string, data []byte, err error) {
	if err != nil {
		data = []byte(err.Error())
	}
	sum := sha256.Sum256(data)
	d.buffer = binary.AppendUvarint(d.buffer, uint64(len(name)))
	d.buffer = append(append(d.buffer, name...), sum[:]...)
}

func (d *digest) sum() fingerprint { return sha256.Sum256(d.buffer) }
