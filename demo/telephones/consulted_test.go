package telephones_test

import (
	"context"
	"testing"

	"github.com/emiago/sipgo/sip"

	"teamsbridge/consult"
	"teamsbridge/consult/reserve"
	"teamsbridge/consult/reserve/reservetest"
	"teamsbridge/consult/sip/sdp"
	"teamsbridge/demo/telephones"
	"teamsbridge/sso"
	"teamsbridge/store/storetest"
)

// reach is an engine that reaches one expert, who has to accept.
type reach struct{}

func (reach) Reach(context.Context, sso.Principal, consult.TargetRequest) (consult.Reach, error) {
	return consult.Reach{
		Target:     consult.Target{Kind: consult.TargetOrganization, ID: "e", Number: expert, Expert: "e"},
		Acceptance: true, RingTimeout: patience, AcceptTimeout: patience,
	}, nil
}

func TestASoftphoneConsultsAnExpertByANumber(t *testing.T) {
	const number = "+493023125901"
	people, err := reservetest.People()
	if err != nil {
		t.Fatal(err)
	}
	book, err := reserve.New(t.Context(), reserve.Config{}, reserve.Deps{Store: &storetest.Memory{}, Targets: reach{}, Numbers: []string{number, "+493023125902"}})
	if err != nil {
		t.Fatal(err)
	}
	s := newStageWith(t, telephones.Options{}, book, number)
	phone := newSoftphone(t, s, "anja")
	if status := phone.register(password); status != 200 {
		t.Fatal(status)
	}
	reserved, err := book.Reserve(t.Context(), people["anja"], reserve.Request{})
	if err != nil {
		t.Fatal(err)
	}
	offer, err := sdp.Offer(phone.description())
	if err != nil {
		t.Fatal(err)
	}
	phone.ask("INVITE", reserved.Dial, string(offer))
	if res := phone.final(); res.StatusCode != sip.StatusOK {
		t.Fatalf("status %d", res.StatusCode)
	}
	if now, err := book.View(t.Context(), people["anja"], reserved.ID); err != nil || now.State != reserve.Ringing && now.State != reserve.Connected {
		t.Errorf("reservation %+v, %v", now, err)
	}
}
