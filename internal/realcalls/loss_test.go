package realcalls

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"teamsbridge/consult/sip/siptest"
	"teamsbridge/internal/porttest"
)

// TestConsultsEndAsTheyShouldWhereMessagesAreLost has sipp lose one message in
// twenty, either way, while four agents consult: that none of some 300 is lost
// happens once in four million runs.
func TestConsultsEndAsTheyShouldWhereMessagesAreLost(t *testing.T) {
	t.Parallel()
	const agents, rounds = 4, 4
	consults := []struct {
		name, number string
		goes         func(*agent)
	}{
		{"the agent ends it", aNumber, func(a *agent) { a.reaches("consulting"); a.does("/consult/end", nil, "active") }},
		{"they decline", thatDeclines, func(a *agent) {
			if v := a.reaches("held"); v.Consult == nil || v.Consult.Failure != "declined" {
				a.t.Errorf("consult %+v", v.Consult)
			}
			a.does("/resume", nil, "active")
		}},
		{"they hang up", thatHangsUp, func(a *agent) { a.reaches("active") }},
	}
	phones, there := porttest.Free(t), porttest.Free(t)
	messages := filepath.Join(t.TempDir(), "messages")
	c := startCentre(t, ringPatiently, section(t, phones, there, porttest.Free(t), direct))
	telephones := plays(t, "answers", phones, "-m", strconv.Itoa(agents))
	others := plays(t, "lossy", there, "-m", strconv.Itoa(agents*rounds*len(consults)), "-lost", "5", "-max_retrans", "30", "-trace_msg", "-message_file", messages)
	var customers []*siptest.Phone
	for i, a := range c.agents[:agents] {
		customer := c.calls(t, a, fmt.Sprintf("+4915112345%d", i))
		customer.IsUp()
		a.hasCall()
		customers = append(customers, customer)
	}
	t.Run("agents", func(t *testing.T) {
		for i, a := range c.agents[:agents] {
			t.Run(strconv.Itoa(i+1), func(t *testing.T) {
				t.Parallel()
				a := a.in(t)
				for range rounds {
					for _, consult := range consults {
						a.does("/consult", number(consult.number), "consult_requested")
						consult.goes(a)
					}
				}
			})
		}
	})
	others.isContent()
	for _, customer := range customers {
		customer.HangUp()
	}
	telephones.isContent()
	said, err := os.ReadFile(messages)
	if err != nil {
		t.Fatal(err)
	}
	if lost := bytes.Count(said, []byte(" lost (")); lost == 0 {
		t.Error("nothing was lost: this run shows nothing")
	} else {
		t.Logf("%d messages were lost", lost)
	}
}

// TestFivePercentOfThePacketsAreLostAndEachIsStillHeard has one packet in twenty
// of either side not arrive.
func TestFivePercentOfThePacketsAreLostAndEachIsStillHeard(t *testing.T) {
	t.Parallel()
	x := newExchange(t)
	for _, phone := range []*siptest.Phone{x.customer, x.telephone} {
		phone.Lose(func(packet int) bool { return packet%20 == 0 })
	}
	for range 4 {
		x.customer.MustHear(t, "the customer", voices, ofAgent)
		x.telephone.MustHear(t, "the agent", voices, ofCustomer)
	}
}

// TestATelephoneIsHeardOverANetThatLosesFivePercent has sipp say a tone over a
// net that loses one packet in twenty: sipp itself loses messages, but no audio.
func TestATelephoneIsHeardOverANetThatLosesFivePercent(t *testing.T) {
	t.Parallel()
	way := newLeakyNet(t)
	x := exchangeOver(t, way.media())
	there := plays(t, "speaks", x.there)
	x.does("/consult", number(aNumber), "consult_requested")
	x.reaches("consulting")
	x.telephone.MustHear(t, "the agent", voices, ofExpert)
	before := way.lost.Load()
	x.telephone.MustHear(t, "the agent", voices, ofExpert)
	if way.lost.Load() == before {
		t.Error("nothing was lost: this run shows nothing")
	}
	x.does("/consult/end", nil, "active")
	there.isContent()
}
