package graphtest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// ask posts ids to getPresencesByUserId.
func (r *rig) ask(ids []string, headers ...string) answer {
	r.t.Helper()
	body, err := json.Marshal(map[string]any{"ids": ids})
	if err != nil {
		r.t.Fatal(err)
	}
	return r.post(bytes.NewReader(body), headers...)
}

func (r *rig) post(body io.Reader, headers ...string) answer {
	r.t.Helper()
	return r.do(http.MethodPost, "http://graph.test/v1.0/communications/getPresencesByUserId", all, body, headers...)
}

// availability is what readers see of a person now.
func (r *rig) availability(id string) string {
	r.t.Helper()
	a := r.ask([]string{id})
	if a.status != http.StatusOK || len(a.body.Value) != 1 {
		r.t.Fatalf("presence: %d %s", a.status, a.raw)
	}
	s, _ := a.body.Value[0]["availability"].(string)
	return s
}

func (r *rig) sequence(id string) string {
	s, _ := r.ask([]string{id}).body.Value[0]["sequenceNumber"].(string)
	return s
}

func TestPresencesOfManyLeaveOutWhoIsNotThere(t *testing.T) {
	r := newRig(t, 700)
	stranger := "01234567-89ab-4def-8123-456789abcdef"
	elsewhere := Generate(1, fabrikam, "Fabrikam", "fabrikam.example", "AT", 20).Users[0].ID
	a := r.ask([]string{r.org.Users[1].ID, stranger, strings.ToUpper(r.org.Users[0].ID), elsewhere, r.org.Users[1].ID})
	if len(a.body.Value) != 2 || a.body.Value[0]["id"] != r.org.Users[1].ID || a.body.Value[1]["id"] != r.org.Users[0].ID {
		t.Errorf("%s", a.raw)
	}
	ids := make([]string, 651)
	for i := range ids {
		ids[i] = r.org.Users[i].ID
	}
	if a := r.ask(ids[:650]); a.status != http.StatusOK || len(a.body.Value) != 650 {
		t.Errorf("650 ids: %d, %d presences", a.status, len(a.body.Value))
	}
	if a := r.ask(ids); a.status != http.StatusBadRequest {
		t.Errorf("651 ids: %d", a.status)
	}
}

func TestPresenceRequestsThatAreRefused(t *testing.T) {
	r := newRig(t, 20)
	for name, tt := range map[string]struct {
		body    string
		headers []string
		status  int
	}{
		"no ids":                {`{"ids":[]}`, nil, 400},
		"nothing":               {``, nil, 400},
		"no JSON":               {`ids`, nil, 400},
		"ids that are no list":  {`{"ids":"x"}`, nil, 400},
		"an id that is no GUID": {`{"ids":["anja@contoso.example"]}`, nil, 400},
		"another content type":  {`{"ids":[]}`, []string{"Content-Type: text/plain"}, 415},
		"another encoding":      {`{"ids":[]}`, []string{"Content-Encoding: br"}, 415},
		"gzip that is none":     {`{"ids":[]}`, []string{"Content-Encoding: gzip"}, 400},
		"far too much":          {`{"ids":["` + strings.Repeat("x", maxBody) + `"]}`, nil, 413},
	} {
		if a := r.post(strings.NewReader(tt.body), tt.headers...); a.status != tt.status || a.body.Error.Code == "" {
			t.Errorf("%s: %d %s, want %d", name, a.status, a.body.Error.Code, tt.status)
		}
	}
}

func TestCompressedBodiesAreRead(t *testing.T) {
	r := newRig(t, 20)
	var body bytes.Buffer
	z := gzip.NewWriter(&body)
	if _, err := fmt.Fprintf(z, `{"ids":[%q]}`, r.org.Users[0].ID); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if a := r.post(&body, "Content-Encoding: gzip"); a.status != http.StatusOK || len(a.body.Value) != 1 {
		t.Errorf("%d %s", a.status, a.raw)
	}
}

func TestAPresenceThatWasSetIsSeenAfterItsLag(t *testing.T) {
	for _, restless := range []bool{false, true} {
		r := newRig(t, 20, func(o *Options) { o.Restless = restless })
		id := r.org.Users[0].ID
		r.SetPresence(id, Presence{Availability: "Busy", Activity: "InACall"}, 0)
		if got := r.availability(id); got != "Busy" {
			t.Errorf("without lag: %s", got)
		}
		before := r.sequence(id)
		r.SetPresence(id, Presence{Availability: "Away", Activity: "Away"}, time.Minute)
		if got := r.availability(id); got != "Busy" {
			t.Errorf("during the lag: %s", got)
		}
		r.now = r.now.Add(59 * time.Second)
		if got := r.availability(id); got != "Busy" {
			t.Errorf("shortly before its end: %s", got)
		}
		r.now = r.now.Add(time.Second)
		if got := r.availability(id); got != "Away" {
			t.Errorf("after the lag: %s", got)
		}
		if after := r.sequence(id); after <= before {
			t.Errorf("sequence number %s after %s", after, before)
		}
		r.SetPresence(id, Presence{Availability: "Offline"}, time.Hour)
		r.SetPresence(id, Presence{Availability: "Available"}, 0)
		r.now = r.now.Add(2 * time.Hour)
		if got := r.availability(id); got != "Available" {
			t.Errorf("an older change that comes late: %s", got)
		}
	}
	if newRig(t, 20).SetPresence("01234567-89ab-4def-8123-456789abcdef", Presence{}, 0) {
		t.Error("the presence of nobody was set")
	}
}

func TestRestlessPeopleMoveAndTheirSequenceGrows(t *testing.T) {
	r := newRig(t, 100, func(o *Options) { o.Restless = true })
	ids := make([]string, len(r.org.Users))
	for i, u := range r.org.Users {
		ids[i] = u.ID
	}
	type state struct{ availability, sequence string }
	look := func() map[string]state {
		states := map[string]state{}
		for _, v := range r.ask(ids).body.Value {
			id, _ := v["id"].(string)
			states[id] = state{v["availability"].(string), v["sequenceNumber"].(string)}
		}
		return states
	}
	before, moved := look(), 0
	for range 60 {
		r.now = r.now.Add(time.Minute)
		now := look()
		for id, s := range now {
			was := before[id]
			if s.availability != was.availability {
				moved++
				if s.sequence <= was.sequence {
					t.Fatalf("%s moved to %s, but sequence %s follows %s", id, s.availability, s.sequence, was.sequence)
				}
			}
			if s.sequence < was.sequence {
				t.Fatalf("sequence number %s after %s", s.sequence, was.sequence)
			}
		}
		before = now
	}
	if moved < 100 || moved > 2000 {
		t.Errorf("%d moves of a hundred people in an hour", moved)
	}
	still := newRig(t, 100)
	first := still.ask(ids).raw
	still.now = still.now.Add(time.Hour)
	if still.ask(ids).raw != first {
		t.Error("people moved who should not")
	}
}

func TestPresencesAreSpreadLikeAnOffice(t *testing.T) {
	r := newRig(t, 650)
	ids := make([]string, 650)
	for i := range ids {
		ids[i] = r.org.Users[i].ID
	}
	counts := map[string]int{}
	for _, v := range r.ask(ids).body.Value {
		s, _ := v["availability"].(string)
		counts[s]++
	}
	if n := counts["Available"]; n < 180 || n > 350 {
		t.Errorf("%d of 650 are available: %v", n, counts)
	}
	for _, one := range []string{"Busy", "DoNotDisturb", "Away", "BeRightBack", "Offline", "PresenceUnknown"} {
		if counts[one] == 0 {
			t.Errorf("nobody is %s", one)
		}
	}
}

func TestOnePresence(t *testing.T) {
	r := newRig(t, 20)
	id := r.org.Users[0].ID
	r.SetPresence(id, Presence{Availability: "Offline", Activity: "OutOfOffice", OutOfOffice: true}, 0)
	for _, path := range []string{"/users/" + id + "/presence", "/communications/presences/" + strings.ToUpper(id)} {
		a := r.get(path, "")
		for _, part := range []string{`"id":"` + id + `"`, `"availability":"Offline"`, `"activity":"OutOfOffice"`, `"isOutOfOffice":true`, `"statusMessage":null`, `"sequenceNumber":"A`} {
			if !strings.Contains(a.raw, part) {
				t.Errorf("%s: no %s in %s", path, part, a.raw)
			}
		}
	}
}
