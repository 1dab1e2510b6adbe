package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// shown is a command as a document shows it.
type shown struct {
	place string // file and line
	text  string
	whole bool // to be typed as it stands; a mention in a sentence may leave arguments out
}

// TestTheDocumentsShowCommandsThatThereAre parses every command of this binary
// in the documents with the binary's own commands and flags, and runs none.
func TestTheDocumentsShowCommandsThatThereAre(t *testing.T) {
	root := filepath.Join("..", "..")
	files, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"README.md", "CONTRIBUTING.md", "SECURITY.md"} {
		files = append(files, filepath.Join(root, name))
	}
	var commands []shown
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		commands = append(commands, shownIn(filepath.Base(file), string(text))...)
	}
	unit, err := os.ReadFile(filepath.Join(root, "configs", "teamsbridge.service"))
	if err != nil {
		t.Fatal(err)
	}
	_, start, _ := strings.Cut(string(unit), "\nExecStart=/usr/local/bin/teamsbridge ")
	start, _, _ = strings.Cut(start, "\n")
	commands = append(commands, shown{"teamsbridge.service", start, true})
	if len(commands) < 30 {
		t.Fatalf("only %d commands were found in %d documents: is the test blind?", len(commands), len(files))
	}
	t.Logf("%d commands of %d documents", len(commands), len(files))
	for _, c := range commands {
		for _, line := range alternatives(c.text) {
			if err := understood(line, c.whole); err != nil {
				t.Errorf("%s: %q: %v", c.place, c.text, err)
			}
		}
	}
}

var (
	binary = regexp.MustCompile(`^(teamsbridge|go run \./cmd/teamsbridge) `)
	// A span that begins with a flag names flags of this binary.
	spans = regexp.MustCompile("`(teamsbridge [^`]+|--[a-z][^`]*)`")
)

// shownIn finds commands in blocks of code and in spans.
func shownIn(file, text string) []shown {
	var found []shown
	for i, line := range strings.Split(text, "\n") {
		place := fmt.Sprintf("%s:%d", file, i+1)
		if command, isCode := strings.CutPrefix(line, "    "); isCode && binary.MatchString(command) {
			found = append(found, shown{place, binary.ReplaceAllString(command, ""), true})
			continue
		}
		for _, span := range spans.FindAllStringSubmatch(line, -1) {
			found = append(found, shown{place, strings.TrimPrefix(span[1], "teamsbridge "), false})
		}
	}
	return found
}

var alternative = regexp.MustCompile(`\S+\|\S+`)

// alternatives spells out one "a|b" of a command.
func alternatives(text string) []string {
	choice := alternative.FindString(text)
	if choice == "" {
		return []string{text}
	}
	var all []string
	for one := range strings.SplitSeq(choice, "|") {
		all = append(all, strings.Replace(text, choice, one, 1))
	}
	return all
}

var (
	comment     = regexp.MustCompile(`\s#.*$`)
	placeholder = regexp.MustCompile(`<[^>]+>`)
	word        = regexp.MustCompile(`"[^"]*"|[^\s\[\]]+`) // brackets say that something may be left out
)

// understood reports why the binary would not understand a command.
func understood(text string, whole bool) error {
	text = placeholder.ReplaceAllString(comment.ReplaceAllString(text, ""), "X")
	args := word.FindAllString(text, -1)
	root := newRoot(func(string) string { return "" })
	if strings.HasPrefix(args[0], "-") {
		return knownFlags(root, args)
	}
	command, rest, err := root.Find(args)
	switch {
	case err != nil:
		return err
	case !command.Runnable():
		return fmt.Errorf("no such command as %q", strings.Join(args, " "))
	case !whole:
		return knownFlags(command, rest)
	}
	if err := command.ParseFlags(rest); err != nil {
		return err
	}
	if err := command.ValidateRequiredFlags(); err != nil {
		return err
	}
	return command.ValidateArgs(command.Flags().Args())
}

// knownFlags reports a flag that neither the command nor one below it has.
func knownFlags(command *cobra.Command, args []string) error {
	for _, arg := range args {
		name, isFlag := strings.CutPrefix(arg, "--")
		name, _, _ = strings.Cut(name, "=")
		if isFlag && flagOf(command, name) == nil {
			return fmt.Errorf("no such flag as --%s", name)
		}
	}
	return nil
}

func flagOf(command *cobra.Command, name string) *pflag.Flag {
	if f := command.Flag(name); f != nil {
		return f
	}
	for _, below := range command.Commands() {
		if f := flagOf(below, name); f != nil {
			return f
		}
	}
	return nil
}
