package graphtest

import "strings"

type tokenKind int

const (
	tokenEnd  tokenKind = iota
	tokenWord           // a name, a keyword, a number
	tokenText           // 'quoted', its quotes and doubled apostrophes removed
	tokenSign           // one of ( ) , / :
)

type token struct {
	kind tokenKind
	text string
}

// scan cuts a $filter into tokens.
func scan(s string) ([]token, error) {
	var tokens []token
	for s != "" {
		switch c := s[0]; {
		case c == ' ' || c == '\t':
			s = s[1:]
		case strings.IndexByte("(),/:", c) >= 0:
			tokens = append(tokens, token{tokenSign, s[:1]})
			s = s[1:]
		case c == '\'':
			literal, rest, closed := cutLiteral(s[1:])
			if !closed {
				return nil, badRequest("Invalid filter clause: There is an unterminated string literal.")
			}
			tokens = append(tokens, token{tokenText, literal})
			s = rest
		case isWordByte(c):
			n := 1
			for n < len(s) && isWordByte(s[n]) {
				n++
			}
			tokens = append(tokens, token{tokenWord, s[:n]})
			s = s[n:]
		default:
			return nil, badRequest("Invalid filter clause: Syntax error: character '%s' is not valid.", firstRune(s))
		}
	}
	return tokens, nil
}

// cutLiteral reads up to the closing apostrophe; a doubled one is a literal apostrophe.
func cutLiteral(s string) (literal, rest string, closed bool) {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, "'")
		b.WriteString(before)
		if !found {
			return "", "", false
		}
		if !strings.HasPrefix(after, "'") {
			return b.String(), after, true
		}
		b.WriteByte('\'')
		s = after[1:]
	}
}

func isWordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("_$.@-", c) >= 0
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}
