package memswitch

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"teamsbridge/consult"
)

// legsFile keeps the calls as lines of JSON: each is one call after a change,
// the last line of a call counts, and one without legs ends it. Lines are not
// synced to disk: the simulated telephones need to outlive the process, not the
// machine.
type legsFile struct {
	path  string
	file  *os.File
	size  int64 // of the whole lines
	lines int
}

// spareLines is how many outdated lines the file may hold before it is rewritten.
const spareLines = 10_000

// openLegs reads the calls back and rewrites the file without its history.
func openLegs(path string) (*legsFile, map[consult.InteractionID]*call, error) {
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("memswitch: read legs: %w", err)
	}
	calls, err := readLegs(data)
	if err != nil {
		return nil, nil, fmt.Errorf("memswitch: read legs %s: %w", path, err)
	}
	f := &legsFile{path: path}
	if err := f.rewrite(calls); err != nil {
		return nil, nil, err
	}
	return f, calls, nil
}

// readLegs reads lines. The last one may have been cut by a crash while it was
// written; nobody had heard of that change, so it did not happen.
func readLegs(data []byte) (map[consult.InteractionID]*call, error) {
	calls := map[consult.InteractionID]*call{}
	for number := 1; len(data) > 0; number++ {
		line, rest, whole := bytes.Cut(data, []byte("\n"))
		if !whole {
			break
		}
		data = rest
		c := &call{}
		if err := json.Unmarshal(line, c); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		if len(c.Legs) == 0 {
			delete(calls, c.ID)
			continue
		}
		calls[c.ID] = c
	}
	return calls, nil
}

// write appends the call's line, and rewrites the file when it is mostly history.
func (f *legsFile) write(c *call, all map[consult.InteractionID]*call) error {
	if f.lines > 2*len(all)+spareLines {
		return f.rewrite(all)
	}
	line, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("memswitch: write legs: %w", err)
	}
	// A line that a full disk cut off is overwritten by the next one.
	n, err := f.file.WriteAt(append(line, '\n'), f.size)
	if err != nil {
		return fmt.Errorf("memswitch: write legs: %w", errors.Join(err, f.file.Truncate(f.size)))
	}
	f.size += int64(n)
	f.lines++
	return nil
}

// rewrite replaces the file by one line for each call.
func (f *legsFile) rewrite(all map[consult.InteractionID]*call) error {
	file, err := os.OpenFile(f.path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("memswitch: rewrite legs: %w", err)
	}
	buffered := bufio.NewWriter(file)
	lines := json.NewEncoder(buffered)
	for _, c := range all {
		if err := lines.Encode(c); err != nil {
			return errors.Join(fmt.Errorf("memswitch: rewrite legs: %w", err), file.Close())
		}
	}
	err = buffered.Flush()
	if err == nil {
		err = os.Rename(f.path+".new", f.path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("memswitch: rewrite legs: %w", err), file.Close())
	}
	if f.file != nil {
		err = f.file.Close()
	}
	f.file, f.lines = file, len(all)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("memswitch: rewrite legs: %w", err)
	}
	f.size = info.Size()
	return nil
}

func (f *legsFile) close() error { return f.file.Close() }
