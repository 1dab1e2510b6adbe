package web

import (
	"net/http"
	"testing"

	"teamsbridge/graph"
)

func TestAChatWithAnExpertIsALinkIntoTeams(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		name, id, token string
		status          int
		url             string
	}{
		{"an expert", string(expertID60(7)), w.token(home, anja), http.StatusOK, "https://teams.microsoft.com/l/chat/0/0?users=Erika%2BMuster07%40kanzlei.example"},
		{"nobody who is known", "f0000000-0000-4000-8000-000000000009", w.token(home, anja), http.StatusNotFound, ""},
		{"no id at all", "..%2Fme", w.token(home, anja), http.StatusNotFound, ""},
		{"somebody who is not signed in", string(expertID60(7)), "", http.StatusUnauthorized, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := w.ask(c.token, http.MethodGet, "/api/v1/experts/"+c.id+"/chat", "")
			url, _ := a.decode(t)["url"].(string)
			if a.status != c.status || url != c.url {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
}

func TestTheLinkLeadsToTeamsOfTheCloud(t *testing.T) {
	w := newWorld(t, func(c *Config, _ *world) { c.Cloud = "gcc-high" })
	a := w.ask(w.token(home, anja), http.MethodGet, "/api/v1/experts/"+string(expertID60(7))+"/chat", "")
	if url, _ := a.decode(t)["url"].(string); url != "https://gov.teams.microsoft.us/l/chat/0/0?users=Erika%2BMuster07%40kanzlei.example" {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestWhileMicrosoftIsAwayNobodyKnowsWhereToWrite(t *testing.T) {
	w := newWorld(t)
	w.people.mu.Lock()
	w.people.away = graph.ErrUnavailable
	w.people.mu.Unlock()
	a := w.ask(w.token(home, anja), http.MethodGet, "/api/v1/experts/"+string(expertID60(7))+"/chat", "")
	if a.status != http.StatusServiceUnavailable || a.decode(t)["type"] != problemBase+"directory-unavailable" {
		t.Errorf("%d %s", a.status, a.body)
	}
}
