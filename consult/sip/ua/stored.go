package ua

import (
	"context"
	"fmt"

	"github.com/emiago/sipgo/sip"
)

// Stored is what it takes to end a dialog when the process that had it is gone.
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
}

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

// Release sends BYE in a dialog of a process that is gone. Errors: [ErrNoTrunk],
// or that nobody has confirmed the end.
func (e *Endpoint) Release(ctx context.Context, s Stored) error {
	t, ok := e.trunks[s.Trunk]
	if !ok {
		return fmt.Errorf("%w: %q, of a stored dialog", ErrNoTrunk, s.Trunk)
	}
	d := &Dialog{
		endpoint: e, trunk: t, log: e.log, transport: s.Transport, localSeq: s.Seq + seqGap,
		id: dialogID{s.CallID, s.LocalTag, s.RemoteTag},
	}
	uris := []*sip.Uri{&d.local, &d.remote, &d.target}
	for i, text := range []string{s.Local, s.Remote, s.Target} {
		if err := sip.ParseUri(text, uris[i]); err != nil {
			return fmt.Errorf("sip: stored dialog: %w", err)
		}
	}
	for _, text := range s.Routes {
		var r sip.Uri
		if err := sip.ParseUri(text, &r); err != nil {
			return fmt.Errorf("sip: stored dialog: %w", err)
		}
		d.routes = append(d.routes, r)
	}
	_, res, err := d.request(ctx, d.requestLocked(sip.BYE))
	if err != nil {
		return err
	}
	if res.StatusCode/100 != 2 && res.StatusCode != sip.StatusCallTransactionDoesNotExists {
		return fmt.Errorf("sip: BYE in a stored dialog: %d %s", res.StatusCode, res.Reason)
	}
	return nil
}
