package configs

import (
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strings"
)

// Problem is one thing that is wrong, and where.
type Problem struct {
	Path    string // like sso.entra.client_id or agents[2].number; empty for the whole file
	Message string
}

func (p Problem) String() string {
	if p.Path == "" {
		return p.Message
	}
	return p.Path + ": " + p.Message
}

// Error is a configuration that is not usable, with every problem, ordered by path.
type Error struct{ Problems []Problem }

func (e *Error) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// problems gathers them; only the first of a path counts, because what
// follows is mostly its echo.
type problems struct {
	list []Problem
	seen map[string]bool
}

func (p *problems) add(path, message string) {
	for inner, outer := range elsewhere {
		if rest, ok := strings.CutPrefix(path, inner); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			path = outer + rest
		}
	}
	if p.seen == nil {
		p.seen = make(map[string]bool)
	}
	if path != "" && p.seen[path] {
		return
	}
	p.seen[path] = true
	p.list = append(p.list, Problem{Path: path, Message: message})
}

func (p *problems) err() error {
	if len(p.list) == 0 {
		return nil
	}
	slices.SortStableFunc(p.list, func(a, b Problem) int { return cmp.Compare(a.Path, b.Path) })
	return &Error{Problems: p.list}
}

// keyed splits "client_id: missing" into its key and the rest.
var keyed = regexp.MustCompile(`^((?:[a-z_][a-z0-9_]*|\[\d+\])(?:\[\d+\])?(?:\.[a-z_][a-z0-9_]*(?:\[\d+\])?)*): (.*)$`)

// addAll takes apart what a package's Validate joined; section is the path that
// its keys are relative to. A section that the message repeats is not doubled.
func (p *problems) addAll(section string, err error) {
	for _, e := range leaves(err) {
		text := e.Error()
		for _, after := range []string{": ", ".", "["} {
			if rest, ok := strings.CutPrefix(text, section+after); ok {
				text = strings.TrimLeft(after, ": .") + rest
				break
			}
		}
		if m := keyed.FindStringSubmatch(text); m != nil {
			p.add(join(section, m[1]), m[2])
			continue
		}
		p.add(section, text)
	}
}

// leaves opens joined errors, however deep. A wrapper around a join loses its
// own words, which only name the package.
func leaves(err error) []error {
	if err == nil {
		return nil
	}
	if joined, ok := errors.AsType[interface {
		error
		Unwrap() []error
	}](err); ok {
		var all []error
		for _, e := range joined.Unwrap() {
			all = append(all, leaves(e)...)
		}
		return all
	}
	return []error{err}
}

func join(section, key string) string {
	switch {
	case section == "":
		return key
	case strings.HasPrefix(key, "["):
		return section + key
	default:
		return section + "." + key
	}
}
