package web

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"teamsbridge/sso"
)

// agentColumns are the columns of a file of agents and where each belongs.
var agentColumns = map[string]func(*sso.Agent, string){
	"id":       func(a *sso.Agent, v string) { a.ID = sso.AgentID(v) },
	"name":     func(a *sso.Agent, v string) { a.Name = v },
	"entraId":  func(a *sso.Agent, v string) { a.EntraID = v },
	"subject":  func(a *sso.Agent, v string) { a.Subject = v },
	"number":   func(a *sso.Agent, v string) { a.Number = v },
	"country":  func(a *sso.Agent, v string) { a.Country = v },
	"timeZone": func(a *sso.Agent, v string) { a.TimeZone = v },
	"team":     func(a *sso.Agent, v string) { a.Team = v },
	"queues":   func(a *sso.Agent, v string) { a.Queues = pieces(v) },
	"roles": func(a *sso.Agent, v string) {
		a.Roles = mapped(pieces(v), func(piece string) sso.Role { return sso.Role(piece) })
	},
	"source": func(*sso.Agent, string) {}, // an export has it; it says nothing here
}

// neededColumns must be in the header.
var neededColumns = []string{"id", "name"}

// pieces takes apart what | separates.
func pieces(s string) []string {
	if s == "" {
		return nil
	}
	return mapped(strings.Split(s, "|"), strings.TrimSpace)
}

// agentFile is a file of agents as it was read: the rows, the line of each, and
// what is wrong with the file itself.
type agentFile struct {
	agents   []sso.Agent
	lines    []int
	problems []importProblem
}

// problemOf says where in the file a row's problem is.
func (f *agentFile) problemOf(e *sso.RowError) importProblem {
	column, _, _ := strings.Cut(memberNames.Replace(e.Field), "[")
	p := importProblem{
		Line: f.lines[e.Row], Column: orNull(column), Message: memberNames.Replace(e.Problem.Message()),
		Code: problemCode(e.Problem), Values: valuesOf(e.Problem),
	}
	if e.Other >= 0 {
		p.Values["line"] = f.lines[e.Other]
		p.Message += fmt.Sprintf(" (line %d)", f.lines[e.Other])
	}
	return p
}

var byteOrderMark = []byte("\ufeff")

// readAgentFile reads a CSV file (RFC 4180), with commas or semicolons: where a
// comma is the decimal point, spreadsheets write semicolons.
func readAgentFile(data []byte) agentFile {
	var f agentFile
	data = bytes.TrimPrefix(data, byteOrderMark)
	if line, ok := firstNotUTF8(data); ok {
		f.problem(line, "", fileNotUTF8)
		return f
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1 // counted here, to name the line and go on
	r.ReuseRecord = true
	if header, _, _ := bytes.Cut(data, []byte("\n")); bytes.ContainsRune(header, ';') {
		r.Comma = ';'
	}
	columns, ok := f.header(r)
	if !ok {
		return f
	}
	for {
		record, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return f
		case err != nil:
			f.unreadable(err)
			return f
		}
		if !slices.ContainsFunc(record, func(v string) bool { return strings.TrimSpace(v) != "" }) {
			continue // spreadsheets end files so
		}
		line, _ := r.FieldPos(0)
		if len(f.agents) == maxImportRows {
			f.problem(line, "", fileTooManyAgents, maxImportRows)
			return f
		}
		f.row(line, columns, record)
	}
}

// header reads the names of the columns; ok is false when no row can be read.
func (f *agentFile) header(r *csv.Reader) (columns []string, ok bool) {
	record, err := r.Read()
	switch {
	case errors.Is(err, io.EOF):
		f.problem(1, "", fileHeaderMissing)
		return nil, false
	case err != nil:
		f.unreadable(err)
		return nil, false
	}
	for i, name := range record {
		name = strings.TrimSpace(name)
		switch {
		case agentColumns[name] == nil:
			f.problem(1, "", fileColumnUnknown, i+1)
		case slices.Contains(columns, name):
			f.problem(1, name, fileColumnTwice)
		}
		columns = append(columns, name)
	}
	for _, name := range neededColumns {
		if !slices.Contains(columns, name) {
			f.problem(1, name, fileColumnMissing)
		}
	}
	return columns, len(f.problems) == 0
}

// row takes in one line. A row with problems of its own is kept too, so that
// the rest of it is checked.
func (f *agentFile) row(line int, columns, record []string) {
	if len(record) != len(columns) {
		f.problem(line, "", fileValueCount, len(record), len(columns))
		return
	}
	var a sso.Agent
	for i, value := range record {
		if strings.ContainsFunc(value, unicode.IsControl) {
			f.problem(line, columns[i], fileControlCharacter)
			value = strings.Map(printableOnly, value)
		}
		agentColumns[columns[i]](&a, strings.TrimSpace(strings.Clone(value)))
	}
	f.agents, f.lines = append(f.agents, a), append(f.lines, line)
}

// printableOnly drops what was reported already, lest it be reported twice.
func printableOnly(r rune) rune {
	if unicode.IsControl(r) {
		return -1
	}
	return r
}

// unreadable ends the reading: after a quote that is astray nobody knows what
// is a value.
func (f *agentFile) unreadable(err error) {
	line := 1
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		line = e.StartLine
	}
	f.problem(line, "", fileQuoteAstray)
}

// firstNotUTF8 finds the line of the first byte that is not UTF-8.
func firstNotUTF8(data []byte) (line int, found bool) {
	if utf8.Valid(data) {
		return 0, false
	}
	line = 1
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		data = data[size:]
	}
	return line, true
}
