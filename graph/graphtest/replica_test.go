package graphtest

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestReadersSeeAChangeAfterTheLag(t *testing.T) {
	r := newRig(t, 20, func(o *Options) { o.Lag = 10 * time.Second })
	_, link, _ := r.round(deltaAddress + "?$select=jobTitle")
	u := r.org.Users[0]
	before := u.JobTitle
	u.JobTitle = "Wirtschaftsprüfer"
	r.PutUser(contoso, u)
	r.DeleteUser(contoso, r.org.Users[1].ID)
	r.PutGroup(contoso, Group{ID: fabrikam, DisplayName: "Neu", Members: []string{u.ID}})

	if written, _ := r.User(contoso, u.ID); written.JobTitle != u.JobTitle {
		t.Errorf("whoever wrote it reads %q", written.JobTitle)
	}
	if r.DeleteUser(contoso, r.org.Users[1].ID) {
		t.Error("deleted twice")
	}
	seen := func() (title any, changes, others int) {
		people, _, _ := r.round(link)
		a := r.do(http.MethodGet, "http://graph.test/v1.0/users/"+u.ID+"?$select=jobTitle", all, nil)
		_, rest, _ := strings.Cut(a.raw, `"jobTitle":"`)
		text, _, _ := strings.Cut(rest, `"`)
		return text, len(people), r.get("/users/"+r.org.Users[1].ID, "").status + r.get("/groups/"+fabrikam, "").status
	}
	r.now = r.now.Add(9 * time.Second)
	if title, changes, others := seen(); title != before || changes != 0 || others != 200+404 {
		t.Errorf("before the lag: %q, %d changes, statuses %d", title, changes, others)
	}
	r.now = r.now.Add(time.Second)
	if title, changes, others := seen(); title != u.JobTitle || changes != 2 || others != 404+200 {
		t.Errorf("after the lag: %q, %d changes, statuses %d", title, changes, others)
	}
}

func TestAnUnevenDeltaEndsWithEverybodyAsTheyAre(t *testing.T) {
	r := newRig(t, 100, func(o *Options) { o.UnevenDelta, o.PageSize = true, 30 })
	held := map[string]any{}
	hold := func(people []map[string]any) {
		for _, p := range people {
			id, _ := p["id"].(string)
			if held[id] = p["jobTitle"]; p["@removed"] != nil {
				delete(held, id)
			}
		}
	}
	empty := 0
	link := deltaAddress + "?$select=jobTitle"
	var told int
	for {
		a := r.do(http.MethodGet, link, all, nil)
		told += len(a.body.Value)
		hold(a.body.Value)
		if len(a.body.Value) == 0 {
			empty++
		}
		if a.body.Delta != "" {
			link = a.body.Delta
			break
		}
		link = a.body.Next
	}
	if empty != 1 || told <= 100 || len(held) != 100 {
		t.Errorf("first round: %d empty pages, %d people told of %d; want an empty page and people told twice", empty, told, len(held))
	}
	u := r.org.Users[5]
	u.JobTitle = "Neu"
	r.PutUser(contoso, u)
	r.DeleteUser(contoso, r.org.Users[6].ID)
	changes, link, _ := r.round(link)
	hold(changes)
	if len(changes) != 2 || len(held) != 99 || held[u.ID] != "Neu" {
		t.Errorf("second round: %d changes, %d held, %v", len(changes), len(held), held[u.ID])
	}
	again, link, _ := r.round(link)
	if hold(again); len(again) != 2 || len(held) != 99 {
		t.Errorf("third round: %d changes told again, want 2", len(again))
	}
	if last, _, _ := r.round(link); len(last) != 0 {
		t.Errorf("fourth round: %d changes", len(last))
	}
}

func TestExpiredLinksAskForAFullRead(t *testing.T) {
	r := newRig(t, 20)
	_, link, _ := r.round(deltaAddress)
	r.ExpireDelta()
	a := r.do(http.MethodGet, link, all, nil)
	if a.status != http.StatusGone || a.body.Error.Code != "syncStateNotFound" || a.header.Get("Location") == "" {
		t.Errorf("%d %s", a.status, a.raw)
	}
	if people, _, _ := r.round(a.header.Get("Location")); len(people) != 20 {
		t.Errorf("%d people", len(people))
	}
}
