package configs

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// TestTheExampleExplainsEveryKey reads the example as if nothing in it were
// commented out.
func TestTheExampleExplainsEveryKey(t *testing.T) {
	data, err := os.ReadFile("teamsbridge.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	shown := shownKeys(string(data))
	for _, key := range everyKey(reflect.TypeFor[Config](), "") {
		if !shown[key] && !shown[key+"_file"] {
			t.Errorf("the example does not explain %s", key)
		}
	}
}

// everyKey lists the keys that a file can set, those of items of lists too.
func everyKey(t reflect.Type, path string) []string {
	var keys []string
	for key, kind := range keysOf(t) {
		at := join(path, key)
		if elsewhere[at] != "" {
			continue
		}
		keys = append(keys, at)
		if kind.Kind() == reflect.Slice {
			kind = kind.Elem()
		}
		if kind.Kind() == reflect.Struct {
			keys = append(keys, everyKey(kind, at)...)
		}
	}
	return keys
}

var (
	exampleLine = regexp.MustCompile(`^( *)(?:# ?)?( *)(- )?\{?([a-z0-9_]+):(.*)`)
	inlineKey   = regexp.MustCompile(`[{,] *([a-z0-9_]+): `)
)

// shownKeys finds keys by their indentation, whether they stand behind a # or not.
func shownKeys(text string) map[string]bool {
	type level struct {
		indent int
		key    string
	}
	shown := map[string]bool{}
	var open []level
	for line := range strings.Lines(text) {
		m := exampleLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		indent := len(m[1]) + len(m[2]) + len(m[3])
		for len(open) > 0 && open[len(open)-1].indent >= indent {
			open = open[:len(open)-1]
		}
		parent := ""
		if len(open) > 0 {
			parent = open[len(open)-1].key
		}
		at := join(parent, m[4])
		shown[at] = true
		owner := at // of keys inside braces: this key's, or siblings' where the item itself is in braces
		if strings.Contains(line, "- {") {
			owner = parent
		}
		value, _, _ := strings.Cut(m[5], " # ")
		for _, inner := range inlineKey.FindAllStringSubmatch(value, -1) {
			shown[join(owner, inner[1])] = true
		}
		open = append(open, level{indent, at})
	}
	return shown
}
