package graph

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/unicode/norm"
)

const (
	minDigits         = 3  // fewer cannot be dialled, and a query with fewer is text
	maxDigits         = 18 // more cannot be dialled
	minNationalDigits = 7  // fewer without a trunk prefix are an internal number
)

// listedNumber reads a number as the directory spells it: in E.164 (with
// ";ext=" for an extension) where it can be read as one, else its own digits.
// It is empty when there is nothing to dial.
func listedNumber(text, country string) string {
	text = norm.NFKC.String(strings.TrimSpace(text))
	if number := listedE164(text, country); number != "" {
		return number
	}
	// Two numbers in one field: the first is the one meant to be dialled.
	if i := strings.IndexAny(text, "/,;|"); i > 0 && countDigits(text[:i]) >= minNationalDigits {
		if number := listedE164(text[:i], country); number != "" {
			return number
		}
	}
	return internalNumber(text)
}

// listedE164 is strict where a reading would be a guess: without a + the
// number must be valid in the country, and "4711" is no subscriber's number.
func listedE164(text, country string) string {
	if number, _ := phonenumbers.MaybeSeparateExtensionFromPhone(text); hasInnerLetters(number) {
		return ""
	}
	n, err := phonenumbers.Parse(text, country)
	if err != nil || phonenumbers.IsPossibleNumberWithReason(n) != phonenumbers.IS_POSSIBLE {
		return ""
	}
	if !isInternational(text) {
		if !phonenumbers.IsValidNumber(n) {
			return ""
		}
		trunk := phonenumbers.GetNddPrefixForRegion(country, true)
		withTrunk := trunk != "" && strings.HasPrefix(digitsOf(text), trunk)
		if !withTrunk && len(phonenumbers.GetNationalSignificantNumber(n)) < minNationalDigits {
			return ""
		}
	}
	return numberKey(n)
}

// internalNumber keeps what a telephone can dial.
func internalNumber(text string) string {
	digits := countDigits(text)
	if digits < minDigits || digits > maxDigits || hasInnerLetters(text) {
		return ""
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			b.WriteString(digitsOf(string(r)))
		case r == '+' && b.Len() == 0, r == '*', r == '#':
			b.WriteRune(r)
		}
	}
	return b.String()
}

// hasInnerLetters tells whether letters stand between digits: then the text
// may be two numbers, and reading it as one is a guess.
func hasInnerLetters(text string) bool {
	from := strings.IndexFunc(text, unicode.IsDigit)
	to := strings.LastIndexFunc(text, unicode.IsDigit)
	return from >= 0 && strings.ContainsFunc(text[from:to], unicode.IsLetter)
}

// numberKey spells a parsed number the way the index keeps it (RFC 3966's
// parameter for the extension).
func numberKey(n *phonenumbers.PhoneNumber) string {
	key := phonenumbers.Format(n, phonenumbers.E164)
	if ext := n.GetExtension(); ext != "" {
		key += ";ext=" + ext
	}
	return key
}

// phoneQuery is a search text that is a telephone number.
type phoneQuery struct {
	keys  []string // the spellings of the index that it can mean
	short bool     // too short to be complete at the asking site
}

// parsePhoneQuery reads a text of phone characters only, with at least three
// digits; ok is false for every other text. National numbers are read in the
// country, which may be unknown.
func parsePhoneQuery(text, country string) (q phoneQuery, ok bool) {
	text = strings.TrimSpace(norm.NFKC.String(text))
	if len(text) > 4 && strings.EqualFold(text[:4], "tel:") {
		text = text[4:]
	}
	number, extension := phonenumbers.MaybeSeparateExtensionFromPhone(text)
	if !isPhoneText(number) || countDigits(number) < minDigits {
		return phoneQuery{}, false
	}
	if extension != "" {
		extension = ";ext=" + extension
	} else {
		q.addKey(internalNumber(number))
	}
	digits := digitsOf(number)
	q.addKey("+" + digits + extension)
	if isInternational(number) {
		q.read(text, country)
		return q, true
	}
	if rest, found := strings.CutPrefix(digits, "00"); found { // most countries', whatever this one's is
		q.read("+"+rest+extension, country)
	}
	code := phonenumbers.GetCountryCodeForRegion(country)
	if code == 0 {
		q.short = q.short || len(q.keys) < 3 // nobody can complete a national number without its country
		return q, true
	}
	// libphonenumber leaves the trunk prefix on a number that it finds too short.
	trunk := phonenumbers.GetNddPrefixForRegion(country, true)
	if rest, found := strings.CutPrefix(digits, trunk); found && trunk != "" && !strings.HasPrefix(digits, "00") {
		e164 := "+" + strconv.Itoa(code) + rest + extension
		q.addKey(e164)
		q.read(e164, country)
	}
	q.read(text, country)
	return q, true
}

// read adds one reading.
func (q *phoneQuery) read(text, country string) {
	n, err := phonenumbers.Parse(text, country)
	if err != nil {
		q.short = q.short || !errors.Is(err, phonenumbers.ErrNumTooLong)
		return
	}
	reason := phonenumbers.IsPossibleNumberWithReason(n)
	if reason == phonenumbers.TOO_SHORT || reason == phonenumbers.IS_POSSIBLE_LOCAL_ONLY {
		q.short = true
	}
	q.addKey(numberKey(n))
}

func (q *phoneQuery) addKey(key string) {
	if key != "" && !slices.Contains(q.keys, key) {
		q.keys = append(q.keys, key)
	}
}

// isPhoneText tells whether text has phone characters only.
func isPhoneText(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsDigit(r) && !unicode.IsSpace(r) && !isHyphen(r) && !strings.ContainsRune("+().[]/~*#:", r)
	})
}

// isInternational tells whether the first thing that is dialled is a plus.
func isInternational(text string) bool {
	i := strings.IndexFunc(text, func(r rune) bool { return r == '+' || unicode.IsDigit(r) })
	return i >= 0 && text[i] == '+'
}

func countDigits(text string) int {
	n := 0
	for _, r := range text {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// digitsOf keeps the digits, in ASCII.
func digitsOf(text string) string { return phonenumbers.NormalizeDigitsOnly(text) }
