package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"teamsbridge/demo"
	"teamsbridge/graph"
)

// announcer tells the person at the terminal what is going on.
type announcer struct {
	out        io.Writer
	world      *demo.World
	localPage  string // where the page listens, if that is not where browsers reach it
	securePage string

	mu   sync.Mutex
	last map[graph.TenantID]string // progress lines already said
}

func (a *announcer) say(format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, _ = fmt.Fprintf(a.out, format+"\n", args...) // a closed terminal stops nothing
}

func (a *announcer) addresses(page, internal string) {
	a.say("page: %s", page)
	if a.localPage != "" {
		a.say("local page: %s", a.localPage)
	}
	if a.securePage != "" {
		a.say("secure page: %s", a.securePage)
	}
	a.say("simulators: %s", a.world.URL())
	if internal != "" {
		a.say("internal: http://%s", internal)
	}
	if at := a.world.SIPAddr(); at != "" {
		a.say("softphones: sip:%s;transport=udp, password %s, user customer, anja, boris or any number", at, a.world.SIPPassword())
	}
	if numbers := a.world.ConsultNumbers(); len(numbers) > 0 {
		a.say("consult numbers: reserve one by POST %s/api/v1/reservations and call it: %s", page, strings.Join(numbers, ", "))
	}
	a.say("\nSign in as:")
	for _, line := range a.world.SignIns() {
		a.say("  %s", line)
	}
	a.say("")
}

// progress tells of a directory's first reading, each step once.
func (a *announcer) progress(tenant graph.TenantID, s graph.Status) {
	line := fmt.Sprintf("directory of %s: %s", a.world.Name(string(tenant)), progressOf(s))
	a.mu.Lock()
	if a.last == nil {
		a.last = make(map[graph.TenantID]string)
	}
	said := a.last[tenant] == line
	a.last[tenant] = line
	a.mu.Unlock()
	if !said {
		a.say("%s", line)
	}
}

// progressOf says how far a first reading is; of one that is over how many there are.
func progressOf(s graph.Status) string {
	line := fmt.Sprintf("%d people read, %d of them experts", s.People, s.Experts)
	if s.Ready {
		return line
	}
	if s.Reading.Expected > 0 {
		line = fmt.Sprintf("%d of %d people read, %d of them experts", s.People, s.Reading.Expected, s.Experts)
	}
	if s.Rate > 0 {
		line += fmt.Sprintf(", %.0f/s", s.Rate)
	}
	if s.Reading.Left > 0 {
		line += fmt.Sprintf(", %s left", s.Reading.Left)
	}
	return line
}

// readyEvery is how often the demo looks whether the service is ready.
const readyEvery = 20 * time.Millisecond

// readyWhen says "ready" once, and returns when the service shall end.
func (a *announcer) readyWhen(ctx context.Context, service *app) error {
	look := time.NewTicker(readyEvery)
	defer look.Stop()
	for {
		select {
		case <-look.C:
			if service.Ready() {
				look.Stop()
				a.say("ready")
			}
		case err := <-service.Failed():
			return err
		case <-ctx.Done():
			return nil
		}
	}
}
