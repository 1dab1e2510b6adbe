package media_test

import (
	"testing"

	"teamsbridge/consult/sip/media"
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
				hears(t, phase.name+": the customer", customer, phase.toCustomer...)
				hears(t, phase.name+": the agent", agent, phase.toAgent...)
				hears(t, phase.name+": the expert", expert, phase.toOther...)
			}
			faultless(t, customer, agent, expert)
		})
	}
}

func list(wishes ...func(_, _ *sdp.Session)) []func(_, _ *sdp.Session) { return wishes }

func tonesOf(hertz ...float64) []float64 { return hertz }
