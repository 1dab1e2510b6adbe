package graph

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Hyphens and apostrophes (also the geresh of Hebrew and the dot of a Catalan
// l·l) inside a word divide it into parts and also hold it together: Hans-Peter
// is found by hans, peter and hanspeter, O'Brien by brien and obrien.

func isHyphen(r rune) bool {
	switch r {
	case '-', '‐', '‑', '‒', '–', '—', '−', '﹣', '－':
		return true
	}
	return false
}

func isApostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', 'ʼ', '`', '´', '′', '＇', '׳', '״', '·':
		return true
	}
	return false
}

func isSeparator(r rune) bool {
	if r < utf8.RuneSelf { // most are, and the tables of Unicode are slow
		letter, digit := 'a' <= r|0x20 && r|0x20 <= 'z', '0' <= r && r <= '9'
		return !letter && !digit && !isHyphen(r) && !isApostrophe(r)
	}
	return !unicode.In(r, unicode.L, unicode.N, unicode.M, unicode.Cf) && !isHyphen(r) && !isApostrophe(r)
}

// eachChunk divides a text where a separator stands.
func eachChunk(text string) iter.Seq[string] { return strings.FieldsFuncSeq(text, isSeparator) }

// eachTermOf calls add with every spelling under which the words of a chunk are
// found: its parts, and what they are together. The same one may come more than
// once.
func eachTermOf(chunk string, add func(term string)) {
	word := func(w string) {
		f := foldWord(w)
		for _, t := range [...]string{f.plain, f.expanded, f.collapsed} {
			if t != "" {
				add(t)
			}
		}
	}
	parts := strings.FieldsFunc(chunk, isHyphen)
	for i, part := range parts {
		pieces := strings.FieldsFunc(part, isApostrophe)
		for _, piece := range pieces {
			word(piece)
		}
		parts[i] = strings.Join(pieces, "")
		if len(pieces) > 1 {
			word(parts[i])
		}
	}
	if len(parts) > 1 {
		word(strings.Join(parts, ""))
	}
}

// queryWord is one word of a search: it matches a term that begins with one
// of the prefixes, or that is whole.
type queryWord struct {
	prefixes []string
	whole    string // empty: none
}

// queryWords reads the distinct words of a search text.
func queryWords(text string) []queryWord {
	var words []queryWord
	seen := map[string]bool{}
	for chunk := range eachChunk(text) {
		for part := range strings.FieldsFuncSeq(chunk, isHyphen) {
			f := foldWord(strings.Join(strings.FieldsFunc(part, isApostrophe), ""))
			if f.expanded == "" || seen[f.expanded] {
				continue
			}
			seen[f.expanded] = true
			words = append(words, newQueryWord(f))
		}
	}
	return words
}

func newQueryWord(f forms) queryWord {
	w := queryWord{prefixes: []string{f.plain}}
	if f.expanded != f.plain {
		w.prefixes = append(w.prefixes, f.expanded)
	}
	open := collapse(f.expanded, true)
	if open != f.plain && open != f.expanded {
		w.prefixes = append(w.prefixes, open)
	}
	if f.collapsed != open && f.collapsed != f.plain {
		w.whole = f.collapsed
	}
	return w
}

// sortKey is what names are ordered by: their words without case and accents.
func sortKey(name string) string { return joinFolded(name, func(f forms) string { return f.plain }) }

// labelKey is what roles and departments are compared by; a text without
// letters or digits is compared as it stands.
func labelKey(text string) string {
	if key := joinFolded(text, func(f forms) string { return f.collapsed }); key != "" {
		return key
	}
	return strings.TrimSpace(text)
}

func joinFolded(text string, form func(forms) string) string {
	var b strings.Builder
	separator := func(r rune) bool { return isSeparator(r) || isHyphen(r) || isApostrophe(r) }
	for word := range strings.FieldsFuncSeq(text, separator) {
		folded := form(foldWord(word))
		if folded == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(folded)
	}
	return b.String()
}
