package media_test

import (
	"testing"
	"time"

	"teamsbridge/consult/sip/media"
	"teamsbridge/consult/sip/media/tonetest"
	"teamsbridge/consult/sip/sdp"
)

// TestEveryPictureIsHeard takes a call through its phases: what each party hears
// is exactly what the phase says, and what it was sent is one faultless row.
func TestEveryPictureIsHeard(t *testing.T) {
	for _, c := range []struct {
		name                    string
		customer, agent, expert []func(_, _ *sdp.Session)
	}{
		{name: "all with A-law"},
		{name: "A-law against µ-law", agent: list(codec(sdp.PCMU))},
		{name: "the expert encrypted", expert: list(encryption)},
		{name: "all encrypted, of both laws", customer: list(encryption), agent: list(encryption, codec(sdp.PCMU)), expert: list(encryption)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := newEngine(t)
			room := e.NewRoom()
			customer := join(t, e, customerTone, c.customer...)
			agent := join(t, e, agentTone, c.agent...)
			expert := join(t, e, expertTone, c.expert...)
			phases := []struct {
				name                         string
				picture                      media.Picture
				toCustomer, toAgent, toOther []float64
			}{
				{"talk", media.Picture{Talk: [][]*media.Stream{talk(customer, agent)}},
					tonesOf(agentTone), tonesOf(customerTone), nil},
				{"hold", media.Picture{Music: talk(customer)},
					tonesOf(musicTone), nil, nil},
				{"consult", media.Picture{Talk: [][]*media.Stream{talk(agent, expert)}, Music: talk(customer)},
					tonesOf(musicTone), tonesOf(expertTone), tonesOf(agentTone)},
				{"swap", media.Picture{Talk: [][]*media.Stream{talk(agent, customer)}, Music: talk(expert)},
					tonesOf(agentTone), tonesOf(customerTone), tonesOf(musicTone)},
				{"conference", media.Picture{Talk: [][]*media.Stream{talk(customer, agent, expert)}},
					tonesOf(agentTone, expertTone), tonesOf(customerTone, expertTone), tonesOf(customerTone, agentTone)},
				{"transfer", media.Picture{Talk: [][]*media.Stream{talk(customer, expert)}},
					tonesOf(expertTone), nil, tonesOf(customerTone)},
			}
			for _, phase := range phases {
				arrange(t, room, phase.picture)
				atCustomer, atAgent, atExpert := customer.phone.Mark(), agent.phone.Mark(), expert.phone.Mark()
				hears(t, phase.name+": the customer", customer, atCustomer, phase.toCustomer...)
				hears(t, phase.name+": the agent", agent, atAgent, phase.toAgent...)
				hears(t, phase.name+": the expert", expert, atExpert, phase.toOther...)
			}
			faultless(t, customer, agent, expert)
		})
	}
}

func list(wishes ...func(_, _ *sdp.Session)) []func(_, _ *sdp.Session) { return wishes }

func tonesOf(hertz ...float64) []float64 { return hertz }

func TestSamePictureAgainChangesNothing(t *testing.T) {
	t.Parallel()
	e := newEngine(t)
	room := e.NewRoom()
	customer, agent, expert := join(t, e, customerTone), join(t, e, agentTone), join(t, e, expertTone)
	for _, picture := range []media.Picture{
		{Talk: [][]*media.Stream{talk(customer, agent)}, Music: talk(expert)},
		{Talk: [][]*media.Stream{talk(customer, agent, expert)}},
	} {
		arrange(t, room, picture)
		customer.phone.Listen(200 * time.Millisecond)
		expert.phone.Listen(200 * time.Millisecond)
		_, before, _, _ := customer.phone.Row()
		_, music, _, _ := expert.phone.Row()
		for range 5 {
			arrange(t, room, picture)
			customer.phone.Listen(40 * time.Millisecond)
			expert.phone.Listen(40 * time.Millisecond)
		}
		if _, after, _, _ := customer.phone.Row(); after != before {
			t.Errorf("%d changes were marked to the customer", after-before)
		}
		if _, after, _, _ := expert.phone.Row(); after != music {
			t.Errorf("%d changes were marked to the expert", after-music)
		}
	}
}

// TestChangesAreShort changes the picture over and over: no party is without sound
// for longer than 40 ms.
func TestChangesAreShort(t *testing.T) {
	t.Parallel()
	e := newEngine(t)
	room := e.NewRoom()
	customer, agent, expert := join(t, e, customerTone), join(t, e, agentTone), join(t, e, expertTone)
	pictures := []media.Picture{
		{Talk: [][]*media.Stream{talk(customer, agent)}, Music: talk(expert)},
		{Talk: [][]*media.Stream{talk(expert, agent)}, Music: talk(customer)},
		{Talk: [][]*media.Stream{talk(customer, agent, expert)}},
		{Talk: [][]*media.Stream{talk(customer, expert)}, Music: talk(agent)},
	}
	legs := []*leg{customer, agent, expert}
	arrange(t, room, pictures[0])
	for _, l := range legs {
		l.phone.Listen(200 * time.Millisecond)
	}
	atMost(t, 8*40, func() (longest int) {
		var marks []int
		for _, l := range legs {
			marks = append(marks, l.phone.Mark())
		}
		for i := range 20 {
			arrange(t, room, pictures[i%len(pictures)])
			customer.phone.Listen(60 * time.Millisecond)
		}
		for i, l := range legs {
			longest = max(longest, tonetest.LongestSilence(l.phone.Heard()[marks[i]:]))
		}
		return longest
	})
	faultless(t, legs...)
}

// atMost measures silence in samples, up to five times: whatever is too long at a
// machine that stands still now and then is not so each time.
func atMost(t *testing.T, limit int, measure func() int) {
	t.Helper()
	var measured []int
	for range 5 {
		n := measure()
		if n <= limit {
			return
		}
		measured = append(measured, n/8)
	}
	t.Errorf("%d ms of silence, not %d at most", measured, limit/8)
}
