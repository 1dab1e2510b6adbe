package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/audit"
)

// lines are an organisation's audit when everything that was noted is written.
func (w *world) lines(tenant string) []audit.Line {
	w.t.Helper()
	fatal(w.t, w.audit.Record(w.t.Context(), audit.Event{Action: "barrier"})) // of the service's own chain
	lines, err := w.trail.AuditLines(w.t.Context(), tenant, 0, 1000)
	fatal(w.t, err)
	return lines
}

// told are the lines in short: event, action, outcome, reason, who, whom.
func (w *world) told(tenant string, since int) []string {
	w.t.Helper()
	short := []string{}
	for _, l := range w.lines(tenant)[since:] {
		text := fmt.Sprintf("%s %s %s %s", l.Event, l.Action, l.Outcome, l.Reason)
		if l.Actor != nil {
			text += " by " + strings.ReplaceAll(l.Actor.Agent, ada, "ada") // an admin without a row
		}
		if l.Target != nil {
			text += " to " + l.Target.Kind + " " + l.Target.ID + l.Target.Number
		}
		short = append(short, strings.Join(strings.Fields(text), " "))
	}
	return short
}

func TestWhatIsAudited(t *testing.T) {
	w := newWorld(t)
	admin, agent := w.token(home, ada), w.token(home, anja)
	w.ask(admin, "GET", "/api/v1/session", "")
	w.ask(agent, "GET", "/api/v1/session", "")
	w.ask(agent, "GET", "/api/v1/session", "") // the same token again
	id := w.call("anja")
	before := len(w.lines(home))
	if got, want := w.told(home, 0), []string{"sign-in token done by ada", "sign-in token done by anja"}; !cmp.Equal(got, want) {
		t.Errorf("first uses of tokens: %q, want %q", got, want)
	}
	for _, tc := range []struct {
		name string
		do   func() answered
		want []string
	}{
		{"a refused act", func() answered { return w.ask(agent, "PUT", "/api/v1/admin/organization/sso", `{"enabled":false}`) },
			[]string{"refusal PUT /api/v1/admin/organization/sso refused role-required by anja"}},
		{"a switch", func() answered { return w.ask(admin, "PUT", "/api/v1/admin/organization/sso", `{"enabled":false}`) },
			[]string{"switch switchSSO begun by ada", "switch switchSSO done off by ada"}},
		{"an agent who is made", func() answered {
			return w.ask(admin, "PUT", "/api/v1/admin/agents/carl", `{"name":"Carl","entraId":"c0000000-0000-4000-8000-0000000000c4","number":"+49301119"}`)
		},
			[]string{"administration adminPutAgent begun by ada", "administration adminPutAgent done by ada to agent carl"}},
		{"an agent who is refused", func() answered { return w.ask(admin, "PUT", "/api/v1/admin/agents/dora", `{"name":""}`) },
			[]string{"administration adminPutAgent begun by ada", "refusal PUT /api/v1/admin/agents/{id} refused request-invalid by ada"}},
		{"a token that proves nothing", func() answered { return w.ask("forged", "GET", "/api/v1/session", "") }, nil},
		{"a phase that forbids it", func() answered { return w.ask(agent, "POST", "/api/v1/interactions/"+id+"/transfer", `{}`) },
			[]string{"refusal POST /api/v1/interactions/{id}/transfer refused wrong-phase none-to-transfer-to by anja"}},
		{"an interaction that is not there", func() answered { return w.ask(agent, "POST", "/api/v1/interactions/planted-text/hold", "") },
			[]string{"refusal POST /api/v1/interactions/{id}/hold refused not-found by anja"}},
		{"the page's first question", func() answered { return w.ask("", "GET", "/api/v1/session", "") }, nil},
		{"an address that leads nowhere", func() answered { return w.ask(agent, "GET", "/api/v1/planted-text", "") }, nil},
		{"reading", func() answered { return w.ask(agent, "GET", "/api/v1/interactions", "") }, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.do()
			got := w.told(home, before)
			before += len(got)
			if tc.want == nil {
				tc.want = []string{}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("audit (-want +got):\n%s", diff)
			}
		})
	}
	if got := w.told("", 0); !slices.ContainsFunc(got, func(l string) bool {
		return strings.HasPrefix(l, "refusal GET /api/v1/session refused sign-in-required")
	}) {
		t.Errorf("the forged token is not in the service's own chain: %q", got)
	}
	chains, err := w.trail.AuditChains(t.Context())
	fatal(t, err)
	for _, c := range chains {
		check := audit.NewCheck(c)
		for _, l := range w.lines(c.Tenant) {
			check.Line(l)
		}
		if r := check.Report(); c.Tenant != "" && len(r.Breaks) > 0 { // the barriers went on meanwhile
			t.Errorf("chain of %q: %v", c.Tenant, r.Breaks)
		}
	}
}

func TestAConsultIsAudited(t *testing.T) {
	w := newWorld(t)
	agent := w.token(home, anja)
	id := w.call("anja")
	until := w.awaits(agent, id)
	w.ask(agent, "POST", "/api/v1/interactions/"+id+"/consult", `{"target":{"kind":"dialNumber","number":"+12015532447"}}`)
	until("consult_requested")
	got := w.told(home, 0)
	want := "consult consult begun dialNumber by anja to dialNumber …47"
	if !slices.Contains(got, want) {
		t.Errorf("audit %q, want %q among it", got, want)
	}
}

func TestABrowsersSignInIsAudited(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.signIn("anja", "/")
	if got, want := w.told(home, 0), []string{"sign-in browser done by anja"}; !cmp.Equal(got, want) {
		t.Fatalf("audit %q, want %q", got, want)
	}
	line := w.lines(home)[0]
	if line.Actor.Entra != anja || line.Actor.Session == "" || line.Actor.Identity != "entra" || line.Trace == "" {
		t.Errorf("line %+v, actor %+v", line, line.Actor)
	}
	b.visit(http.MethodPost, w.url+"/auth/logout", url.Values{}, "Sec-Fetch-Site", "same-origin")
	if got := w.told(home, 1); !cmp.Equal(got, []string{"sign-in sign-out done by anja"}) {
		t.Errorf("audit %q", got)
	}
	if later := w.lines(home)[1]; later.Actor.Session != line.Actor.Session {
		t.Errorf("the session has two digests: %q, %q", line.Actor.Session, later.Actor.Session)
	}
}

// unaudited makes the audit fail, and nothing else.
func (w *world) unaudited() {
	w.trail.Fail(func(string) error { return errors.New("disk full") })
}

func TestWhatCannotBeAudited(t *testing.T) {
	w := newWorld(t)
	admin, agent := w.token(home, ada), w.token(home, anja)
	id := w.call("anja")
	w.unaudited()
	t.Run("an act of an administrator is refused and changes nothing", func(t *testing.T) {
		if a := w.ask(admin, "PUT", "/api/v1/admin/agents/carl", `{"name":"Carl"}`); a.status != 503 || a.problem() != "storage-unavailable" {
			t.Errorf("%d %s", a.status, a.body)
		}
		if ids := w.agentIDs(); slices.Contains(ids, "carl") {
			t.Errorf("agents %q", ids)
		}
	})
	t.Run("a browser's sign-in is refused and leaves no session", func(t *testing.T) {
		b := w.browser()
		if a, _ := b.signIn("anja", "/"); a.status != 503 {
			t.Errorf("%d %s", a.status, a.body)
		}
		if a, _ := b.visit(http.MethodGet, w.url+"/api/v1/session", nil); a.status != 401 {
			t.Errorf("%d %s", a.status, a.body)
		}
	})
	t.Run("reading the audit is refused", func(t *testing.T) {
		if a := w.ask(admin, "GET", "/api/v1/admin/audit", ""); a.status != 503 {
			t.Errorf("%d %s", a.status, a.body)
		}
	})
	t.Run("a call goes on", func(t *testing.T) {
		if a := w.ask(agent, "POST", "/api/v1/interactions/"+id+"/hold", ""); a.status != 200 {
			t.Errorf("%d %s", a.status, a.body)
		}
	})
}

func TestReadingTheAudit(t *testing.T) {
	w := newWorld(t)
	admin := w.token(home, ada)
	w.ask(w.token(partner, berta), "GET", "/api/v1/session", "")
	w.ask(admin, "PUT", "/api/v1/admin/organization/sso", `{"enabled":false}`)
	w.lines(home)
	read := func(query string) []audit.Line {
		t.Helper()
		a := w.ask(admin, "GET", "/api/v1/admin/audit"+query, "")
		if a.status != 200 || a.header.Get("Content-Type") != "application/jsonl" {
			t.Fatalf("%d %s %s", a.status, a.header, a.body)
		}
		var lines []audit.Line
		for text := range strings.Lines(a.body) {
			var l audit.Line
			fatal(t, json.Unmarshal([]byte(text), &l))
			lines = append(lines, l)
		}
		return lines
	}
	t.Run("every line of the caller's organisation, in order, and the reading itself", func(t *testing.T) {
		lines := read("")
		if len(lines) < 4 || lines[len(lines)-1].Action != "readAudit" {
			t.Fatalf("lines %+v", lines)
		}
		check := audit.NewCheck(audit.Chain{Tenant: home})
		for _, l := range lines {
			if l.Tenant != home {
				t.Errorf("a line of %q", l.Tenant)
			}
			check.Line(l)
		}
		if r := check.Report(); len(r.Breaks) > 0 || lines[0].Sequence != 1 {
			t.Errorf("breaks %v", r.Breaks)
		}
	})
	t.Run("bounds are kept", func(t *testing.T) {
		if lines := read("?to=2020-01-01T00:00:00Z"); len(lines) != 0 {
			t.Errorf("lines before there was any: %v", lines)
		}
		if lines := read("?from=" + url.QueryEscape(time.Now().Add(time.Hour).UTC().Format(time.RFC3339))); len(lines) != 0 {
			t.Errorf("lines of the future: %v", lines)
		}
	})
	t.Run("one kind, one person and pages", func(t *testing.T) {
		all := read("")
		for _, l := range read("?event=administration&actor=" + ada) {
			if l.Event != audit.Administration || l.Actor == nil || l.Actor.Entra != ada {
				t.Errorf("line %+v", l)
			}
		}
		if lines := read("?actor=nobody"); len(lines) != 0 {
			t.Errorf("nobody did %v", lines)
		}
		var paged []audit.Line
		for after := uint64(0); len(paged) < len(all); after = paged[len(paged)-1].Sequence {
			page := read(fmt.Sprintf("?limit=2&after=%d", after))
			if len(page) == 0 || len(page) > 2 {
				t.Fatalf("a page of %d lines", len(page))
			}
			paged = append(paged, page...)
		}
		if diff := cmp.Diff(all, paged[:len(all)]); diff != "" {
			t.Errorf("pages (-all +pages):\n%s", diff)
		}
	})
	t.Run("the latest first, in pages backwards", func(t *testing.T) {
		all := read("?order=desc") // each reading is a line itself
		if len(all) < 4 || all[0].Action != "readAudit" || all[len(all)-1].Sequence != 1 {
			t.Fatalf("lines %+v", all)
		}
		var paged []audit.Line
		for before := all[0].Sequence + 1; before > 1; before = paged[len(paged)-1].Sequence {
			page := read(fmt.Sprintf("?order=desc&limit=3&before=%d", before))
			if len(page) == 0 || len(page) > 3 {
				t.Fatalf("a page of %d lines before %d", len(page), before)
			}
			paged = append(paged, page...)
		}
		if diff := cmp.Diff(all, paged); diff != "" {
			t.Errorf("pages (-all +pages):\n%s", diff)
		}
		if lines := read("?order=desc&after=1&before=4"); len(lines) != 2 || lines[0].Sequence != 3 || lines[1].Sequence != 2 {
			t.Errorf("between 1 and 4: %+v", lines)
		}
		if lines := read("?after=1&before=4"); len(lines) != 2 || lines[0].Sequence != 2 || lines[1].Sequence != 3 {
			t.Errorf("between 1 and 4, in order: %+v", lines)
		}
		if lines := read("?after=18446744073709551615"); len(lines) != 0 {
			t.Errorf("after the greatest number: %v", lines)
		}
	})
	t.Run("one outcome", func(t *testing.T) {
		w.ask(admin, "GET", "/api/v1/interactions/none", "")
		w.lines(home)
		lines := read("?outcome=refused")
		if len(lines) == 0 || slices.ContainsFunc(lines, func(l audit.Line) bool { return l.Outcome != audit.Refused }) {
			t.Errorf("lines %+v", lines)
		}
	})
	for name, tc := range map[string]struct {
		token, query string
		status       int
	}{
		"a bound that is no time is refused": {admin, "?from=yesterday", 422},
		"a kind that there is not":           {admin, "?event=gossip", 422},
		"an order that there is not":         {admin, "?order=random", 422},
		"an outcome that there is not":       {admin, "?outcome=perhaps", 422},
		"a page that is too long":            {admin, "?limit=10001", 422},
		"a sequence that is no number":       {admin, "?after=last", 422},
		"an agent may not":                   {w.token(home, anja), "", 403},
		"a supervisor may not":               {w.token(home, sofia), "", 403},
		"nobody may not":                     {"", "", 401},
	} {
		t.Run(name, func(t *testing.T) {
			if a := w.ask(tc.token, "GET", "/api/v1/admin/audit"+tc.query, ""); a.status != tc.status {
				t.Errorf("%d %s, want %d", a.status, a.body, tc.status)
			}
		})
	}
}

func TestAFloodOfRefusalsIsCountedAndHidesNobodyElses(t *testing.T) {
	w := newWorld(t)
	handler := w.server.Handler()
	refuse := func(token string) {
		r, err := http.NewRequestWithContext(t.Context(), "POST", "/api/v1/interactions/none/hold", nil)
		fatal(t, err)
		r.Header.Set("Authorization", "Bearer "+token)
		handler.ServeHTTP(&refusalRecorder{header: http.Header{}}, r)
	}
	now := time.Now()
	w.server.now = func() time.Time { return now }
	agent, partners := w.token(home, anja), w.token(partner, berta)
	for range 3 * refusalsAtOnce {
		refuse("x.y.z")
		refuse(agent)
	}
	refuse(partners)
	now = now.Add(time.Second)
	refuse("x.y.z")
	refuse(agent)
	for _, tenant := range []string{home, ""} {
		refusals, counted := 0, uint64(0)
		for _, l := range w.lines(tenant) {
			if l.Event == audit.Refusal {
				refusals++
				counted += max(1, l.Count)
			}
		}
		// Those at once, how many had none, and the one that came later.
		if refusals != refusalsAtOnce+2 || counted != 3*refusalsAtOnce+1 {
			t.Errorf("of %q: %d lines that stand for %d refusals", tenant, refusals, counted)
		}
	}
	want := "refusal POST /api/v1/interactions/{id}/hold refused not-found by berta"
	if got := w.told(partner, 0); !slices.Contains(got, want) {
		t.Errorf("audit of the partner %q, want %q among it", got, want)
	}
}

// planted are texts that a client brings to where it can, and that must not be
// found anywhere afterwards but in what the contract says is kept.
const (
	plantedSecret = "PLANTED-secret-8f3a"
	plantedSearch = "Plantedsearchtext"
	plantedNumber = "+12015532447"
	plantedNote   = "Planted note of the customer"
)

func TestNothingPlantedIsInAnyLog(t *testing.T) {
	w := newWorld(t)
	admin, agent := w.token(home, ada), w.token(home, anja)
	id := w.call("anja")
	until := w.awaits(agent, id)
	at := "/api/v1/interactions/" + id
	var answers bytes.Buffer
	ask := func(token, method, path, body string, headers ...string) {
		a := w.ask(token, method, path, body, headers...)
		if a.status >= 400 && !strings.Contains(a.body, "dial-number-invalid") { // that one shows the agent their own number
			answers.WriteString(a.body + "\n")
		}
	}
	// Whatever a request can hold, on routes of every kind.
	for _, path := range []string{
		"/api/v1/session", "/api/v1/experts?q=" + plantedSearch, "/api/v1/experts/" + plantedSecret, "/api/v1/experts/missing?q=" + plantedSearch,
		at + "?x=" + plantedSecret, "/api/v1/interactions/" + plantedSecret, "/api/v1/" + plantedSecret, "/" + plantedSecret,
		"/api/v1/admin/agents/" + plantedSecret, "/api/v1/admin/audit?from=" + plantedSecret, "/api/v1/events?x=" + plantedSecret + "&HEAD",
		"/auth/login?provider=" + plantedSecret, "/auth/callback?code=" + plantedSecret + "&state=" + plantedSecret,
		"/auth/callback?error=" + plantedSecret + "&error_description=" + plantedSecret, "/auth/consent?code=" + plantedSecret,
		"/auth/consent?state=" + plantedSecret + "&error=" + plantedSecret, "/problems/" + plantedSecret,
	} {
		method := "GET"
		if strings.HasSuffix(path, "&HEAD") {
			method = "HEAD"
		}
		for _, token := range []string{"", plantedSecret, agent, admin} {
			ask(token, method, path, "")
		}
		ask("", method, path, "", "Authorization", "Basic "+plantedSecret, "Cookie", "__Host-teamsbridge="+plantedSecret, "X-Request-Id", plantedSecret,
			"Referer", "https://example.com/"+plantedSecret, "User-Agent", plantedSecret, "Accept-Language", plantedSecret, "If-Match", plantedSecret)
	}
	for _, body := range []string{plantedSecret, `"` + plantedSecret + `"`, `{"` + plantedSecret + `":1}`, `{"name":{"x":"` + plantedSecret + `"}}`, `{"target":{"kind":"` + plantedSecret + `"}}`} {
		for _, path := range []string{at + "/consult", at + "/transfer", at + "/wrap-up", "/api/v1/session/state"} {
			method := "POST"
			if strings.HasSuffix(path, "state") {
				method = "PUT"
			}
			ask(agent, method, path, body, "Idempotency-Key", plantedSecret)
		}
		ask(admin, "PUT", "/api/v1/admin/agents/x", body)
		ask(admin, "PUT", "/api/v1/admin/organization/sso", body)
		ask(admin, "POST", "/api/v1/admin/agents/import", body, "Content-Type", "text/csv")
	}
	ask(agent, "POST", "/api/v1/dial-number/check", `{"input":"`+plantedNumber+`"}`)
	ask(agent, "POST", at+"/consult", `{"target":{"kind":"dialNumber","number":"`+plantedNumber+`"}}`)
	until("consult_requested")
	ask(agent, "POST", at+"/consult/end", `{}`)
	ask(agent, "POST", at+"/consult/decline", `{"reason":"`+plantedNote+`"}`)
	ask(agent, "POST", at+"/end", `{}`)
	until("wrapup")
	ask(agent, "POST", at+"/wrap-up", `{"code":"done","note":"`+plantedNote+`"}`)

	var everything bytes.Buffer
	for _, tenant := range []string{home, partner, ""} {
		fatal(t, audit.Write(&everything, w.lines(tenant)))
	}
	if everything.Len() < 5000 {
		t.Fatalf("hardly anything was audited: %s", everything.String())
	}
	exposed := httptest.NewRecorder()
	w.server.Internal().ServeHTTP(exposed, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	everything.Write(exposed.Body.Bytes())
	everything.WriteString(w.logs.String())
	everything.Write(answers.Bytes())
	text := everything.String()
	for _, planted := range []string{
		plantedSecret, plantedSearch, plantedNumber, strings.TrimPrefix(plantedNumber, "+"), plantedNote, "+4915112345", "4915112345", agent, admin,
		strings.Split(agent, ".")[2], "anja@", "Anja",
	} {
		if n := strings.Index(text, planted); n >= 0 {
			t.Errorf("%q is in logs, audit, metrics or errors: …%s…", planted, text[max(0, n-200):min(len(text), n+100)])
		}
	}
}
