package ua_test

import (
	"context"
	"testing"

	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

// answering takes each call with the same answer; its dialogs and what their
// watchers hear come out.
type answering struct {
	*ua.Endpoint
	dialogs chan *ua.Dialog
	ear     *ear
}

// answers starts an endpoint that takes every call.
func answers(t *testing.T, config ua.Config) *answering {
	t.Helper()
	a := &answering{dialogs: make(chan *ua.Dialog, 8), ear: newEar()}
	a.Endpoint = start(t, config, func(in *ua.Incoming) {
		if d, _, err := in.Answer(context.Background(), []byte("answer"), a.ear); err == nil {
			a.dialogs <- d
		}
	})
	return a
}

// wireTo dials an endpoint.
func wireTo(t *testing.T, e *ua.Endpoint, transport ua.Transport) *siptest.Wire {
	t.Helper()
	w, err := siptest.Dial(t, transport, e.Addr(transport).String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// talking connects a wire with an endpoint that takes the call.
func talking(t *testing.T, config ua.Config, lines ...string) (*siptest.Talk, *answering, *ua.Dialog) {
	t.Helper()
	a := answers(t, config)
	k := wireTo(t, a.Endpoint, ua.UDP).Talk("100", a.Addr(ua.UDP).String())
	k.Begin("offer", lines...)
	return k, a, hear(t, "dialog", a.dialogs)
}

// ringing lets an endpoint ring a wire.
func ringing(t *testing.T, w *siptest.Wire, trunk ua.Trunk) (*ua.Dialog, *ear, *siptest.Wire) {
	t.Helper()
	trunk.Name, trunk.Peers = "wire", []ua.Peer{w.Peer()}
	us := start(t, ua.Config{Trunks: []ua.Trunk{trunk}}, nil)
	heard := newEar()
	d, err := us.Invite(t.Context(), ua.Invite{Trunk: "wire", To: "+4930123", From: "+4930999", Offer: []byte("offer")}, heard)
	if err != nil {
		t.Fatal(err)
	}
	return d, heard, w
}
