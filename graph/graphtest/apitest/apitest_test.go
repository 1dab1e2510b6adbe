package apitest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"teamsbridge/graph/graphtest/apitest"
)

const guid = "01234567-89ab-4def-8123-456789abcdef"

func load(t *testing.T) *apitest.Description {
	t.Helper()
	d, err := apitest.Load()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// ask makes a request as the service would send it.
func ask(method, target, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, "http://graph.test/v1.0"+target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer token")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	return r
}

func TestARequestIsHeldAgainstTheDescription(t *testing.T) {
	const eventual = "ConsistencyLevel: eventual"
	for _, tt := range []struct {
		name, method, target, body, header string
		wrong                              string // part of the complaint; empty: it conforms
	}{
		{"people", "GET", "/users?$select=id,displayName&$top=999", "", "", ""},
		{"people, advanced", "GET", "/users?$filter=surname%20ne%20'X'&$count=true", "", eventual, ""},
		{"people, searched", "GET", "/users?$search=%22displayName:a%22", "", eventual, ""},
		{"a page too large", "GET", "/users?$top=1000", "", "", "$top"},
		{"a $select with blanks", "GET", "/users?$select=id,%20mail", "", "", "$select"},
		{"a $search without quotes", "GET", "/users?$search=displayName:a", "", eventual, "$search"},
		{"an option that Graph has not here", "GET", "/users?$skip=10", "", "", "$skip is not described"},
		{"an option without dollar sign", "GET", "/users?top=10", "", "", "top is not described"},
		{"a strange ConsistencyLevel", "GET", "/users", "", "ConsistencyLevel: strong", "ConsistencyLevel"},
		{"a header of one's own", "GET", "/users", "", "X-Tenant: contoso", "X-Tenant is not described"},
		{"a cast without header", "GET", "/groups/" + guid + "/members/microsoft.graph.user?$count=true", "", "", "ConsistencyLevel"},
		{"a cast", "GET", "/groups/" + guid + "/members/microsoft.graph.user?$count=true", "", eventual, ""},
		{"a group by name", "GET", "/groups/Finanzen", "", "", "id"},
		{"delta with a page size", "GET", "/users/delta()?$select=id", "", "Prefer: odata.maxpagesize=999", ""},
		{"delta with a wish that is none", "GET", "/users/delta", "", "Prefer: respond-async", "Prefer"},
		{"delta with a filter for the empty token", "GET", "/users/delta?$deltatoken=", "", "", ""},
		{"presences", "POST", "/communications/getPresencesByUserId", `{"ids":["` + guid + `"]}`, "", ""},
		{"presences of nobody", "POST", "/communications/getPresencesByUserId", `{"ids":[]}`, "", "ids"},
		{"presences by name", "POST", "/communications/getPresencesByUserId", `{"ids":["anja"]}`, "", "ids"},
		{"presences with a member of one's own", "POST", "/communications/getPresencesByUserId", `{"ids":["` + guid + `"],"force":true}`, "", "force"},
		{"presences without a body", "POST", "/communications/getPresencesByUserId", "", "", "body"},
		{"a body where none belongs", "GET", "/users", `{}`, "", "body"},
		{"a path that is not described", "GET", "/users/" + guid + "/messages", "", "", "no matching operation"},
		{"a method that is not described", "DELETE", "/users/" + guid, "", "", "method not allowed"},
		{"a service principal, its signs escaped", "GET", "/servicePrincipals(appId=%27" + guid + "%27)?$select=id", "", "", ""},
		{"a number of one's own that is none", "GET", "/users", "", "client-request-id: 17", "client-request-id"},
		{"a priority that is none", "GET", "/users", "", "x-ms-throttle-priority: urgent", "x-ms-throttle-priority"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			headers := []string{}
			if tt.header != "" {
				headers = append(headers, tt.header)
			}
			err := load(t).Request(ask(tt.method, tt.target, tt.body, headers...), []byte(tt.body))
			switch {
			case tt.wrong == "" && err != nil:
				t.Errorf("it conforms, but: %v", err)
			case tt.wrong != "" && (err == nil || !strings.Contains(err.Error(), tt.wrong)):
				t.Errorf("complaint %v, want one about %q", err, tt.wrong)
			}
		})
	}
	unsigned := ask("GET", "/users", "")
	unsigned.Header.Del("Authorization")
	if err := load(t).Request(unsigned, nil); err == nil {
		t.Error("a request without a token conforms")
	}
}

func TestAnAnswerIsHeldAgainstTheDescription(t *testing.T) {
	const (
		context = `"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users"`
		failure = `{"error":{"code":"TooManyRequests","message":"Too many requests.","innerError":{"date":"2026-11-22T08:00:00","request-id":"` + guid + `","client-request-id":"` + guid + `"}}}`
	)
	for _, tt := range []struct {
		name, target string
		status       int
		header, body string
		wrong        bool
	}{
		{"people", "/users", 200, "", `{` + context + `,"value":[{"id":"` + guid + `","displayName":null}]}`, false},
		{"a property that no user has", "/users", 200, "", `{` + context + `,"value":[{"id":"` + guid + `","shoeSize":43}]}`, true},
		{"a person without id", "/users", 200, "", `{` + context + `,"value":[{"displayName":"Anja"}]}`, true},
		{"a text that is a number", "/users", 200, "", `{` + context + `,"value":[{"id":"` + guid + `","displayName":1}]}`, true},
		{"a list without its context", "/users", 200, "", `{"value":[]}`, true},
		{"a delta with both links", "/users/delta", 200, "", `{` + context + `,"value":[],"@odata.nextLink":"https://a","@odata.deltaLink":"https://b"}`, true},
		{"a delta with one", "/users/delta", 200, "", `{` + context + `,"value":[{"id":"` + guid + `","@removed":{"reason":"changed"}}],"@odata.deltaLink":"https://b"}`, false},
		{"a delta with an unknown reason", "/users/delta", 200, "", `{` + context + `,"value":[{"id":"` + guid + `","@removed":{"reason":"bored"}}],"@odata.deltaLink":"https://b"}`, true},
		{"a number", "/users/$count", 200, "Content-Type: text/plain", `42`, false},
		{"a number in JSON", "/users/$count", 200, "", `42`, true},
		{"a refusal", "/users", 429, "Retry-After: 3", failure, false},
		{"a refusal that waits for a date", "/users", 429, "Retry-After: soon", failure, true},
		{"a refusal without its ids", "/users", 429, "", `{"error":{"code":"TooManyRequests","message":""}}`, true},
		{"a refusal of what is not described", "/shoes", 404, "", failure, false},
		{"a success of what is not described", "/shoes", 200, "", `{}`, true},
		{"a page of a proxy", "/shoes", 502, "Content-Type: text/html", `<html>`, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			header := http.Header{"Content-Type": {"application/json;odata.metadata=minimal"}, "Request-Id": {guid}, "Client-Request-Id": {guid}}
			if name, value, ok := strings.Cut(tt.header, ": "); ok {
				header.Set(name, value)
			}
			err := load(t).Answer(ask("GET", tt.target, ""), apitest.Answer{Status: tt.status, Header: header, Body: []byte(tt.body)})
			if (err != nil) != tt.wrong {
				t.Errorf("complaint %v, want one: %v", err, tt.wrong)
			}
		})
	}
}

// complaints is a test that only listens.
type complaints struct {
	testing.TB
	heard int
}

func (c *complaints) Errorf(string, ...any) { c.heard++ }
func (*complaints) Helper()                 {}

func TestTheHandlersComplainToTheTest(t *testing.T) {
	refuse := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("request-id", guid)
		w.Header().Set("client-request-id", guid)
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":{"code":"x","message":"","innerError":{"date":"2026-11-22T08:00:00","request-id":"` + guid + `","client-request-id":"` + guid + `"}}}`))
	})
	accept := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{}`)) })
	for _, tt := range []struct {
		name   string
		watch  func(testing.TB, http.Handler) http.Handler
		next   http.Handler
		target string
		want   int
	}{
		{"a wrong request that is refused, where all must conform", apitest.Requests, refuse, "/users?$top=0", 1},
		{"a wrong request that is refused, where wrong ones are sent", apitest.Answers, refuse, "/users?$top=0", 0},
		{"a wrong request that is taken, and a wrong answer", apitest.Answers, accept, "/users?$top=0", 2},
		{"a right request and a wrong answer", apitest.Requests, accept, "/users", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := &complaints{TB: t}
			w := httptest.NewRecorder()
			tt.watch(c, tt.next).ServeHTTP(w, ask("GET", tt.target, ""))
			if c.heard != tt.want {
				t.Errorf("%d complaints, want %d", c.heard, tt.want)
			}
			if w.Body.Len() == 0 {
				t.Error("the answer did not get through")
			}
		})
	}
}
