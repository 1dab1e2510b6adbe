package media_test

import (
	"testing"
	"time"

	"teamsbridge/consult/sip/media"
	"teamsbridge/consult/sip/media/tonetest"
)

// BenchmarkChange measures how long a party hears nothing when the picture
// changes, the longest of all parties.
func BenchmarkChange(b *testing.B) {
	e, err := media.New(media.Config{IP: loopback, Music: media.NewSound(tonetest.Tone(musicTone, 8000))})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	room := e.NewRoom()
	customer, agent, expert := join(b, e, customerTone), join(b, e, agentTone), join(b, e, expertTone)
	legs := []*leg{customer, agent, expert}
	consult := media.Picture{Talk: [][]*media.Stream{talk(agent, expert)}, Music: talk(customer)}
	for _, c := range []struct {
		name   string
		after  media.Picture
		hearer []*leg
	}{
		{"swap", media.Picture{Talk: [][]*media.Stream{talk(agent, customer)}, Music: talk(expert)}, legs},
		{"conference", media.Picture{Talk: [][]*media.Stream{talk(customer, agent, expert)}}, legs},
		{"transfer", media.Picture{Talk: [][]*media.Stream{talk(customer, expert)}}, []*leg{customer, expert}},
	} {
		b.Run(c.name, func(b *testing.B) {
			longest := 0
			for b.Loop() {
				arrange(b, room, consult)
				customer.phone.Listen(200 * time.Millisecond)
				var marks []int
				for _, l := range c.hearer {
					marks = append(marks, l.phone.Mark())
				}
				arrange(b, room, c.after)
				customer.phone.Listen(200 * time.Millisecond)
				for i, l := range c.hearer {
					longest = max(longest, tonetest.LongestSilence(l.phone.Heard()[marks[i]:]))
				}
			}
			b.ReportMetric(float64(longest)*1e6/8, "gap_ns")
		})
	}
}
