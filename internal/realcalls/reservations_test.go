package realcalls

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"teamsbridge/consult/sip/media/tonetest"
	"teamsbridge/internal/porttest"
)

// bureau is a service for a contact centre that keeps its own calls: a telephone
// of that one, which consults numbers, and an expert's.
type bureau struct {
	*centre
	who            expert
	caller, expert *baresip
}

// newBureau runs the service with consult numbers, and reservations that wait for so long.
func newBureau(t *testing.T, expire string, numbers ...string) *bureau {
	t.Helper()
	expertAt := porttest.Free(t)
	b := &bureau{centre: startCentre(t, ringPatiently, fmt.Sprintf(`
reservations: {expire: %s}
sip:
  host: 127.0.0.1
  anchor: consult
  consult_numbers: ["%s"]
  caller: %q
  listen: [{transport: udp, address: "127.0.0.1:%%PORT"}]
  trunks:
  - {name: centre, networks: [127.0.0.0/8], country: DE}
  - {name: teams, peers: [%s]}
  routes: {agents: teams, experts: teams, numbers: teams}
  media: {address: 127.0.0.1}
`, expire, strings.Join(numbers, `", "`), contactNumber, at(expertAt)))}
	b.who = b.anExpert()
	b.caller = newBaresip(t, porttest.Free(t), "+49309999", ofCustomer)
	b.expert = newBaresip(t, expertAt, b.who.Number, ofExpert)
	return b
}

// reserved is a reservation as its maker sees it.
type reserved struct {
	ID, State, Dial, Code string
	Reason                *string
	Expert                *struct{ ID string }
	Type                  string // of a problem
}

const reservations = "/api/v1/reservations"

// asks asks for a number that reaches the expert.
func (b *bureau) asks() (r reserved, status int) {
	b.t.Helper()
	status = b.do(http.MethodPost, reservations, b.who.target(), &r)
	return r, status
}

// reserve gets one.
func (b *bureau) reserve() reserved {
	b.t.Helper()
	r, status := b.asks()
	if status != http.StatusCreated || r.State != "reserved" || r.Expert == nil || r.Expert.ID != b.who.ID {
		b.t.Fatalf("reserve: %d %+v", status, r)
	}
	return r
}

// becomes waits until a reservation is in a state, for a reason or none.
func (b *bureau) becomes(r reserved, state, reason string) {
	b.t.Helper()
	var now reserved
	until(b.t, "reservation "+state, func() bool {
		now = reserved{}
		return b.do(http.MethodGet, reservations+"/"+r.ID, nil, &now) == http.StatusOK && now.State == state
	})
	if got := ""; now.Reason != nil || reason != "" {
		if now.Reason != nil {
			got = *now.Reason
		}
		if got != reason {
			b.t.Errorf("reservation %s for %q, want %q", state, got, reason)
		}
	}
}

// calls has the contact centre's telephone consult a number.
func (b *bureau) calls(number string) {
	b.t.Helper()
	b.caller.do("dial", fmt.Sprintf("sip:%s@127.0.0.1:%d", number, b.port))
}

// talk has the expert accept, and checks that the two hear one another.
func (b *bureau) talk() {
	b.t.Helper()
	b.expert.answers()
	b.expert.do("sndcode", "1")
	for _, side := range []struct {
		name  string
		phone *baresip
		hears float64
	}{{"the caller", b.caller, ofExpert}, {"the expert", b.expert, ofCustomer}} {
		until(b.t, side.name+" hears the other", func() bool {
			heard := side.phone.heard()
			return slices.Equal(tonetest.Hears(heard[max(0, len(heard)-samples(window)):], voices...), []float64{side.hears})
		})
	}
}

// TestAnotherContactCentreConsultsANumber has a contact centre with calls of its
// own reach an expert by a number from the pool.
func TestAnotherContactCentreConsultsANumber(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "12s", "+4930555001", "+4930555002", "+4930555003")
	forgotten := b.reserve()

	r := b.reserve()
	b.calls(strings.Replace(r.Dial, "+49", "0", 1)) // as its trunk spells it
	b.talk()
	b.caller.waits("CALL_ESTABLISHED")
	b.becomes(r, "connected", "")
	var refused reserved
	if status := b.do(http.MethodDelete, reservations+"/"+r.ID, nil, &refused); status != http.StatusConflict || !strings.HasSuffix(refused.Type, "wrong-phase") {
		t.Errorf("withdrawn while they talk: %d %+v", status, refused)
	}
	b.expert.do("hangup", "")
	b.caller.waits("CALL_CLOSED")
	b.becomes(r, "ended", "")

	r = b.reserve()
	b.calls(r.Dial)
	b.expert.waits("CALL_INCOMING")
	b.becomes(r, "ringing", "")
	for range 2 {
		if status := b.do(http.MethodDelete, reservations+"/"+r.ID, nil, nil); status != http.StatusNoContent {
			t.Errorf("withdrawn while it rings: %d", status)
		}
	}
	b.expert.waits("CALL_CLOSED")
	b.caller.waits("CALL_CLOSED")
	b.becomes(r, "failed", "withdrawn")

	b.becomes(forgotten, "expired", "")
	for _, nobodys := range []string{forgotten.Dial, r.Dial, b.number} { // an agent's too: customers stay where they are
		b.calls(nobodys)
		b.caller.waits("CALL_CLOSED")
	}

	for range 2 {
		r = b.reserve()
	}
	if none, status := b.asks(); status != http.StatusTooManyRequests || !strings.HasSuffix(none.Type, "too-many-reservations") {
		t.Errorf("the last number, which is for somebody else: %d %+v", status, none)
	}

	b.calls(r.Dial)
	b.talk()
	b.isKilled()
	b.caller.waits("CALL_CLOSED")
	b.expert.waits("CALL_CLOSED")
	b.becomes(r, "failed", "lost")

	r = b.reserve()
	b.calls(r.Dial)
	b.expert.waits("CALL_INCOMING")
	b.isKilled()
	b.expert.waits("CALL_CLOSED") // it rings no more
	b.becomes(r, "failed", "lost")
	b.caller.do("hangup", "")
}

// TestACodeSaysWhoseTheCallIs has every call come to one number.
func TestACodeSaysWhoseTheCallIs(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "1m", "+4930555001")
	r, other := b.reserve(), b.reserve()
	if r.Dial != other.Dial || len(r.Code) != 6 || r.Code == other.Code {
		t.Fatalf("reserved %+v and %+v", r, other)
	}
	b.calls(r.Dial)
	b.caller.waits("CALL_ESTABLISHED")
	for _, wrong := range []string{"#", "12345#", "12*#"} { // nothing, too short, taken back
		b.caller.do("sndcode", wrong)
	}
	b.caller.waits("CALL_CLOSED")
	b.becomes(r, "reserved", "")

	b.calls(r.Dial)
	b.caller.waits("CALL_ESTABLISHED")
	b.caller.do("sndcode", r.Code)
	b.talk()
	b.becomes(r, "connected", "")
	b.becomes(other, "reserved", "")
	b.caller.do("hangup", "")
	b.expert.waits("CALL_CLOSED")
	b.becomes(r, "ended", "")
}
