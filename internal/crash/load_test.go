package crash

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
)

// command is one request with its key, and its first answer.
type command struct {
	action, path, body, key string
	who                     string
	answer                  answer // status 0: it was never answered
	tried                   int    // how often it was sent
}

// tracked is one call with everything that was asked of it. One worker at a
// time has it.
type tracked struct {
	id       string
	agent    user
	commands []*command
	history  []entry // as last read
	over     bool
}

// worker does random things to its calls until the process is gone.
type worker struct {
	service *service
	random  *rand.Rand
	number  int
	calls   []*tracked
	serial  int
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
	call, err := w.pick(ctx)
	if err != nil || call == nil {
		return err
	}
	a, err := w.service.interaction(ctx, "GET", call.id, "", call.agent.ID, "", "")
	if err != nil {
		return err
	}
	var v view
	if a.status != 200 {
		call.over = true // agent 2 of before, who may not see it any more
		return nil
	}
	if err := a.decode(&v); err != nil {
		return err
	}
	if v.Phase == "ended" {
		call.over = true
		return nil
	}
	if w.random.IntN(3) == 0 {
		w.telephone(ctx, call, v)
		return nil
	}
	return w.command(ctx, call, v)
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
	call := &tracked{id: made.Interaction, agent: agent}
	w.calls = append(w.calls, call)
	return call, nil
}

// telephone lets a party act. Acts that would wait for a leg are not tried.
func (w *worker) telephone(ctx context.Context, call *tracked, v view) {
	state := ""
	if v.Consult != nil {
		state = v.Consult.State
	}
	switch state {
	case "requested", "ringing":
		acts := []string{"answer", "answer", "answer", "decline", "busy", "voicemail", "hangup"}
		w.service.act(ctx, call.id, "consulted", acts[w.random.IntN(len(acts))])
		return
	case "connected", "held", "conferenced":
		if w.random.IntN(3) == 0 {
			w.service.act(ctx, call.id, "consulted", "hangup")
			return
		}
	}
	switch {
	case v.Phase == "wrapup":
	case w.random.IntN(6) == 0:
		w.service.act(ctx, call.id, "customer", "hangup")
	case w.random.IntN(12) == 0:
		w.service.act(ctx, call.id, "agent", "hangup")
	}
}

// paths are where the actions are asked for.
var paths = map[string]string{
	"hold": "/hold", "resume": "/resume", "consult": "/consult", "resumeExpert": "/consult/resume", "endConsult": "/consult/end",
	"transfer": "/transfer", "coldTransfer": "/transfer", "conference": "/conference", "leave": "/leave", "end": "/end", "wrapUp": "/wrap-up",
}

// command asks for something that is offered.
func (w *worker) command(ctx context.Context, call *tracked, v view) error {
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
	w.serial++
	c := &command{action: action, path: paths[action], body: w.body(action, call), who: call.agent.ID, key: fmt.Sprintf("k-%d-%d", w.number, w.serial)}
	call.commands = append(call.commands, c)
	return w.service.send(ctx, call, c)
}

// send asks once more; the first answer is kept.
func (s *service) send(ctx context.Context, call *tracked, c *command) error {
	c.tried++
	a, err := s.interaction(ctx, "POST", call.id, c.path, c.who, c.key, c.body)
	if err == nil && c.answer.status == 0 {
		c.answer = a
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
