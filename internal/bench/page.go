package main

import (
	"compress/gzip"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
)

// linked finds the scripts that index.html asks for at once.
var linked = regexp.MustCompile(`(?:src|href)="/(assets/[^"]+\.js)"`)

// Beside what index.html names, the first screen loads the texts of one
// language (German ones weigh more), and inside Teams Microsoft's SDK.
const texts, sdk = "assets/de.js", "assets/sdk.js"

// weighPage adds what the page's JavaScript takes on the wire, compressed as
// the service compresses it: of the first screen in a browser and inside Teams.
func weighPage(dist fs.FS, into results) error {
	index, err := fs.ReadFile(dist, "index.html")
	if err != nil {
		return err
	}
	names := []string{texts}
	for _, match := range linked.FindAllStringSubmatch(string(index), -1) {
		if !slices.Contains(names, match[1]) {
			names = append(names, match[1])
		}
	}
	first, err := weigh(dist, names)
	if err != nil {
		return err
	}
	more, err := weigh(dist, []string{sdk})
	into[key{"page first", "B"}], into[key{"page in teams", "B"}] = float64(first), float64(first+more)
	return err
}

func weigh(dist fs.FS, names []string) (bytes int, err error) {
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
