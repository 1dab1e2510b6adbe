package demo

import (
	"sync"

	"github.com/nyaruka/phonenumbers"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
)

// names finds whose number it is, for the telephone page. The directories are
// read once, when the first number is asked for; who changes later has no name.
type names struct {
	once     sync.Once
	byNumber map[string]string
	answered sync.Map // name of the agent who answered, by interaction
}

func (w *World) nameOn(l memswitch.Line) string {
	if l.Party == consult.PartyAgent {
		if name, ok := w.names.answered.Load(l.Call); ok {
			return name.(string)
		}
	}
	w.names.once.Do(func() { w.names.byNumber = w.numbers() })
	return w.names.byNumber[l.Number]
}

func (w *World) numbers() map[string]string {
	found := make(map[string]string)
	for _, org := range w.organizations() {
		for _, person := range org.directory.Users {
			for _, phone := range person.BusinessPhones {
				if number, err := phonenumbers.Parse(phone, "DE"); err == nil {
					found[phonenumbers.Format(number, phonenumbers.E164)] = person.DisplayName
				}
			}
		}
	}
	_, entryPoints, dialNumbers := targets(w.first, w.second)
	for _, n := range append(entryPoints, dialNumbers...) {
		found[n.Number] = n.Name
	}
	for _, agent := range w.Agents() {
		found[agent.Number] = agent.Name
	}
	return found
}
