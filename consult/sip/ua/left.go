package ua

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// StoredInvite is what CANCEL needs beside the dialog, to be the same as its INVITE
// (RFC 3261 9.1).
type StoredInvite struct {
	Name   string `json:"name,omitempty"` // that the other side saw
	Branch string `json:"branch"`
	Port   int    `json:"port,omitempty"` // of Via; 0 where that was the connection's
	Peer   string `json:"peer"`           // where it went: host:port
	// Large says that it was too large for a datagram: it went by TCP, or by UDP
	// where nobody listened there.
	Large bool `json:"large,omitempty"`
}

// keepInvite gives an INVITE its Via, whose branch nobody else knows, and lets be
// kept what it takes to withdraw it.
func (a *attempt) keepInvite(p *peer, req *sip.Request) {
	d, e := a.dialog, a.dialog.endpoint
	branch := sip.GenerateBranchN(16)
	req.PrependHeader(e.via(p.Transport, branch))
	if a.invite.Keep == nil {
		return
	}
	d.mu.Lock()
	stored := d.storedLocked()
	d.mu.Unlock()
	stored.Seq = req.CSeq().SeqNo
	stored.Invite = &StoredInvite{
		Name: a.invite.FromName, Branch: branch, Port: e.port(p.Transport), Peer: hostPort(p.Host, p.port()), Large: large(req),
	}
	a.invite.Keep(stored)
}

// withdrawLeft stops the ringing of an INVITE of a process that is gone, by each
// way that it may have gone. Who does not know it says so: it was never sent, or is
// over. Who has answered it repeats that until strayResponse acknowledges it.
func (d *Dialog) withdrawLeft(ctx context.Context, left StoredInvite) error {
	ways := []Transport{d.transport}
	if left.Large {
		ways = []Transport{TCP, d.transport}
	}
	var errs []error
	for _, transport := range ways {
		res, err := d.endpoint.cancelLeft(ctx, d.inviteLeft(left, transport))
		switch {
		case err != nil:
			errs = append(errs, err)
		case res.StatusCode/100 == 2:
			return nil
		case res.StatusCode != sip.StatusCallTransactionDoesNotExists:
			errs = append(errs, fmt.Errorf("sip: CANCEL of a stored INVITE: %d %s", res.StatusCode, res.Reason))
		}
	}
	if len(errs) < len(ways) {
		return nil
	}
	return errors.Join(errs...)
}

// inviteLeft is an INVITE of a process that is gone, but for what CANCEL does not repeat.
func (d *Dialog) inviteLeft(left StoredInvite, transport Transport) *sip.Request {
	e := d.endpoint
	req := d.requestAt(sip.INVITE, d.localSeq)
	req.From().DisplayName = quotable(left.Name)
	via := e.via(transport, left.Branch)
	via.Host = d.local.Host
	if transport == d.transport {
		via.Port = left.Port
	}
	req.PrependHeader(via)
	req.SetTransport(strings.ToUpper(string(transport)))
	req.SetDestination(left.Peer)
	if transport != UDP {
		req.Laddr = sip.Addr{}
	}
	return req
}

// cancelLeft sends the CANCEL of an INVITE of a process that is gone. Its refusal,
// for which no transaction waits, is acknowledged while it may come.
func (e *Endpoint) cancelLeft(ctx context.Context, invite *sip.Request) (*sip.Response, error) {
	branch := branchOf(invite)
	e.mu.Lock()
	e.left[branch] = invite
	e.mu.Unlock()
	time.AfterFunc(finalWait, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.left, branch)
	})
	return e.do(ctx, beside(invite, sip.CANCEL, invite.To()))
}

// refusedLeft acknowledges the refusal of an INVITE of a process that is gone
// (RFC 3261 17.1.1.3); false where it is of none.
func (e *Endpoint) refusedLeft(res *sip.Response) bool {
	e.mu.Lock()
	invite := e.left[branchOf(res)]
	e.mu.Unlock()
	if invite == nil || res.StatusCode < 300 {
		return false
	}
	e.spawn(func() {
		ctx := context.Background()
		if err := e.write(ctx, beside(invite, sip.ACK, res.To())); err != nil {
			e.log.InfoContext(ctx, "sip: a refusal could not be acknowledged", "error", nameless(err))
		}
	})
	return true
}
