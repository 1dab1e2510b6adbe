package main

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// linked finds the scripts that index.html asks for at once.
var linked = regexp.MustCompile(`(?:src|href)="/(assets/[^"]+\.js)"`)

// weighPage adds what the page's JavaScript takes on the wire, compressed as
// the service compresses it: of the first screen, and altogether.
func weighPage(dist fs.FS, into results) error {
	index, err := fs.ReadFile(dist, "index.html")
	if err != nil {
		return err
	}
	var names []string
	for _, match := range linked.FindAllStringSubmatch(string(index), -1) {
		names = append(names, match[1])
	}
	first, err := weigh(dist, names)
	if err != nil {
		return err
	}
	files, err := fs.ReadDir(dist, "assets")
	if err != nil {
		return err
	}
	names = names[:0]
	for _, f := range files {
		if strings.HasSuffix(f.Name(), ".js") {
			names = append(names, path.Join("assets", f.Name()))
		}
	}
	all, err := weigh(dist, names)
	into[key{"page first", "B"}], into[key{"page all", "B"}] = float64(first), float64(all)
	return err
}

func weigh(dist fs.FS, names []string) (bytes int, err error) {
	if len(names) == 0 {
		return 0, errors.New("the page has no JavaScript")
	}
	var scale weight
	for _, name := range names {
		content, err := fs.ReadFile(dist, name)
		if err != nil {
			return 0, err
		}
		zipped, err := gzip.NewWriterLevel(&scale, gzip.BestCompression)
		if err != nil {
			return 0, err
		}
		if _, err := zipped.Write(content); err != nil {
			return 0, fmt.Errorf("%s: %w", name, err)
		}
		if err := zipped.Close(); err != nil {
			return 0, fmt.Errorf("%s: %w", name, err)
		}
	}
	return int(scale), nil
}

// weight counts what is written.
type weight int

func (w *weight) Write(b []byte) (int, error) {
	*w += weight(len(b))
	return len(b), nil
}
