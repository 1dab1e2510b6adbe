package web

import (
	"encoding/json"
	"html"
	"net/http"
	"strconv"
	"strings"
)

// notice is a small page of its own, for the moments when the agent desktop is
// not there: while a browser signs in or an admin consents.
type notice struct{ title, text string }

// The notices that are no problems.
var (
	consentRecorded = notices{
		en: notice{"Consent recorded", "Your organisation has granted what this service needs. You can close this window."},
		de: notice{"Zustimmung erfasst", "Ihre Organisation hat zugestimmt. Sie können dieses Fenster schließen."},
	}
	consentIncomplete = notices{
		en: notice{"Consent not complete", "Some of it is still missing; the administration page says what to do:"},
		de: notice{"Zustimmung unvollständig", "Etwas fehlt noch; die Verwaltungsseite sagt, was zu tun ist:"},
	}
)

// notices is a notice in both languages; without German words it is English.
type notices struct{ en, de notice }

// germanNotices are the problems that somebody can meet on the way through the
// sign-in, in German; the English words are those of the table.
var germanNotices = map[slug]notice{
	slugSignInRequired:      {"Anmeldung nicht abgeschlossen", "Bitte melden Sie sich noch einmal an."},
	slugNotAdmitted:         {"Organisation nicht zugelassen", "Ihre Organisation nutzt diesen Dienst noch nicht. Bitten Sie den Betreiber, sie zuzulassen."},
	slugAgentUnknown:        {"Hier nicht eingerichtet", "Sie sind angemeldet, aber nicht als Agent eingerichtet. Wenden Sie sich an:"},
	slugSSORequired:         {"Microsoft-Anmeldung unvollständig", "Ihre Verwaltung muss zuerst etwas bei Microsoft einrichten:"},
	slugProviderUnavailable: {"Anmeldedienst nicht erreichbar", "Bitte versuchen Sie es in einem Augenblick noch einmal."},
	slugNotFound:            {"Nicht gefunden", "Unter dieser Adresse gibt es nichts. Bitte prüfen Sie den Link."},
	slugTooManyRequests:     {"Zu viele Anfragen", "Von Ihrem Anschluss kamen in kurzer Zeit zu viele Anfragen. Bitte warten Sie einen Augenblick."},
	slugInternal:            {"Interner Fehler", "Hier ist etwas schiefgegangen. Nennen Sie dem Betreiber die Nummer der Anfrage."},
}

// failPage answers a browser's navigation: a page to read where HTML is
// wanted, else the problem.
func (s *Server) failPage(w http.ResponseWriter, r *http.Request, err error) {
	p := s.problemOf(r.Context(), err)
	if !strings.Contains(r.Header.Get("Accept"), "text/html") {
		s.write(w, r, p)
		return
	}
	name := slug(strings.TrimPrefix(p.Type, problemBase))
	words := notices{en: notice{p.Title, p.Detail}, de: germanNotices[name]}
	details := []string{}
	switch {
	case p.SSO != nil:
		details = append(details, p.SSO.Detail)
	case name == slugAgentUnknown:
		// The table's words are for programs, which find the contact in reason.
		words.en.text = "You are signed in, but not set up as an agent. Ask:"
		details = append(details, p.Reason)
	}
	s.writeNotice(w, r, p.Status, words, append(details, p.Instance)...)
}

// writeNotice writes the page in the reader's language. It is put together by
// hand: html/template would add ten megabytes to the binary for three sentences
// (its reflection keeps every method of the Graph models alive).
func (s *Server) writeNotice(w http.ResponseWriter, r *http.Request, status int, words notices, details ...string) {
	language, n, back := "en", words.en, "Back to the desktop"
	if words.de.title != "" && locale(r.Header.Get("Accept-Language"), "") == "de" {
		language, n, back = "de", words.de, "Zurück zum Arbeitsplatz"
	}
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="` + language + `"><head><meta charset="utf-8">` +
		`<meta name="viewport" content="width=device-width"><title>` + html.EscapeString(n.title) + `</title></head>` +
		`<body><main><h1>` + html.EscapeString(n.title) + `</h1><p>` + html.EscapeString(n.text) + `</p>`)
	for _, d := range details {
		b.WriteString(`<p>` + html.EscapeString(d) + `</p>`)
	}
	b.WriteString(`<p><a href="/">` + back + `</a></p></main></body></html>` + "\n")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(b.Len())) // see discard
	w.WriteHeader(status)
	_, _ = w.Write([]byte(b.String())) // the client has gone; nothing to do about it
}

// serveProblem explains a kind of problem to whoever follows its type.
func (s *Server) serveProblem(w http.ResponseWriter, r *http.Request) {
	for _, k := range kinds {
		if string(k.slug) == r.PathValue("slug") {
			s.writeNotice(w, r, http.StatusOK, notices{en: notice{k.title, k.detail}}, "HTTP "+strconv.Itoa(k.status))
			return
		}
	}
	s.fail(w, r, newProblem(slugNotFound))
}

func (s *Server) writeJSON(w http.ResponseWriter, r *http.Request, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		s.log.DebugContext(r.Context(), "answer not written", "request_id", requestID(r.Context()), "error", err)
	}
}
