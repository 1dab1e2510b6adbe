package sso

import (
	"strings"
	"sync"
	"time"
)

const (
	// unassignedFor is how long a refusal says that somebody is not assigned:
	// Microsoft knows of an assignment after minutes, and a token that was given
	// before lives about an hour.
	unassignedFor = time.Hour
	maxUnassigned = 10_000 // of one organisation
)

// Refused tells of a refusal that somebody met at Microsoft, by its AADSTS code;
// objectID is theirs, or empty when it is not known. That a person is not assigned
// holds for them until Microsoft serves them again, an hour at most. Everything
// else may be the organisation's matter: it is checked soon, unless it is what is
// known already. It never waits. Of no Organizations (nil) nobody hears.
func (o *Organizations) Refused(tenant, objectID, code string) {
	d, ok := o.desk(tenant)
	if !ok {
		return
	}
	if code == CodeNotAssigned {
		if objectID != "" && d.unassigned.add(strings.ToLower(objectID), o.deps.now()) {
			o.watchers.tell(strings.ToLower(tenant))
		}
		return
	}
	if code != "" && code == d.get().LastError {
		return
	}
	select {
	case d.doubted <- struct{}{}:
	default:
	}
}

// Served tells that Microsoft gave a token for somebody: they are assigned, or
// need not be.
func (o *Organizations) Served(tenant, objectID string) {
	d, ok := o.desk(tenant)
	if ok && d.unassigned.remove(strings.ToLower(objectID)) {
		o.watchers.tell(strings.ToLower(tenant))
	}
}

func (o *Organizations) desk(tenant string) (*desk, bool) {
	if o == nil {
		return nil, false
	}
	d, ok := o.desks[strings.ToLower(tenant)]
	return d, ok
}

// NotAssigned reports whether Microsoft refused the person within the last hour
// because the application is for assigned people and they are not one of them,
// neither themselves nor by a group. It is all that the product's permissions
// show of one person's assignment.
func (o *Organizations) NotAssigned(tenant, objectID string) bool {
	d, ok := o.desk(tenant)
	return ok && objectID != "" && d.unassigned.has(strings.ToLower(objectID), o.deps.now())
}

// unassigned are people whom Microsoft refused as not assigned to the application.
type unassigned struct {
	mu    sync.Mutex
	since map[string]time.Time // by object id
}

// add reports whether the person is new.
func (u *unassigned) add(objectID string, now time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.since == nil {
		u.since = make(map[string]time.Time)
	}
	u.forget(now)
	_, known := u.since[objectID]
	if !known && len(u.since) >= maxUnassigned {
		return false
	}
	u.since[objectID] = now
	return !known
}

func (u *unassigned) remove(objectID string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	_, known := u.since[objectID]
	delete(u.since, objectID)
	return known
}

func (u *unassigned) has(objectID string, now time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	since, known := u.since[objectID]
	return known && now.Sub(since) < unassignedFor
}

func (u *unassigned) count(now time.Time) int {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.forget(now)
	return len(u.since)
}

// forget drops who was refused too long ago. The caller holds the lock.
func (u *unassigned) forget(now time.Time) {
	for objectID, since := range u.since {
		if now.Sub(since) >= unassignedFor {
			delete(u.since, objectID)
		}
	}
}
