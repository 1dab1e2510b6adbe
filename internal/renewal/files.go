package renewal

import (
	"crypto/sha256"
	"os"
	"slices"
)

// Files notices that one of some files was replaced. Not safe for concurrent use.
type Files struct {
	names          []string
	taken, noticed [][sha256.Size]byte // of what was given last, and of what was seen last
}

// Contents are the files' contents, in the order of their names.
type Contents struct {
	Data [][]byte
	Err  error // of the first file that could not be read; Data is nil then
}

// NewFiles reads the files as they are now; [Files.Look] tells of what differs
// from that.
func NewFiles(names ...string) (*Files, Contents) {
	f := &Files{names: names}
	contents, sums := f.read()
	f.taken, f.noticed = sums, sums
	return f, contents
}

// Look reads the files. When they differ from what was given last, and the look
// before found the same as this one, it gives them, once.
func (f *Files) Look() (contents Contents, changed bool) {
	contents, sums := f.read()
	settled := slices.Equal(sums, f.noticed)
	f.noticed = sums
	if !settled || slices.Equal(sums, f.taken) {
		return Contents{}, false
	}
	f.taken = sums
	return contents, true
}

func (f *Files) read() (Contents, [][sha256.Size]byte) {
	var contents Contents
	sums := make([][sha256.Size]byte, len(f.names))
	for i, name := range f.names {
		data, err := os.ReadFile(name)
		if err != nil && contents.Err == nil {
			contents.Err = err
		}
		if err == nil {
			sums[i] = sha256.Sum256(data)
		}
		contents.Data = append(contents.Data, data)
	}
	if contents.Err != nil {
		contents.Data = nil
	}
	return contents, sums
}
