package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// Write gives lines as JSON lines.
func Write(w io.Writer, lines []Line) error {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	for _, l := range lines {
		if err := encoder.Encode(l); err != nil {
			return fmt.Errorf("audit: encode: %w", err)
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// stream is where lines go beside the store; nil: nowhere.
type stream func([]Line) error

func newStream(cfg Config, stdout io.Writer) stream {
	var write stream
	switch cfg.Stream {
	case StreamStdout:
		write = func(lines []Line) error { return Write(stdout, lines) }
	case StreamFile:
		write = func(lines []Line) error { return appendTo(cfg.File, lines) }
	default:
		return nil
	}
	if cfg.Persons {
		return write
	}
	return func(lines []Line) error {
		bare := make([]Line, len(lines))
		for i, l := range lines {
			l.Actor, l.Target = nil, nil
			bare[i] = l
		}
		return write(bare)
	}
}

// appendTo opens the file anew each time, so that it can be moved away at any
// moment and nobody has to be told.
func appendTo(name string, lines []Line) (err error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return Write(file, lines)
}
