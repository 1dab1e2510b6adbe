package dial

import (
	"regexp"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// cleaned is a text after cleaning.
type cleaned struct {
	number  string   // what is left: 0-9 + # * :
	removed []string // what was cut
	written string   // the text without its scheme and its tail
	body    string   // the same without a trunk zero
	tail    string   // what was cut from the first @ or ; on

	cutOnce map[string]bool // the pieces of removed
}

var (
	scheme = regexp.MustCompile(`(?i)^(?:tel|sips?|callto):`)
	// trunkZero finds the (0) that Europeans write between country and number:
	// it is dialled only without the country.
	trunkZero = regexp.MustCompile(`^([^0-9+]*\+(?:[^0-9+]*[0-9]){1,3}[^0-9+]*)(\(\s*0\s*\))`)
)

// clean cuts what is no part of a dial number: a scheme, everything from the
// first @ or ; on, a (0) after +country, every character but 0-9 + # * :, a
// leading : and every + that is not the first character.
func clean(text string) cleaned {
	c := cleaned{cutOnce: map[string]bool{}}
	rest := strings.TrimLeft(text, " \t\r\n")
	for _, space := range text[:len(text)-len(rest)] {
		c.cut(string(space))
	}
	if s := scheme.FindString(rest); s != "" {
		c.cut(s)
		rest = rest[len(s):]
	}
	c.written = rest
	if i := strings.IndexAny(rest, "@;"); i >= 0 {
		c.written, c.tail = rest[:i], rest[i:]
	}
	before, zero, after := c.written, "", ""
	if m := trunkZero.FindStringSubmatch(c.written); m != nil && isCountryCode(onlyDigits(m[1])) {
		before, zero = m[1], m[2]
		after = c.written[len(before)+len(zero):]
	}
	c.body = before + after
	var number strings.Builder
	keep := func(part string) {
		for _, r := range part {
			if kept(r, number.Len() == 0) {
				number.WriteRune(r)
			} else {
				c.cut(string(r))
			}
		}
	}
	keep(before)
	if zero != "" {
		c.cut(zero)
	}
	keep(after)
	if c.tail != "" {
		c.cut(c.tail)
	}
	c.number = number.String()
	return c
}

// kept reports whether a character stays in a dial number.
func kept(r rune, first bool) bool {
	switch r {
	case '+':
		return first
	case ':':
		return !first
	case '#', '*':
		return true
	}
	return '0' <= r && r <= '9'
}

// cut notes a piece that was removed, once.
func (c *cleaned) cut(piece string) {
	if !c.cutOnce[piece] {
		c.cutOnce[piece] = true
		c.removed = append(c.removed, piece)
	}
}

func isCountryCode(digits string) bool {
	code := 0
	for _, d := range digits {
		code = 10*code + int(d-'0')
	}
	return digits != "" && digits[0] != '0' && phonenumbers.GetRegionCodeForCountryCode(code) != unknownRegion
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s)
}

func countDigits(s string) int { return len(onlyDigits(s)) }
