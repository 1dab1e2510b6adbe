package crash

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// web is the callers' connection; a process that is killed ends it.
var web = &http.Client{
	Timeout:   30 * time.Second,
	Transport: &http.Transport{MaxIdleConnsPerHost: 64},
}

// errUnanswered: nobody knows what became of the request.
var errUnanswered = errors.New("not answered")

// answer is a response that was read whole.
type answer struct {
	status int
	raw    []byte
}

func (a answer) decode(into any) error {
	if err := json.Unmarshal(a.raw, into); err != nil {
		return fmt.Errorf("%d %s: %w", a.status, a.raw, err)
	}
	return nil
}

// ask sends one request. A response that is cut off counts as none.
func ask(ctx context.Context, method, address, token, key, body string) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := web.Do(req)
	if err != nil {
		return answer{}, fmt.Errorf("%w: %w", errUnanswered, err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{}, fmt.Errorf("%w: %w", errUnanswered, err)
	}
	return answer{res.StatusCode, raw}, nil
}

// signIn gets a token by password.
func signIn(ctx context.Context, simulators string, w world, u user) (string, error) {
	form := url.Values{
		"grant_type": {"password"}, "client_id": {w.Clients.Teams}, "scope": {w.Scope}, "username": {u.Username}, "password": {u.Password},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, simulators+"/"+w.Tenant+"/oauth2/v2.0/token", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := web.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	var body struct {
		Token string `json:"access_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&body); err != nil {
		return "", err
	}
	if body.Token == "" {
		return "", fmt.Errorf("no token for %s: %s", u.Username, res.Status)
	}
	return body.Token, nil
}

// world is what the simulated world tells, as far as it is needed here.
type world struct {
	Tenant        string `json:"tenant"`
	Scope         string `json:"scope"`
	Clients       struct{ Teams string }
	Users         []user                         `json:"users"`
	Queues        []struct{ ID string }          `json:"queues"`
	WrapUpReasons []struct{ Code, Label string } `json:"wrapUpReasons"`
}

type user struct {
	ID       string   `json:"id"`
	Username string   `json:"username"`
	Password string   `json:"password"`
	Roles    []string `json:"roles"`
}

// view is an interaction as its owner sees it.
type view struct {
	ID      string   `json:"id"`
	Version int      `json:"version"`
	Phase   string   `json:"phase"`
	Role    string   `json:"role"`
	Pending *pending `json:"pending"`
	Owner   *struct {
		ID string `json:"id"`
	} `json:"owner"`
	Consult *struct {
		State string `json:"state"`
	} `json:"consult"`
	Actions map[string]permit `json:"actions"`
}

type pending struct {
	Action string `json:"action"`
}

type permit struct {
	Allowed bool `json:"allowed"`
}

// entry is one line of an interaction's history.
type entry struct {
	Version int    `json:"version"`
	Input   string `json:"input"`
	From    string `json:"from"`
	To      string `json:"to"`
	At      string `json:"at"`
	Actor   string `json:"actor"`
}
