package web

import (
	"net/http"
	"strings"
)

// closedPolicy is for answers that are no page: they load nothing and are
// shown in no frame.
const closedPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// pagePolicy is the page's. Scripts come from files only; the style tags of
// the page's component library carry the nonce of this one answer. frames, the
// cloud's Teams, may show the page.
func pagePolicy(nonce string, frames []string) string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self' 'nonce-" + nonce + "'",
		"connect-src 'self'",
		"img-src 'self' data:",
		"font-src 'self' data:",
		"frame-ancestors 'self' " + strings.Join(frames, " "),
		"base-uri 'none'",
		"form-action 'self'",
	}, "; ")
}

// permissionsPolicy takes from the page, and from whatever gets into it, what
// only telephones, maps and shops need: the telephone is another program.
const permissionsPolicy = "camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), payment=(), serial=(), usb=()"

// setHeaders are the headers of every answer; handlers of the page replace
// what does not suit them. There is no Cross-Origin-Opener-Policy: it would
// cut the opener that Teams' consent window reports to.
func (s *Server) setHeaders(h http.Header, id string) {
	h.Set("X-Request-Id", id)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", closedPolicy)
	h.Set("Cache-Control", "no-store")
	h.Set("Permissions-Policy", permissionsPolicy)
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if s.cfg.behindHTTPS() {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}
