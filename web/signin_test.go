package web

import (
	"cmp"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// browser is somebody's browser with its cookies.
type browser struct {
	*world
	client *http.Client
	accept []string // headers of its navigations, in pairs
	domain string   // whose account signs in; empty: home's
}

func (w *world) browser() *browser {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	fatal(w.t, err)
	return &browser{world: w, client: &http.Client{Jar: jar}}
}

// visit goes to an address and follows where it leads.
func (b *browser) visit(method, address string, form url.Values, headers ...string) (answered, *url.URL) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, address, strings.NewReader(form.Encode()))
	fatal(b.t, err)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := b.client.Do(r)
	fatal(b.t, err)
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	fatal(b.t, err)
	return answered{status: resp.StatusCode, header: resp.Header, body: string(content)}, resp.Request.URL
}

var (
	formAction = regexp.MustCompile(`action="([^"]*)"`)
	formField  = regexp.MustCompile(`name="([^"]*)"\s+value="([^"]*)"`)
)

// signIn goes through the sign-in page and returns where the browser ends up.
func (b *browser) signIn(person, returnTo string) (answered, *url.URL) {
	b.t.Helper()
	return b.signInFrom("/auth/login?provider=entra&return="+url.QueryEscape(returnTo), person)
}

// signInFrom is signIn from a path of the service that leads to the sign-in page.
func (b *browser) signInFrom(path, person string) (answered, *url.URL) {
	b.t.Helper()
	page, at := b.visit(http.MethodGet, b.url+path, nil)
	action := formAction.FindStringSubmatch(page.body)
	if action == nil {
		b.t.Fatalf("no sign-in form at %s: %s", at, page.body)
	}
	form := url.Values{}
	for _, field := range formField.FindAllStringSubmatch(page.body, -1) {
		form.Set(field[1], html.UnescapeString(field[2]))
	}
	form.Set("username", person+"@"+cmp.Or(b.domain, home)+".example")
	form.Set("password", "secret")
	to, err := at.Parse(html.UnescapeString(action[1]))
	fatal(b.t, err)
	return b.visit(http.MethodPost, to.String(), form, b.accept...)
}

func (b *browser) cookies() map[string]string {
	at, err := url.Parse(b.url)
	fatal(b.t, err)
	out := map[string]string{}
	for _, c := range b.client.Jar.Cookies(at) {
		if strings.HasPrefix(c.Name, cookieBase) { // the simulated Entra is at the same host
			out[c.Name] = c.Value
		}
	}
	return out
}

func TestABrowserSignsInAndOut(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	if _, at := b.signIn("anja", "/calls?x=1"); at.RequestURI() != "/calls?x=1" || !strings.HasPrefix(at.String(), w.url) {
		t.Fatalf("ended up at %s", at)
	}
	port := w.url[strings.LastIndexByte(w.url, ':')+1:]
	cookies := b.cookies()
	if cookies["teamsbridge-"+port] == "" || len(cookies) != 1 {
		t.Errorf("cookies %v", cookies)
	}
	a, _ := b.visit(http.MethodGet, w.url+"/api/v1/session", nil)
	if got := a.decode(t); a.status != 200 || got["channel"] != "browser" || got["agent"].(map[string]any)["id"] != "anja" {
		t.Errorf("session %d %s", a.status, a.body)
	}

	out, _ := b.visit(http.MethodPost, w.url+"/auth/logout", nil)
	if to, ok := out.decode(t)["url"].(string); out.status != 200 || !ok || !strings.Contains(to, "logout") {
		t.Errorf("sign-out %d %s", out.status, out.body)
	}
	if a, _ := b.visit(http.MethodGet, w.url+"/api/v1/session", nil); a.status != 401 {
		t.Errorf("after sign-out: %d", a.status)
	}
	if len(b.cookies()) != 0 {
		t.Errorf("cookies after sign-out: %v", b.cookies())
	}
	if out, _ := b.visit(http.MethodPost, w.url+"/auth/logout", nil); out.status != 204 {
		t.Errorf("signed out twice: %d", out.status)
	}
}

func TestAWriteThatOnlyACookieVouchesForMustComeFromThePage(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.signIn("anja", "/")
	for _, c := range []struct {
		name, method, path string
		headers            []string
		status             int
	}{
		{"another site's write", http.MethodPost, "/api/v1/interactions/x/hold", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"another origin's write, by an old browser", http.MethodPost, "/api/v1/interactions/x/hold", []string{"Origin", "https://evil.example"}, 403},
		{"another site's sign-out", http.MethodPost, "/auth/logout", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"the page's own", http.MethodPost, "/api/v1/interactions/x/hold", []string{"Sec-Fetch-Site", "same-origin"}, 404},
		{"a program's", http.MethodPost, "/api/v1/interactions/x/hold", nil, 404},
		{"another site's reading, which it cannot see", http.MethodGet, "/api/v1/session", []string{"Sec-Fetch-Site", "cross-site"}, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, _ := b.visit(c.method, w.url+c.path, nil, c.headers...)
			if a.status != c.status {
				t.Fatalf("%d %s, want %d", a.status, a.body, c.status)
			}
			if c.status == 403 && (a.problem() != "token-not-allowed" || a.decode(t)["reason"] != "cross-origin") {
				t.Error(a.body)
			}
		})
	}
	a := w.ask(w.token(home, anja), http.MethodPost, "/api/v1/interactions/x/hold", "", "Sec-Fetch-Site", "cross-site")
	if a.status != 404 {
		t.Errorf("with a token: %d %s", a.status, a.body)
	}
}

func TestATokenWinsOverACookie(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.signIn("anja", "/")
	a, _ := b.visit(http.MethodGet, w.url+"/api/v1/session", nil, "Authorization", "Bearer "+w.token(home, ben))
	if got := a.decode(t)["agent"].(map[string]any)["id"]; got != "ben" {
		t.Errorf("agent %v", got)
	}
	if a, _ := b.visit(http.MethodGet, w.url+"/api/v1/session", nil, "Authorization", "Bearer x"); a.status != 401 {
		t.Errorf("a bad token with a good cookie: %d", a.status)
	}
}

func TestSignInThatGoesWrong(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		name, path string
		status     int
		problem    string
	}{
		{"an unknown provider", "/auth/login?provider=friend", 404, "not-found"},
		{"a callback nobody asked for", "/auth/callback?state=x&code=y", 401, "sign-in-required"},
		{"a consent nobody asked for", "/auth/consent?state=x", 401, "sign-in-required"},
		{"a consent code that does not exist", "/auth/consent?code=x", 401, "sign-in-required"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if a := w.ask("", http.MethodGet, c.path, ""); a.status != c.status || a.problem() != c.problem {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
}

func TestSomebodyInNoTableIsToldWhomToAsk(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ language, want string }{
		{"en", "<h1>Not set up here</h1>"},
		{"de", "<h1>Hier nicht eingerichtet</h1>"},
	} {
		b := w.browser()
		b.accept = []string{"Accept", "text/html", "Accept-Language", c.language}
		page, at := b.signIn("nina", "/")
		if at.Path != "/auth/callback" || page.status != 403 {
			t.Errorf("%s: %d at %s", c.language, page.status, at)
		}
		if !strings.Contains(page.body, c.want) || !strings.Contains(page.body, "<p>the service desk</p>") {
			t.Errorf("%s: %s", c.language, page.body)
		}
		if len(b.cookies()) != 0 {
			t.Errorf("cookies %v", b.cookies())
		}
	}
}

func TestCookiesBehindHTTPSAreBoundToTheHost(t *testing.T) {
	w := newWorld(t, func(c *Config, _ *world) { c.PublicURL = "https://desktop.example.com" })
	a := w.ask("", http.MethodGet, "/auth/login?provider=entra", "")
	cookie := a.header.Get("Set-Cookie")
	for _, part := range []string{"__Host-teamsbridge-sign-in=", "Path=/", "HttpOnly", "Secure", "SameSite=Lax", "Max-Age=600"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("no %s in %q", part, cookie)
		}
	}
	if strings.Contains(cookie, "Domain=") {
		t.Errorf("a domain in %q", cookie)
	}
}

func TestALookUsesNothingUpThatWorksOnce(t *testing.T) {
	r := newRaid(t)
	back := r.comesBack(r.victim, entraProvider, "anja", "").String()
	for _, at := range []string{r.url + "/auth/login", r.url + firstAdmin("a guess"), back} {
		if a := r.victim.step(http.MethodHead, at, nil); a.status != http.StatusMethodNotAllowed || len(a.header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s: %d %v", at, a.status, a.header)
		}
	}
	if a := r.goes(back); a.status != http.StatusSeeOther || r.sessions.Sessions() != 1 {
		t.Errorf("the sign-in afterwards: %d %s", a.status, a.body)
	}
}
