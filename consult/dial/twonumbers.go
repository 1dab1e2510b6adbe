package dial

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// Separators between two numbers. A pause or a list mark is hardly ever part of
// one number; a slash or a new line often is (030/1234567).
const (
	listMarks  = ",|&"
	lineBreaks = "/\\\n\r\t"
)

const (
	// shortGroup is the longest group into which people divide one number.
	shortGroup = 4
	// fullNumber is how many digits a part with its own 0 or + needs to be a
	// number of its own, rather than an area code or the rest of one.
	fullNumber = 5
)

// asTwoNumbers are the parts of a text that may be two numbers side by side.
func (c cleaned) asTwoNumbers(country string) []string {
	if m := afterSemicolon.FindStringSubmatch(c.tail); m != nil && countDigits(m[1]) >= MinDigits && countDigits(c.body) >= MinDigits {
		return numbers([]string{c.body, m[1]})
	}
	for _, parts := range [][]string{
		c.listed(country),
		c.broken(country),
		c.secondPlus(country),
	} {
		if parts != nil {
			return numbers(parts)
		}
	}
	return nil
}

// listed splits at pauses and list marks, unless they divide one valid number
// into groups.
func (c cleaned) listed(country string) []string {
	parts := split(c.body, listMarks)
	if len(parts) < 2 || !reaches(parts, MinDigits) {
		return nil
	}
	grouped := true
	for _, p := range parts {
		grouped = grouped && countDigits(p) <= shortGroup
	}
	if n := parse(c.number, country); grouped && n != nil && phonenumbers.IsValidNumber(n) {
		return nil
	}
	return parts
}

// broken splits at slashes and line breaks where a later part begins like a
// number of its own, or where the whole is no valid number but each part may be
// an internal one.
func (c cleaned) broken(country string) []string {
	parts := split(c.body, lineBreaks)
	if len(parts) < 2 {
		return nil
	}
	before := countDigits(parts[0])
	for _, p := range parts[1:] {
		start := strings.TrimLeft(p, " (")
		if before >= fullNumber && countDigits(p) >= fullNumber && (start[0] == '0' || start[0] == '+') {
			return parts
		}
		before += countDigits(p)
	}
	if n := parse(c.number, country); n != nil && phonenumbers.IsValidNumber(n) {
		return nil
	}
	for _, p := range parts {
		if countDigits(p) < MinDigits {
			return nil
		}
	}
	return parts
}

// secondPlus splits before a + that begins a possible international number
// after another number.
func (c cleaned) secondPlus(country string) []string {
	i := strings.LastIndexByte(c.body, '+')
	if i < 0 || countDigits(c.body[:i]) < MinDigits {
		return nil
	}
	n := parse("+"+onlyDigits(c.body[i:]), country)
	if n == nil || !phonenumbers.IsPossibleNumber(n) {
		return nil
	}
	return []string{c.body[:i], c.body[i:]}
}

// split cuts at any of the marks and drops parts without digits.
func split(body, marks string) []string {
	parts := strings.FieldsFunc(body, func(r rune) bool { return strings.ContainsRune(marks, r) })
	kept := parts[:0]
	for _, p := range parts {
		if countDigits(p) > 0 {
			kept = append(kept, p)
		}
	}
	return kept
}

// reaches reports whether the text can be cut in two at one of the marks so
// that both sides have at least the digits.
func reaches(parts []string, digits int) bool {
	total := 0
	for _, p := range parts {
		total += countDigits(p)
	}
	left := 0
	for _, p := range parts[:len(parts)-1] {
		left += countDigits(p)
		if left >= digits && total-left >= digits {
			return true
		}
	}
	return false
}
