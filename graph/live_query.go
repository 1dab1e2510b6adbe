package graph

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
)

const (
	liveWords      = 8   // of a text that go to Graph; the others are looked for in its answer
	liveWordLength = 64  // characters of a word that go there
	liveLabel      = 128 // characters of a department or role; Graph has none that are longer
)

// newLiveQuery turns a search into what Graph is asked. It is nil where nobody
// can match. What a person typed becomes letters, marks and digits: no sign of
// it reaches Graph that could be an operator there.
func newLiveQuery(q Query, country string) (question *LiveQuery, blind []Blindness, err error) {
	if !isLabel(q.Department) || !isLabel(q.Role) {
		return nil, nil, nil
	}
	question = &LiveQuery{Department: q.Department, Role: q.Role, Limit: liveCandidates}
	if phone, ok := parsePhoneQuery(q.Text, cmp.Or(q.Country, country)); ok {
		if phone.short {
			return nil, nil, ErrPhoneIncomplete
		}
		question.Phones = spellings(q.Text, phone.keys)
		return question, []Blindness{BlindPhoneFormats}, nil
	}
	question.Words = plainWords(q.Text)
	switch {
	case len(question.Words) > 0:
		return question, []Blindness{BlindLaterWords, BlindSpellings}, nil
	case strings.ContainsFunc(q.Text, isVisible):
		return nil, nil, nil
	}
	return question, nil, nil
}

// isLabel tells whether a directory may hold the text.
func isLabel(s string) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= liveLabel && !strings.ContainsFunc(s, unicode.IsControl)
}

// plainWords are the distinct words of a text, at most liveWords of them, the
// longest first: they narrow best.
func plainWords(text string) []string {
	words := strings.FieldsFunc(text, func(r rune) bool {
		return r == utf8.RuneError || !unicode.In(r, unicode.L, unicode.M, unicode.N)
	})
	if len(words) == 0 {
		return nil
	}
	slices.Sort(words)
	words = slices.Compact(words)
	slices.SortStableFunc(words, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	words = words[:min(len(words), liveWords)]
	for i, word := range words {
		if runes := []rune(word); len(runes) > liveWordLength {
			words[i] = string(runes[:liveWordLength])
		}
	}
	return words
}

// spellings are the usual ways to write a number: as it was typed, and for each
// of its readings international and national.
func spellings(typed string, readings []string) []string {
	all := []string{strings.TrimSpace(typed)}
	for _, reading := range readings {
		all = append(all, reading)
		n, err := phonenumbers.Parse(reading, "")
		if err != nil {
			continue // an internal number
		}
		for _, format := range []phonenumbers.PhoneNumberFormat{phonenumbers.E164, phonenumbers.INTERNATIONAL, phonenumbers.NATIONAL} {
			all = append(all, phonenumbers.Format(n, format))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
