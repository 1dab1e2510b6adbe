package main

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"teamsbridge/sso"
)

// dated is somebody who answers with these headers, at once.
type dated http.Header

// RoundTrip implements http.RoundTripper.
func (d dated) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header(d), Body: http.NoBody, Request: r}, nil
}

func TestTheClockIsHeldAgainstMicrosoftsAnswers(t *testing.T) {
	const login = "https://login.example"
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
			synctest.Test(t, func(t *testing.T) {
				answer := http.Header{}
				answer.Set("Date", time.Now().Add(c.offset).UTC().Format(http.TimeFormat))
				for name, value := range c.headers {
					answer.Set(name, value)
				}
				client := &http.Client{Transport: dated(answer)}
				address := login
				if c.elsewhere {
					address = "https://graph.example"
				}
				watch := watchClock(client, address)
				began := time.Now()
				resp, err := client.Get(login)
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
			})
		})
	}
}
