package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"teamsbridge/sso"
)

func TestTheClockIsHeldAgainstMicrosoftsAnswers(t *testing.T) {
	for _, c := range []struct {
		name    string
		offset  time.Duration // of Microsoft's clock
		headers map[string]string
		elsewhere,
		known bool
		ahead time.Duration
	}{
		{name: "both agree", known: true},
		{name: "this one is ahead", offset: -5 * time.Minute, known: true, ahead: 5 * time.Minute},
		{name: "this one is behind", offset: time.Hour, known: true, ahead: -time.Hour},
		{name: "no date", headers: map[string]string{"Date": "soon"}},
		{name: "a cache's answer", headers: map[string]string{"Age": "30"}},
		{name: "somebody else's clock", elsewhere: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Date", time.Now().Add(c.offset).UTC().Format(http.TimeFormat))
				for name, value := range c.headers {
					w.Header().Set(name, value)
				}
			}))
			defer server.Close()
			client := server.Client()
			address := server.URL
			if c.elsewhere {
				address = "https://graph.example"
			}
			watch := watchClock(client, address)
			began := time.Now()
			resp, err := client.Get(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			got := watch.since(began)
			if got.Known != c.known || (got.Ahead-c.ahead).Abs() > time.Second {
				t.Errorf("clock %+v", got)
			}
			if later := watch.since(time.Now().Add(time.Second)); later != (sso.Clock{}) {
				t.Errorf("later %+v", later)
			}
			client.CloseIdleConnections()
		})
	}
}
