package consult

import (
	"context"
	"slices"
	"time"

	"teamsbridge/sso"
)

// Lists are the parts of the configuration that may change while the engine runs.
type Lists struct {
	Queues        []QueueConfig
	EntryPoints   []NumberConfig
	DialNumbers   []NumberConfig
	WrapUpReasons []WrapUpReason
	WrapUpDefault string // code of the reason that the timer applies
}

// Lists gives the configuration's part that may change.
func (c Config) Lists() Lists {
	return Lists{
		Queues: c.Queues, EntryPoints: c.EntryPoints, DialNumbers: c.DialNumbers,
		WrapUpReasons: c.WrapUp.Reasons, WrapUpDefault: c.WrapUp.Default,
	}
}

func (c Config) with(l Lists) Config {
	c.Queues, c.EntryPoints, c.DialNumbers = slices.Clone(l.Queues), slices.Clone(l.EntryPoints), slices.Clone(l.DialNumbers)
	c.WrapUp.Reasons, c.WrapUp.Default = slices.Clone(l.WrapUpReasons), l.WrapUpDefault
	return c
}

// lists is one immutable state of what may change.
type lists struct {
	queues                   []QueueConfig
	former                   []QueueConfig // no longer listed; consults that wait for one still do
	entryPoints, dialNumbers []NumberConfig
	wrapUp                   WrapUpConfig
	formerWrapUps            []formerWrapUp // oldest first
	set                      settings
}

// formerWrapUp is how calls were wrapped up until a time.
type formerWrapUp struct {
	until  time.Time
	wrapUp WrapUpConfig
}

// maxFormerWrapUps bounds what is remembered: a wrap-up is open for minutes,
// and reasons change rarely.
const maxFormerWrapUps = 16

func newLists(cfg Config) *lists {
	return &lists{
		queues: cfg.Queues, entryPoints: cfg.EntryPoints, dialNumbers: cfg.DialNumbers, wrapUp: cfg.WrapUp, set: cfg.settings(),
	}
}

// after makes l the lists that follow those before.
func (l *lists) after(before *lists, at time.Time) *lists {
	for _, q := range slices.Concat(before.queues, before.former) {
		if _, listed := findQueue(l.queues, q.Tenant, q.ID); !listed {
			l.former = append(l.former, q)
		}
	}
	l.formerWrapUps = before.formerWrapUps
	if l.wrapUp.Default != before.wrapUp.Default || !slices.Equal(l.wrapUp.Reasons, before.wrapUp.Reasons) {
		l.formerWrapUps = append(slices.Clone(l.formerWrapUps), formerWrapUp{until: at, wrapUp: before.wrapUp})
		l.formerWrapUps = l.formerWrapUps[max(0, len(l.formerWrapUps)-maxFormerWrapUps):]
	}
	return l
}

// wrapUpOf is how a wrap-up is done that was opened at a time.
func (l *lists) wrapUpOf(opened time.Time) WrapUpConfig {
	for _, f := range l.formerWrapUps {
		if opened.Before(f.until) {
			return f.wrapUp
		}
	}
	return l.wrapUp
}

// SetLists replaces the lists of targets and the wrap-up reasons, and tells
// everybody. Interactions in flight keep what they have: a number that was
// resolved is dialled, a consult that waits for a queue waits for its agents,
// an open wrap-up has the reasons it was opened with.
// The error joins every problem, as [Config.Validate] does; then nothing has changed.
func (e *Engine) SetLists(l Lists) error {
	cfg := e.cfg.with(l)
	if err := cfg.Validate(); err != nil {
		return err
	}
	e.listing.Lock()
	e.lists.Store(newLists(cfg).after(e.lists.Load(), clock()))
	e.listing.Unlock()
	for _, tenant := range e.subs.tenants() {
		e.targetsChanged(tenant)
	}
	e.offerAll()
	return nil
}

// FollowAgents tells everybody in an organisation when the channel names it:
// its rows of the agent table have changed. It returns when ctx ends or the
// channel closes.
func (e *Engine) FollowAgents(ctx context.Context, changed <-chan string) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case tenant, open := <-changed:
			if !open {
				return nil
			}
			e.targetsChanged(tenant)
			e.offerWaiting(tenant)
		}
	}
}

// Involved reports whether a live interaction asks something of the agent: they
// talk, are offered one, or have a wrap-up open.
func (e *Engine) Involved(tenant string, agent sso.AgentID) bool {
	return e.agents.isInvolved(agentKey{tenant, agent})
}

func (e *Engine) targetsChanged(tenant string) {
	e.subs.each(tenant, func(sso.Principal) (Change, bool) { return Change{Targets: true}, true })
}

func findQueue(queues []QueueConfig, tenant, id string) (QueueConfig, bool) {
	at := slices.IndexFunc(queues, func(q QueueConfig) bool { return q.Tenant == tenant && q.ID == id })
	if at < 0 {
		return QueueConfig{}, false
	}
	return queues[at], true
}

// members are a queue's agents: those it names and those whose row names it.
func (e *Engine) members(q QueueConfig) []sso.Agent {
	members := e.deps.Agents.InQueue(q.Tenant, q.ID)
	for _, id := range q.Agents {
		a, ok := e.deps.Agents.ByID(q.Tenant, sso.AgentID(id))
		if ok && !slices.Contains(a.Queues, q.ID) {
			members = append(members, a)
		}
	}
	return members
}
