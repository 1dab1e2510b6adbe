package graph

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// forms are the spellings under which one word is found. German writes the
// same name as Müller, Mueller and, where umlauts are not at hand, Muller; a
// word is therefore indexed in up to three spellings and asked for in all of them:
//
//	            plain    expanded  collapsed
//	Müller      muller   mueller   muller
//	Mueller     mueller  mueller   muller
//	Muller      muller   muller    muller
type forms struct {
	plain     string // accents and umlauts dropped
	expanded  string // umlauts written out
	collapsed string // written-out umlauts dropped, too
}

// foldWord folds case, accents, umlauts and compatibility variants of one word.
func foldWord(word string) forms {
	if isASCII(word) {
		plain := strings.ToLower(word)
		return forms{plain, plain, collapse(plain, false)}
	}
	var plain, expanded strings.Builder
	var base rune // the last letter that was not a mark
	for _, r := range norm.NFKD.String(word) {
		switch {
		case unicode.In(r, unicode.Cf, unicode.Variation_Selector): // soft hyphens, joiners, an emoji's colour: no letters
		case unicode.Is(unicode.Mn, r):
			if !dropsMarks(base) {
				plain.WriteRune(r)
				expanded.WriteRune(r)
				break
			}
			expanded.WriteString(expansion(base, r))
		default:
			base = unicode.ToLower(r)
			p, e := letter(base)
			plain.WriteString(p)
			expanded.WriteString(e)
		}
	}
	e := expanded.String()
	return forms{plain.String(), e, collapse(e, false)}
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// dropsMarks tells scripts in which readers leave marks out. In others a mark
// makes another letter (kana, Indic vowels, Thai tones), so it stays.
func dropsMarks(base rune) bool {
	return unicode.In(base, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Hebrew, unicode.Arabic)
}

// expansion is what follows a vowel when its mark is written out.
func expansion(base, mark rune) string {
	const diaeresis, ring = '\u0308', '\u030a'
	switch {
	case mark == diaeresis && (base == 'a' || base == 'o' || base == 'u'):
		return "e"
	case mark == ring && base == 'a':
		return "a"
	}
	return ""
}

// letter spells a lower-case letter that does not decompose, plain and expanded.
func letter(r rune) (plain, expanded string) {
	switch r {
	case 'ß':
		return "ss", "ss"
	case 'æ':
		return "ae", "ae"
	case 'œ':
		return "oe", "oe"
	case 'ø':
		return "o", "oe"
	case 'ł':
		return "l", "l"
	case 'đ', 'ð':
		return "d", "d"
	case 'þ':
		return "th", "th"
	case 'ħ':
		return "h", "h"
	case 'ı': // Turkish; its dotted capital decomposes to i by itself
		return "i", "i"
	case 'ŋ':
		return "n", "n"
	case 'ŧ':
		return "t", "t"
	case 'ə':
		return "e", "e"
	case 'ς':
		return "σ", "σ"
	case 'ى': // written for ي in Egypt
		return "ي", "ي"
	case 'ة': // typed as ه where haste is
		return "ه", "ه"
	case 'ـ', '·': // stretches an Arabic word, divides a Catalan l·l
		return "", ""
	}
	return string(r), string(r)
}

// collapse drops the e of a written-out umlaut. The ue of Bauer, Neuer and
// Quelle is none. A word that is still being typed keeps an e at its end
// (open): "joe" must not stand for every "jo…".
func collapse(s string, open bool) string {
	i := digraph(s, 0)
	if i < 0 {
		return s
	}
	var b strings.Builder
	from := 0
	for ; i >= 0; i = digraph(s, i+2) {
		if open && i+2 == len(s) {
			break
		}
		b.WriteString(s[from : i+1])
		from = i + 2
	}
	b.WriteString(s[from:])
	return b.String()
}

// digraph finds the next ae, oe or ue at or after from, or -1.
func digraph(s string, from int) int {
	for i := from; i+1 < len(s); i++ {
		if s[i+1] != 'e' {
			continue
		}
		switch s[i] {
		case 'a', 'o':
			return i
		case 'u':
			if i == 0 || !strings.ContainsRune("aeq", rune(s[i-1])) {
				return i
			}
		}
	}
	return -1
}
