package sso

import (
	"net/url"
	"strings"
	"unicode"
)

const maxReturnPath = 2048 // bytes

// safeReturn gives path when it certainly leads to a page of this service, else
// "/". Browsers read "\" as "/", skip control characters and take "//host" for
// another site, and some software decodes twice: all of that is refused rather
// than understood.
func safeReturn(path string) string {
	if isSafeReturn(path) {
		return path
	}
	return "/"
}

func isSafeReturn(path string) bool {
	if len(path) > maxReturnPath || !strings.HasPrefix(path, "/") || hasTrick(path) {
		return false
	}
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" {
		return false
	}
	decoded := u.Path
	for strings.Contains(decoded, "%") {
		next, err := url.PathUnescape(decoded)
		if err != nil || next == decoded {
			return false
		}
		decoded = next
	}
	return !hasTrick(decoded) && !isOrBelow(decoded, "/auth") && !isOrBelow(decoded, "/api")
}

func hasTrick(path string) bool {
	bad := func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r) || r == '\\' || r == unicode.ReplacementChar
	}
	clean, _, _ := strings.Cut(path, "?")
	clean, _, _ = strings.Cut(clean, "#")
	return strings.ContainsFunc(path, bad) || strings.Contains(clean, "//") || strings.Contains(clean, "/.")
}

// isOrBelow keeps a sign-in from ending where the next one begins, or at a
// sign-out, or at something no person wants to see.
func isOrBelow(path, folder string) bool {
	lower := strings.ToLower(path)
	return lower == folder || strings.HasPrefix(lower, folder+"/")
}
