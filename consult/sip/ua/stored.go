package ua

import (
	"context"
	"fmt"

	"github.com/emiago/sipgo/sip"
)

// Stored is what it takes to end a dialog when the process that had it is gone, or
// to stop the ringing of an INVITE that was out.
type Stored struct {
	Trunk     string    `json:"trunk"`
	Transport Transport `json:"transport"`
	CallID    string    `json:"callId"`
	LocalTag  string    `json:"localTag"`
	RemoteTag string    `json:"remoteTag"`
	Local     string    `json:"local"`
	Remote    string    `json:"remote"`
	Target    string    `json:"target"`
	Routes    []string  `json:"routes,omitempty"`
	Seq       uint32    `json:"seq"`
	// Invite is there while the INVITE is not answered.
	Invite *StoredInvite `json:"invite,omitempty"`
}

// Answered reports whether there is a dialog, and not only an INVITE.
func (s Stored) Answered() bool { return s.Invite == nil }

// Stored describes a dialog that is up.
func (d *Dialog) Stored() Stored {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.storedLocked()
}

func (d *Dialog) storedLocked() Stored {
	s := Stored{
		Trunk: d.trunk.Name, Transport: d.transport,
		CallID: d.id.call, LocalTag: d.id.local, RemoteTag: d.id.remote,
		Local: d.local.String(), Remote: d.remote.String(), Target: d.target.String(), Seq: d.localSeq,
	}
	for _, r := range d.routes {
		s.Routes = append(s.Routes, r.String())
	}
	return s
}

// seqGap is how far ahead of a stored sequence number a later process begins:
// more than a dialog's refreshes can have counted since it was stored.
const seqGap = 10_000

// ReleaseSeqs is by how much the sequence number of a dialog is to grow before
// Release is tried again: one BYE, and one with credentials.
const ReleaseSeqs = 2

// Release sends BYE in a dialog of a process that is gone, or CANCEL for an INVITE
// that it had out. Errors: [ErrNoTrunk], or that nobody has confirmed the end.
func (e *Endpoint) Release(ctx context.Context, s Stored) error {
	d, err := e.restore(s)
	if err != nil {
		return err
	}
	if !s.Answered() {
		return d.withdrawLeft(ctx, *s.Invite)
	}
	d.localSeq += seqGap
	_, res, err := d.request(ctx, d.requestLocked(sip.BYE))
	if err != nil {
		return err
	}
	if res.StatusCode/100 != 2 && res.StatusCode != sip.StatusCallTransactionDoesNotExists {
		return fmt.Errorf("sip: BYE in a stored dialog: %d %s", res.StatusCode, res.Reason)
	}
	return nil
}

// restore makes a dialog of what was stored of it.
func (e *Endpoint) restore(s Stored) (*Dialog, error) {
	t, ok := e.trunks[s.Trunk]
	if !ok {
		return nil, fmt.Errorf("%w: %q, of a stored dialog", ErrNoTrunk, s.Trunk)
	}
	d := &Dialog{
		endpoint: e, trunk: t, log: e.log, transport: s.Transport, localSeq: s.Seq, routes: make([]sip.Uri, len(s.Routes)),
		id: dialogID{s.CallID, s.LocalTag, s.RemoteTag},
	}
	uris := []*sip.Uri{&d.local, &d.remote, &d.target}
	for i := range d.routes {
		uris = append(uris, &d.routes[i])
	}
	for i, text := range append([]string{s.Local, s.Remote, s.Target}, s.Routes...) {
		if err := sip.ParseUri(text, uris[i]); err != nil {
			return nil, fmt.Errorf("sip: stored dialog: %w", err)
		}
	}
	return d, nil
}
