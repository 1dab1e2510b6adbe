package archtest_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	root         = "../.."
	securityPage = root + "/docs/security.md"
)

// asvs are the sections of OWASP ASVS 5.0.0 and how many requirements of levels
// 1 and 2 each has; they come first in a section, numbered from 1. Chapters 5
// and 17, files and WebRTC, have a line each in the document.
var asvs = map[string]int{
	"1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
	"2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
	"3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
	"4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
	"6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
	"7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
	"8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
	"9.1": 3, "9.2": 4,
	"10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
	"11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
	"12.1": 3, "12.2": 2, "12.3": 4,
	"13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
	"14.1": 2, "14.2": 4, "14.3": 3,
	"15.1": 3, "15.2": 3, "15.3": 7,
	"16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
}

var (
	quoted   = regexp.MustCompile("`([^`\n]+)`")
	aPath    = regexp.MustCompile(`^(audit|cmd|configs|consult|demo|docs|graph|internal|presence|sso|store|web)/[\w./-]+$|^(SECURITY|CHANGELOG|CONTRIBUTING)\.md$|^Makefile$|^go\.(mod|sum)$`)
	anAttack = regexp.MustCompile(`^attack: (.+)$`)
	aTest    = regexp.MustCompile(`^(Test|Fuzz|Benchmark)[A-Z]\w+$`)
	defined  = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)[A-Z]\w*)\(`)
	asvsRow  = regexp.MustCompile(`(?m)^\| V(\d+\.\d+)\.(\d+)(?:-(\d+))? \| .+ \| (met|not met|in part|none here) \| .+ \|$`)
	asvsLike = regexp.MustCompile(`(?m)^\| V\d`)
)

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// TestTheSecurityPageNamesWhatIsThere holds docs/security.md against the tree:
// a file, a test or an attack that it names exists.
func TestTheSecurityPageNamesWhatIsThere(t *testing.T) {
	tests, attacks := testNames(t), read(t, root+"/docs/attacks.md")
	named := 0
	for _, match := range quoted.FindAllStringSubmatch(read(t, securityPage), -1) {
		switch name := match[1]; {
		case aPath.MatchString(name):
			named++
			if _, err := os.Stat(filepath.Join(root, name)); err != nil {
				t.Errorf("%s is named and not there", name)
			}
		case anAttack.MatchString(name):
			if attack := anAttack.FindStringSubmatch(name)[1]; !strings.Contains(attacks, "| "+attack+" |") {
				t.Errorf("no attack is called %s", attack)
			}
		case aTest.MatchString(name):
			named++
			if !slices.Contains(tests, name) {
				t.Errorf("no test is called %s", name)
			}
		}
	}
	if named < 100 {
		t.Errorf("only %d files and tests are named", named)
	}
}

// TestTheSecurityPageHasEveryFuzzTarget, so that the list is the one of make fuzz.
func TestTheSecurityPageHasEveryFuzzTarget(t *testing.T) {
	page := read(t, securityPage)
	for _, name := range testNames(t) {
		if strings.HasPrefix(name, "Fuzz") && !strings.Contains(page, "`"+name+"`") {
			t.Errorf("%s is not listed", name)
		}
	}
}

// TestTheSecurityPageAnswersEveryRequirement: each requirement of levels 1 and 2
// has one answer, and no other number has any.
func TestTheSecurityPageAnswersEveryRequirement(t *testing.T) {
	page := read(t, securityPage)
	answered := map[string]int{}
	rows := asvsRow.FindAllStringSubmatch(page, -1)
	for _, row := range rows {
		for n := number(row[2]); n <= max(number(row[2]), number(row[3])); n++ {
			if n > asvs[row[1]] {
				t.Errorf("there is no V%s.%d of level 1 or 2", row[1], n)
			}
			answered[fmt.Sprintf("%s.%d", row[1], n)]++
		}
	}
	if like := len(asvsLike.FindAllString(page, -1)); like != len(rows) {
		t.Errorf("%d rows look like requirements, %d can be read", like, len(rows))
	}
	for section, last := range asvs {
		for n := 1; n <= last; n++ {
			if times := answered[fmt.Sprintf("%s.%d", section, n)]; times != 1 {
				t.Errorf("V%s.%d has %d answers", section, n, times)
			}
		}
	}
}

// number is 0 for no number.
// TestTheSecurityPageShowsWhatItCallsMet: a requirement that is met names a file,
// a test, an attack or a page that shows it, or the requirement that does.
func TestTheSecurityPageShowsWhatItCallsMet(t *testing.T) {
	shown := regexp.MustCompile("`[^`]+`|\\]\\([\\w./-]+\\)|see V\\d|this page")
	for line := range strings.Lines(read(t, securityPage)) {
		if strings.Contains(line, "| met |") && asvsRow.MatchString(strings.TrimSpace(line)) && !shown.MatchString(line) {
			t.Errorf("nothing shows it: %s", line)
		}
	}
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}

// testNames are the tests, fuzz targets and benchmarks of the whole tree.
func testNames(t *testing.T) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || strings.HasPrefix(entry.Name(), ".") && entry.Name() != "..") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, "_test.go") {
			for _, match := range defined.FindAllStringSubmatch(read(t, path), -1) {
				names = append(names, match[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
