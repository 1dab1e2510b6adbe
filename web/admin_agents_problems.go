package web

import (
	"fmt"
	"slices"

	"teamsbridge/sso"
)

// problemCode is what is wrong with agents: a problem of a file, or of a row as
// package sso names it.
type problemCode string

// The problems of a file.
const (
	fileNotUTF8          problemCode = "not-utf8"
	fileTooManyAgents    problemCode = "too-many-agents"
	fileHeaderMissing    problemCode = "header-missing"
	fileColumnUnknown    problemCode = "column-unknown"
	fileColumnTwice      problemCode = "column-twice"
	fileColumnMissing    problemCode = "column-missing"
	fileValueCount       problemCode = "value-count"
	fileControlCharacter problemCode = "control-character"
	fileQuoteAstray      problemCode = "quote-astray"
)

// fileProblem says what is wrong; numbers name those in the message, in its order.
type fileProblem struct {
	code    problemCode
	message string
	numbers []string
}

var fileProblems = [...]fileProblem{
	{fileNotUTF8, "is not UTF-8; save the file as CSV UTF-8", nil},
	{fileTooManyAgents, "is one more than the %d agents that a file may have", []string{"limit"}},
	{fileHeaderMissing, "is missing: the first line names the columns", nil},
	{fileColumnUnknown, "names an unknown column at place %d", []string{"place"}},
	{fileColumnTwice, "is named twice", nil},
	{fileColumnMissing, "is missing in the header", nil},
	{fileValueCount, "has %d values, the header %d", []string{"values", "columns"}},
	{fileControlCharacter, "holds a line break, tabulator or other control character", nil},
	{fileQuoteAstray, "has a quote that is astray; what follows was not read", nil},
}

// problemCodes lists every code.
func problemCodes() []problemCode {
	return append(
		mapped(fileProblems[:], func(p fileProblem) problemCode { return p.code }),
		mapped(sso.RowProblems[:], func(p sso.RowProblem) problemCode { return problemCode(p) })...)
}

// problem notes what is wrong with the file, with the numbers of the message.
func (f *agentFile) problem(line int, column string, code problemCode, numbers ...int) {
	known := fileProblems[slices.IndexFunc(fileProblems[:], func(p fileProblem) bool { return p.code == code })]
	p := importProblem{Line: line, Column: orNull(column), Code: code, Values: map[string]int{}}
	args := make([]any, len(numbers))
	for i, n := range numbers {
		args[i], p.Values[known.numbers[i]] = n, n
	}
	p.Message = fmt.Sprintf(known.message, args...)
	f.problems = append(f.problems, p)
}

// valuesOf are the numbers in the message of a row's problem.
func valuesOf(p sso.RowProblem) map[string]int {
	if p.Limit() == 0 {
		return map[string]int{}
	}
	return map[string]int{"limit": p.Limit()}
}
