package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"teamsbridge/demo"
)

// visitor is everybody who writes to the service, and keeps what they were
// refused with.
type visitor struct {
	t        *testing.T
	base     string
	client   *http.Client
	refusals bytes.Buffer
	shown    shownWorld

	agent, second, admin string // tokens
	cookie               string // of a browser's session
	secret               string // of the service at Entra
}

// shownWorld is what of the world a visitor has to know.
type shownWorld struct {
	Tenant, Scope string
	Clients       struct{ Browser, Teams string }
	Users         []struct{ ID, Username, Password string }
}

func newVisitor(t *testing.T, world *demo.World, page string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, base: page, client: &http.Client{Jar: jar, Timeout: 30 * time.Second}, secret: world.Config().Credential.ClientSecret}
	fetch(t, "", world.URL()+"/_control/world", nil, &v.shown)
	token := func(n int) string {
		var answer struct {
			Token string `json:"access_token"`
		}
		fetch(t, "", world.URL()+"/"+v.shown.Tenant+"/oauth2/v2.0/token", url.Values{
			"grant_type": {"password"}, "client_id": {v.shown.Clients.Teams}, "scope": {v.shown.Scope},
			"username": {v.shown.Users[n].Username}, "password": {v.shown.Users[n].Password},
		}, &answer)
		return answer.Token
	}
	v.agent, v.second, v.admin = token(0), token(1), token(len(v.shown.Users)-1)
	v.signIn()
	return v
}

// secrets are all that must be left nowhere: whole, and the parts of tokens that
// somebody could use.
func (v *visitor) secrets() []string {
	all := []string{plantedSecret, v.cookie, v.secret}
	for _, u := range v.shown.Users {
		all = append(all, u.Password)
	}
	for _, token := range []string{v.agent, v.second, v.admin} {
		parts := strings.Split(token, ".")
		all = append(all, parts[1], parts[2])
	}
	for _, s := range all {
		if len(s) < 8 {
			v.t.Fatalf("a secret of %d characters would be found anywhere", len(s))
		}
	}
	return all
}

var (
	loginAction = regexp.MustCompile(`action="([^"]*)"`)
	loginField  = regexp.MustCompile(`name="([^"]*)"\s+value="([^"]*)"`)
)

// signIn goes through the sign-in page as the first agent.
func (v *visitor) signIn() {
	v.t.Helper()
	resp, err := v.client.Get(v.base + "/auth/login?provider=entra&return=%2F")
	if err != nil {
		v.t.Fatal(err)
	}
	page, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	form := url.Values{}
	for _, field := range loginField.FindAllStringSubmatch(string(page), -1) {
		form.Set(field[1], html.UnescapeString(field[2]))
	}
	form.Set("username", v.shown.Users[0].Username)
	form.Set("password", v.shown.Users[0].Password)
	action := loginAction.FindStringSubmatch(string(page))
	if action == nil {
		v.t.Fatalf("no sign-in form: %d %s", resp.StatusCode, page)
	}
	to, err := resp.Request.URL.Parse(html.UnescapeString(action[1]))
	if err != nil {
		v.t.Fatal(err)
	}
	if resp, err = v.client.PostForm(to.String(), form); err != nil {
		v.t.Fatal(err)
	}
	_ = resp.Body.Close()
	at, err := url.Parse(v.base)
	if err != nil {
		v.t.Fatal(err)
	}
	for _, c := range v.client.Jar.Cookies(at) {
		if strings.HasPrefix(c.Name, "teamsbridge") {
			v.cookie = c.Value
		}
	}
	if v.cookie == "" {
		v.t.Fatalf("no session after the sign-in: %d at %s", resp.StatusCode, resp.Request.URL)
	}
	v.client.Jar = nil // from here on requests say themselves who asks
}

// send makes a request and gives its status. What refuses is kept, but for the
// answer that shows people the number that they gave.
func (v *visitor) send(token, method, path, body string, headers ...string) int {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), method, v.base+path, strings.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := v.client.Do(req)
	if err != nil {
		v.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		return resp.StatusCode // which has no end
	}
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	if resp.StatusCode >= http.StatusInternalServerError && resp.StatusCode != http.StatusServiceUnavailable {
		v.t.Errorf("%s %s: %d %s", method, path, resp.StatusCode, content)
	}
	if resp.StatusCode >= http.StatusBadRequest && !bytes.Contains(content, []byte("dial-number-invalid")) {
		v.refusals.Write(append(content, '\n'))
	}
	return resp.StatusCode
}

// must is send where something else than the status would be a fault of the test.
func (v *visitor) must(status int, token, method, path, body string, headers ...string) {
	v.t.Helper()
	before := v.refusals.Len()
	if got := v.send(token, method, path, body, headers...); got != status {
		v.t.Fatalf("%s %s: %d, want %d: %s", method, path, got, status, v.refusals.String()[before:])
	}
}

func (v *visitor) text(address string) string {
	v.t.Helper()
	resp, err := v.client.Get(address)
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return string(content)
}

// routes are those of the service's own description.
func (v *visitor) routes() (all []string) {
	v.t.Helper()
	var described struct {
		Paths map[string]map[string]any
	}
	if err := json.Unmarshal([]byte(v.text(v.base+"/api/v1/openapi.json")), &described); err != nil {
		v.t.Fatal(err)
	}
	for path, operations := range described.Paths {
		for method := range operations {
			all = append(all, strings.ToUpper(method)+" "+path)
		}
	}
	slices.Sort(all)
	return all
}

// forged is a token of which every part that is looked at is planted.
func forged(claims string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"RS256","typ":"JWT","kid":"`+plantedSecret+`"}`)) + "." + encode([]byte(claims)) + "." + encode([]byte(plantedSecret))
}

// raw sends bytes that no client library would.
func (v *visitor) raw(text string) {
	v.t.Helper()
	var dialer net.Dialer
	conn, err := dialer.DialContext(v.t.Context(), "tcp", strings.TrimPrefix(v.base, "http://"))
	if err != nil {
		v.t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, text); err != nil {
		v.t.Fatal(err)
	}
	_ = conn.(*net.TCPConn).CloseWrite()
	answer, _ := io.ReadAll(conn) // the service may just hang up
	v.refusals.Write(answer)
}

// path fills a route's {id} with something that is there, else with a planted text.
func (v *visitor) path(route, call string) string {
	id := plantedSecret
	if strings.Contains(route, "/interactions/") {
		id = call
	}
	return strings.NewReplacer("{id}", id, "{stream}", plantedSecret).Replace(route)
}
