package dial

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

var (
	// extension is a parameter that names another telephone behind the number.
	extension = regexp.MustCompile(`(?i);\s*ext\s*=\D*([0-9]+)`)
	// afterSemicolon is a second number after the place where the first is cut.
	afterSemicolon = regexp.MustCompile(`^;[\s(]*([+0-9][^;@]*)`)
	// iddTrunkZero is a (0) after a country that was written with an
	// international prefix: the rules cut it only after a +.
	iddTrunkZero = regexp.MustCompile(`^\D*((?:[0-9]\D*?){3,6})\(\s*0\s*\)`)
)

// otherwise gives the readings of a text that can be read in more ways than
// one, the cleaned number first; nil when there is only the cleaned one.
func (c cleaned) otherwise(country string) []string {
	var more []string
	for _, find := range []func(string) []string{
		c.asLibphonenumber, c.asLetters, c.asTwoNumbers, c.asExtension, c.asTrunkZero,
	} {
		more = append(more, find(country)...)
	}
	if more == nil {
		return nil
	}
	return distinct(append([]string{c.number}, more...), country)
}

// asLibphonenumber is the number that libphonenumber finds in the original,
// when that is another one: vanity letters, extensions, digits of other scripts,
// a leading zero that belongs to the number (Italy).
func (c cleaned) asLibphonenumber(country string) []string {
	original := c.written
	if strings.HasPrefix(c.tail, ";") {
		original += c.tail
	}
	theirs := parse(original, country)
	if theirs == nil || !phonenumbers.IsPossibleNumber(theirs) {
		return nil // it is no number to them, so they say nothing else
	}
	if ours := parse(c.number, country); ours != nil && same(ours, theirs) {
		return nil
	}
	if isInternal(theirs, original, country) {
		// To put the site's country before it would name somebody else.
		return []string{phonenumbers.GetNationalSignificantNumber(theirs)}
	}
	return []string{phonenumbers.Format(theirs, phonenumbers.E164)}
}

// isInternal reports whether libphonenumber took a number for one of the site's
// country only because nothing else was said.
func isInternal(n *phonenumbers.PhoneNumber, original, country string) bool {
	trunk := phonenumbers.GetNddPrefixForRegion(country, true)
	return n.GetCountryCodeSource() == phonenumbers.PhoneNumber_FROM_DEFAULT_COUNTRY && !phonenumbers.IsValidNumber(n) &&
		(trunk == "" || !strings.HasPrefix(onlyDigits(original), trunk))
}

func same(a, b *phonenumbers.PhoneNumber) bool {
	return phonenumbers.Format(a, phonenumbers.E164) == phonenumbers.Format(b, phonenumbers.E164) &&
		a.GetExtension() == b.GetExtension()
}

// asLetters are the parts between letters, when letters stand between digits.
func (c cleaned) asLetters(string) []string {
	parts := strings.FieldsFunc(c.body, unicode.IsLetter)
	parts = slices.DeleteFunc(parts, func(p string) bool { return countDigits(p) == 0 })
	if len(parts) < 2 {
		return nil
	}
	return numbers(parts)
}

// asExtension is a number with the extension of its ;ext= dialled after it.
func (c cleaned) asExtension(string) []string {
	m := extension.FindStringSubmatch(c.tail)
	if m == nil {
		return nil
	}
	return []string{c.number + m[1]}
}

// asTrunkZero is an international number without its trunk zero: 0049 (0)30 …
func (c cleaned) asTrunkZero(country string) []string {
	m := iddTrunkZero.FindStringSubmatchIndex(c.body)
	if m == nil {
		return nil
	}
	before := onlyDigits(c.body[m[2]:m[3]])
	without := clean(c.body[:m[3]] + c.body[m[1]:]).number
	code, ok := strings.CutPrefix(before, "00")
	if !ok {
		code, ok = strings.CutPrefix(before, "011")
	}
	if !ok || !isCountryCode(code) || meaningOf(without, country).format != FormatIDD {
		return nil
	}
	return []string{without}
}

// numbers cleans the parts of a text; what is too short to be dialled stays in,
// so that a text which falls apart is never taken for an unambiguous one.
func numbers(parts []string) []string {
	all := make([]string, 0, len(parts))
	for _, p := range parts {
		all = append(all, clean(p).number)
	}
	return all
}

// distinct drops what cannot be dialled, and of two spellings of one number the
// later one.
func distinct(all []string, country string) []string {
	seen := map[string]bool{}
	readings := []string{}
	for _, number := range all {
		if digits := countDigits(number); digits < MinDigits || digits > MaxDigits {
			continue
		}
		name := number
		if e164 := meaningOf(number, country).e164; e164 != "" {
			name = e164
		}
		if seen[name] {
			continue
		}
		seen[name] = true
		readings = append(readings, number)
	}
	return readings
}
