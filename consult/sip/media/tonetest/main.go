package tonetest

import (
	"flag"
	"testing"
)

// Main runs the tests of a package, more of them at once than there are
// processors: they wait for what telephones say most of the time. A number on the command
// line (-parallel) is kept.
func Main(m *testing.M) int {
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err) // the flag is package testing's own
	}
	return m.Run()
}
