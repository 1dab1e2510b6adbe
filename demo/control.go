package demo

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
	"teamsbridge/sso/ssotest"
)

// control is everything under /_control/.
func (w *World) control() http.Handler {
	mux := http.NewServeMux()
	for pattern, handle := range map[string]func(*http.Request) (any, error){
		"GET /_control/world":                     w.showWorld,
		"GET /_control/lines":                     w.showLines,
		"POST /_control/calls":                    w.call,
		"POST /_control/calls/{id}/{party}/{act}": w.act,
		"POST /_control/switch/faults":            w.switchFault,
		"PUT /_control/users/{id}":                w.putUser,
		"DELETE /_control/users/{id}":             w.deleteUser,
		"PUT /_control/users/{id}/presence":       w.putPresence,
		"POST /_control/users/{id}/revoke":        w.revokeUser,
		"PUT /_control/tenants/{id}":              w.putTenant,
		"POST /_control/faults":                   w.microsoftFault,
		"GET /_control/requests":                  w.showRequests,
		"POST /_control/keys/rotate":              w.rotateKeys,
		"/_control/":                              unknownControl,
	} {
		mux.Handle(pattern, answering(handle))
	}
	return mux
}

func unknownControl(*http.Request) (any, error) {
	return nil, refuse(http.StatusNotFound, "there is no such request; see docs/demo.md")
}

func (w *World) call(r *http.Request) (any, error) {
	var body struct {
		Agent string `json:"agent"`
		From  string `json:"from"`
	}
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	if body.From == "" {
		return nil, refuse(http.StatusUnprocessableEntity, "from: the customer's number is missing")
	}
	for _, agent := range w.Agents() {
		if string(agent.ID) != body.Agent {
			continue
		}
		id, err := w.network.Call(r.Context(), consult.Call{Tenant: agent.Tenant, From: body.From, Agent: string(agent.ID)})
		if err != nil {
			return nil, refuse(http.StatusConflict, "the service did not take the call: %v", err)
		}
		w.names.answered.Store(id, agent.Name)
		return map[string]any{"interaction": id}, nil
	}
	return nil, refuse(http.StatusUnprocessableEntity, "agent: nobody in the agent table has this id")
}

var (
	parties = map[string]consult.Party{
		"customer": consult.PartyCustomer, "agent": consult.PartyAgent, "consulted": consult.PartyConsulted,
	}
	acts = map[string]memswitch.Act{
		"answer": memswitch.ActAnswer, "decline": memswitch.ActDecline, "busy": memswitch.ActBusy,
		"no-answer": memswitch.ActNoAnswer, "voicemail": memswitch.ActVoicemail, "hangup": memswitch.ActHangup,
		"lost": memswitch.ActLost, "no-acceptance": memswitch.ActNoAcceptance,
		"pick-up": memswitch.ActPickUp, "hold": memswitch.ActHold, "back": memswitch.ActBack,
	}
)

func (w *World) act(r *http.Request) (any, error) {
	party, known := parties[r.PathValue("party")]
	if !known {
		return nil, refuse(http.StatusNotFound, "a party is customer, agent or consulted")
	}
	act, known := acts[r.PathValue("act")]
	if !known {
		return nil, refuse(http.StatusNotFound, "an act is one of %s", strings.Join(slices.Sorted(maps.Keys(acts)), ", "))
	}
	err := w.network.Act(r.Context(), consult.InteractionID(r.PathValue("id")), party, act)
	if errors.Is(err, memswitch.ErrNoLeg) {
		return nil, refuse(http.StatusConflict, "this party has no leg on which that can be done")
	}
	if err != nil {
		return nil, refuse(http.StatusConflict, "the service did not take it: %v", err)
	}
	return nil, nil
}

func (w *World) switchFault(r *http.Request) (any, error) {
	body := struct {
		Op      string `json:"op"`
		Mode    string `json:"mode"`
		Count   int    `json:"count"`
		DelayMS int64  `json:"delayMs"`
	}{Count: 1}
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	fault := memswitch.Fault{Op: body.Op, Mode: body.Mode, Count: body.Count, Delay: time.Duration(body.DelayMS) * time.Millisecond}
	if err := w.network.Inject(fault); err != nil {
		return nil, refuse(http.StatusUnprocessableEntity, "%v", err)
	}
	return nil, nil
}

func (w *World) microsoftFault(r *http.Request) (any, error) {
	body := struct {
		Route      string  `json:"route"`
		Status     int     `json:"status"`
		Code       int     `json:"code"`
		RetryAfter int     `json:"retryAfter"`
		DelayMS    int64   `json:"delayMs"`
		Count      int     `json:"count"`
		Rate       float64 `json:"rate"`
	}{Count: 1, Rate: 1}
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	switch {
	case !strings.HasPrefix(body.Route, "/"):
		return nil, refuse(http.StatusUnprocessableEntity, "route: must be the beginning of a path, like /v1.0/users")
	case body.Status != 0 && (body.Status < 400 || body.Status > 599):
		return nil, refuse(http.StatusUnprocessableEntity, "status: must be 400 to 599, or 0 for a delay only")
	case body.Rate < 0 || body.Rate > 1 || body.DelayMS < 0 || body.RetryAfter < 0:
		return nil, refuse(http.StatusUnprocessableEntity, "rate must be 0 to 1, delayMs and retryAfter not negative")
	}
	fault := ssotest.Fault{
		Route: body.Route, Status: body.Status, Code: body.Code, RetryAfter: body.RetryAfter, Count: body.Count, Rate: body.Rate,
		Delay: time.Duration(body.DelayMS) * time.Millisecond,
	}
	if strings.HasPrefix(body.Route, "/v1.0") {
		w.graph.InjectFault(fault)
	} else {
		w.entra.InjectFault(fault)
	}
	return nil, nil
}

func (w *World) showRequests(r *http.Request) (any, error) {
	lines, next, err := w.requests.since(r.URL.Query().Get("since"))
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "since: must be a time of RFC 3339 or the next of an earlier answer")
	}
	return map[string]any{"requests": lines, "next": next}, nil
}

func (w *World) rotateKeys(*http.Request) (any, error) {
	w.entra.RotateKeys()
	return nil, nil
}
