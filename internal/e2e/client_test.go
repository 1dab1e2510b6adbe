package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// world is what GET /_control/world tells, as far as the tests need it.
type world struct {
	Tenant        string `json:"tenant"`
	Scope         string `json:"scope"`
	Clients       struct{ Browser, Teams string }
	Users         []user              `json:"users"`
	Organizations []organizationWorld `json:"organizations"`
	ContactCentre struct {
		TokenEndpoint string `json:"tokenEndpoint"`
		ClientID      string `json:"clientId"`
		Users         []user `json:"users"`
	} `json:"contactCentre"`
	Queues []struct {
		ID     string   `json:"id"`
		Agents []string `json:"agents"`
	} `json:"queues"`
	WrapUpReasons []struct{ Code, Label string } `json:"wrapUpReasons"`
}

type organizationWorld struct {
	Tenant string `json:"tenant"`
	Users  []user `json:"users"`
}

type user struct {
	ID       string   `json:"id"`
	Username string   `json:"username"`
	Password string   `json:"password"`
	Name     string   `json:"name"`
	Roles    []string `json:"roles"`
	Number   string   `json:"number"`
}

// client is somebody with a token.
type client struct {
	t     *testing.T
	base  string
	token string
}

// answer is a response with its body read.
type answer struct {
	status int
	header http.Header
	raw    []byte
	body   map[string]any
}

var web = &http.Client{Timeout: time.Minute}

// do sends a request; body nil means none.
func (c *client) do(method, path string, body any, header ...string) answer {
	c.t.Helper()
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		r = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, r)
	if err != nil {
		c.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := web.Do(req)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = res.Body.Close() }()
	a := answer{status: res.StatusCode, header: res.Header}
	if a.raw, err = io.ReadAll(res.Body); err != nil {
		c.t.Fatal(err)
	}
	_ = json.Unmarshal(a.raw, &a.body)
	return a
}

// want sends a request and demands a status.
func (c *client) want(status int, method, path string, body any, header ...string) answer {
	c.t.Helper()
	a := c.do(method, path, body, header...)
	if a.status != status {
		c.t.Fatalf("%s %s: %d, want %d: %s", method, path, a.status, status, a.raw)
	}
	return a
}

// problem demands a problem document with a slug.
func (c *client) problem(status int, slug, method, path string, body any) answer {
	c.t.Helper()
	a := c.want(status, method, path, body)
	if got := a.text("type"); got != "/problems/"+slug {
		c.t.Fatalf("%s %s: problem %q, want %q: %s", method, path, got, slug, a.raw)
	}
	if ct := a.header.Get("Content-Type"); ct != "application/problem+json" {
		c.t.Errorf("%s %s: content type %q", method, path, ct)
	}
	return a
}

// text reads a string member by its path, "" when it is not there.
func (a answer) text(path string) string {
	s, _ := a.at(path).(string)
	return s
}

// at reads a member by its path, such as "consult.state".
func (a answer) at(path string) any {
	var v any = a.body
	for name := range strings.SplitSeq(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}

func (a answer) list(path string) []any {
	l, _ := a.at(path).([]any)
	return l
}

// world reads the simulated world.
func (d *demo) world() world {
	d.t.Helper()
	c := &client{t: d.t, base: d.sim}
	var w world
	if err := json.Unmarshal(c.want(http.StatusOK, http.MethodGet, "/_control/world", nil).raw, &w); err != nil {
		d.t.Fatal(err)
	}
	return w
}

// as signs somebody in by password at the simulated Entra, as Teams or as a browser.
func (d *demo) as(w world, u user, clientID string) *client {
	d.t.Helper()
	return d.token(d.sim+"/"+w.Tenant+"/oauth2/v2.0/token", url.Values{
		"client_id": {clientID}, "scope": {w.Scope}, "username": {u.Username}, "password": {u.Password},
	})
}

func (d *demo) token(endpoint string, form url.Values) *client {
	d.t.Helper()
	form.Set("grant_type", "password")
	req, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, endpoint, strings.NewReader(form.Encode()))
	if err != nil {
		d.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := web.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var body struct {
		Token       string `json:"access_token"`
		Description string `json:"error_description"`
	}
	if err := json.NewDecoder(res.Body).Decode(&body); err != nil || body.Token == "" {
		d.t.Fatalf("no token: %v %s", err, body.Description)
	}
	return &client{t: d.t, base: d.page, token: body.Token}
}

// control plays the world.
func (d *demo) control() *client { return &client{t: d.t, base: d.sim} }

// call makes a customer call an agent who has answered.
func (d *demo) call(agent user) string {
	d.t.Helper()
	a := d.control().want(http.StatusOK, http.MethodPost, "/_control/calls", map[string]any{"agent": agent.ID, "from": "+4915112345678"})
	return a.text("interaction")
}

// act plays a party's telephone.
func (d *demo) act(id, party, act string) {
	d.t.Helper()
	a := d.control().do(http.MethodPost, "/_control/calls/"+id+"/"+party+"/"+act, nil)
	if a.status/100 != 2 {
		d.t.Fatalf("%s %s: %d %s", party, act, a.status, a.raw)
	}
}

// until reads an interaction until it is as wanted. Looks are counted, not
// time: a machine that stands still for a while takes none of them away.
func (c *client) until(id, what string, is func(answer) bool) answer {
	c.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for looks := 1; ; looks++ {
		a := c.want(http.StatusOK, http.MethodGet, "/api/v1/interactions/"+id, nil)
		if is(a) {
			return a
		}
		if looks == 1000 {
			c.t.Fatalf("never %s: %s", what, a.raw)
		}
		<-tick.C
	}
}

func phase(p string) func(answer) bool {
	return func(a answer) bool { return a.text("phase") == p && a.at("pending") == nil }
}
