package crash

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
)

// command is one request with its key, and its first answer.
type command struct {
	action, path, body, key string
	who                     string
	answer                  answer // status 0: it was never answered
}

// tracked is one call with everything that was asked of it. One worker at a
// time has it.
type tracked struct {
	id         string
	agent      user
	commands   []*command
	trespasses []*command      // of a supervisor
	did        map[string]bool // by party: their telephone hung up, or its line died
	history    []entry         // as last read
	over       bool

	checkedOver bool // its keys were sent again after it was over
}

// worker does random things to its calls until the process is gone.
type worker struct {
	service *service
	random  *rand.Rand
	number  int
	calls   []*tracked
	serial  int
	did     tally
}

// work goes on until the process does not answer any more, or ctx ends.
func (w *worker) work(ctx context.Context) {
	for ctx.Err() == nil {
		if err := w.once(ctx); err != nil {
			return
		}
	}
}

func (w *worker) once(ctx context.Context) error {
	if w.service.mood != healthy && w.random.IntN(5) == 0 {
		if err := w.fault(ctx); err != nil {
			return err
		}
	}
	call, err := w.pick(ctx)
	if err != nil || call == nil {
		return err
	}
	who := call.agent
	if agents := w.service.agents(); w.random.IntN(4) == 0 { // perhaps agent 2, or the owner by now
		who = agents[w.random.IntN(len(agents))]
	}
	a, err := w.service.interaction(ctx, "GET", call.id, "", who.ID, "", "")
	if err != nil || a.status != 200 { // it is not theirs to see
		return err
	}
	var v view
	if err := a.decode(&v); err != nil {
		return err
	}
	if v.Phase == "ended" {
		call.over = true
		return nil
	}
	switch choice := w.random.IntN(12); {
	case choice == 0:
		return w.trespass(ctx, call)
	case choice < 5:
		w.telephone(ctx, call, v)
		return nil
	}
	return w.command(ctx, call, v, who.ID)
}

// pick gives one of the worker's live calls, or a new one.
func (w *worker) pick(ctx context.Context) (*tracked, error) {
	live := slices.DeleteFunc(slices.Clone(w.calls), func(c *tracked) bool { return c.over })
	if len(live) > 0 && (len(live) > 2 || w.random.IntN(4) > 0) {
		return live[w.random.IntN(len(live))], nil
	}
	agents := w.service.agents()
	agent := agents[(w.number+len(w.calls))%len(agents)]
	a, err := ask(ctx, "POST", w.service.demo.Simulators+"/_control/calls", "", "", fmt.Sprintf(`{"agent":%q,"from":"+49151%07d"}`, agent.ID, len(w.calls)))
	if err != nil || a.status != 200 {
		return nil, err
	}
	var made struct{ Interaction string }
	if err := a.decode(&made); err != nil {
		return nil, err
	}
	call := &tracked{id: made.Interaction, agent: agent, did: map[string]bool{}}
	w.calls = append(w.calls, call)
	return call, nil
}

// telephone lets a party act. Acts that would wait long for a leg are not tried.
func (w *worker) telephone(ctx context.Context, call *tracked, v view) {
	state := ""
	if v.Consult != nil {
		state = v.Consult.State
	}
	if v.Pending != nil && v.Pending.Action == "resume" && w.random.IntN(2) == 0 { // an owner whose line died
		w.act(ctx, call, "agent", "answer", "answer", "decline", "busy")
		return
	}
	switch state {
	case "requested", "ringing":
		w.act(ctx, call, "consulted", "answer", "answer", "answer", "decline", "busy", "voicemail", "hangup")
		return
	case "connected", "held", "conferenced":
		if w.random.IntN(3) == 0 {
			w.act(ctx, call, "consulted", "hangup", "lost")
			return
		}
	}
	switch {
	case v.Phase == "wrapup":
	case w.random.IntN(6) == 0:
		w.act(ctx, call, "customer", "hangup", "hangup", "lost")
	case w.random.IntN(6) == 0:
		w.act(ctx, call, "agent", "hangup", "lost", "lost")
	case v.Phase == "transferred" && w.random.IntN(3) == 0:
		w.act(ctx, call, "consulted", "hangup", "lost")
	}
}

// act does one of these on a party's telephone.
func (w *worker) act(ctx context.Context, call *tracked, party string, acts ...string) {
	act := acts[w.random.IntN(len(acts))]
	if act == "hangup" || act == "lost" {
		call.did[party] = true
	}
	w.did["telephones: "+party+" "+act]++
	w.service.act(ctx, call.id, party, act)
}

// paths are where the actions are asked for.
var paths = map[string]string{
	"hold": "/hold", "resume": "/resume", "consult": "/consult", "resumeExpert": "/consult/resume", "endConsult": "/consult/end",
	"transfer": "/transfer", "coldTransfer": "/transfer", "conference": "/conference", "leave": "/leave", "end": "/end", "wrapUp": "/wrap-up",
	"accept": "/consult/accept", "decline": "/consult/decline",
}

// command asks for something that is offered to whoever looked.
func (w *worker) command(ctx context.Context, call *tracked, v view, who string) error {
	var offered []string
	for action, permit := range v.Actions {
		if permit.Allowed && paths[action] != "" && (action != "end" || w.random.IntN(4) == 0) {
			offered = append(offered, action)
		}
	}
	if len(offered) == 0 {
		return nil
	}
	slices.Sort(offered) // a map has no order, a seed has one
	action := offered[w.random.IntN(len(offered))]
	c := w.newCommand(action, call, who)
	call.commands = append(call.commands, c)
	return w.service.send(ctx, call, c)
}

// trespass is a supervisor, who may look and no more, trying a command.
func (w *worker) trespass(ctx context.Context, call *tracked) error {
	actions := slices.Sorted(maps.Keys(paths))
	c := w.newCommand(actions[w.random.IntN(len(actions))], call, w.service.supervisor())
	call.trespasses = append(call.trespasses, c)
	return w.service.send(ctx, call, c)
}

func (w *worker) newCommand(action string, call *tracked, who string) *command {
	w.serial++
	return &command{action: action, path: paths[action], body: w.body(action, call), who: who, key: fmt.Sprintf("k-%d-%d", w.number, w.serial)}
}

// send asks once more; the first answer is kept.
func (s *service) send(ctx context.Context, call *tracked, c *command) error {
	a, err := s.interaction(ctx, "POST", call.id, c.path, c.who, c.key, c.body)
	if err == nil && c.answer.status == 0 {
		c.answer = a
	}
	if a.status == 504 {
		select {
		case s.unknown <- struct{}{}:
		default: // it is known already that there is one
		}
	}
	return err
}

func (w *worker) body(action string, call *tracked) string {
	switch action {
	case "wrapUp":
		return fmt.Sprintf(`{"code":%q}`, w.service.world.WrapUpReasons[0].Code)
	case "consult", "coldTransfer":
	default:
		return `{}`
	}
	switch w.random.IntN(6) {
	case 0:
		return fmt.Sprintf(`{"target":{"kind":"queue","id":%q}}`, w.service.world.Queues[0].ID)
	case 1:
		others := slices.DeleteFunc(w.service.agents(), func(u user) bool { return u.ID == call.agent.ID })
		return fmt.Sprintf(`{"target":{"kind":"agent","id":%q}}`, others[w.random.IntN(len(others))].ID)
	case 2:
		return `{"target":{"kind":"dialNumber","number":"+12015532447"}}`
	default:
		return fmt.Sprintf(`{"target":{"kind":"organization","id":%q}}`, w.service.experts[w.random.IntN(len(w.service.experts))])
	}
}
