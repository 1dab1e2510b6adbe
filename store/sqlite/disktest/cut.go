package disktest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

const sector = 512

// Cut is what a power cut may have left of the disk's files.
type Cut struct {
	Op     int    // how many operations had happened
	Marked int64  // the last mark by then
	Kept   string // what became of the writes that were not synced
	files  map[string][]byte
}

// WriteTo puts the files into a folder.
func (c Cut) WriteTo(dir string) error {
	var errs []error
	for name, content := range c.files {
		errs = append(errs, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	return errors.Join(errs...)
}

// Sum tells whether two cuts left the same.
func (c Cut) Sum() [sha256.Size]byte {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(c.files)) {
		_, _ = fmt.Fprintf(sum, "%s %d\n", name, len(c.files[name]))
		sum.Write(c.files[name])
	}
	return [sha256.Size]byte(sum.Sum(nil))
}

// Ops is how many operations were recorded.
func (d *Disk) Ops() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.log)
}

// Cuts goes through the points at which the power may have failed: after every
// operation, each with nothing, everything and two random parts of what was
// not synced then. Of all these it takes about as many as are wanted, by
// chance; 0 means all. A cut's files are valid until the next one.
func (d *Disk) Cuts(random *rand.Rand, wanted int) iter.Seq[Cut] {
	d.mu.Lock()
	log := slices.Clone(d.log)
	d.mu.Unlock()
	all := 4 * len(log)
	return func(yield func(Cut) bool) {
		files := map[string]*content{}
		var mark int64
		for i, o := range log {
			if o.kind == marked {
				mark = o.at
				continue // nothing happened to the disk
			}
			f := files[o.file]
			switch {
			case o.kind == deleted:
				delete(files, o.file)
				continue
			case f == nil:
				f = &content{}
				files[o.file] = f
			}
			f.take(o)
			for _, kept := range []struct {
				what  string
				keeps func(op) op
			}{
				{"nothing", func(op) op { return op{kind: synced} }},
				{"everything", func(o op) op { return o }},
				{"some writes", someOf(random)},
				{"torn writes", tornOf(random)},
			} {
				if wanted > 0 && random.IntN(all) >= wanted {
					continue
				}
				cut := Cut{Op: i + 1, Marked: mark, Kept: kept.what, files: map[string][]byte{}}
				for name, f := range maps.All(files) {
					cut.files[name] = f.after(kept.keeps)
				}
				if !yield(cut) {
					return
				}
			}
		}
	}
}

// someOf keeps each write or loses it.
func someOf(random *rand.Rand) func(op) op {
	return func(o op) op {
		if random.IntN(2) == 0 {
			return op{kind: synced}
		}
		return o
	}
}

// tornOf keeps the first sectors of each write.
func tornOf(random *rand.Rand) func(op) op {
	return func(o op) op {
		if o.kind == wrote {
			sectors := (len(o.data) + sector - 1) / sector
			o.data = o.data[:min(len(o.data), random.IntN(sectors+1)*sector)]
		}
		return o
	}
}

// content is one file: what is surely on the disk, and what came after.
type content struct {
	safe  []byte
	later []op
}

func (c *content) take(o op) {
	if o.kind != synced {
		c.later = append(c.later, o)
		return
	}
	for _, o := range c.later {
		c.safe = apply(c.safe, o)
	}
	c.later = c.later[:0]
}

// after is the file once the power is back.
func (c *content) after(keeps func(op) op) []byte {
	file := slices.Clone(c.safe)
	for _, o := range c.later {
		file = apply(file, keeps(o))
	}
	return file
}

func apply(file []byte, o op) []byte {
	switch o.kind {
	case wrote:
		if end := int(o.at) + len(o.data); len(o.data) > 0 && end > len(file) {
			file = append(file, make([]byte, end-len(file))...)
		}
		copy(file[min(int(o.at), len(file)):], o.data)
	case truncated:
		if int(o.at) < len(file) {
			file = file[:o.at]
		} else {
			file = append(file, make([]byte, int(o.at)-len(file))...)
		}
	case synced, deleted, marked:
	}
	return file
}
