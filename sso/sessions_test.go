package sso_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"teamsbridge/sso"
)

// person signs in at Entra and gives who they are and the session's secret.
func (d *desk) person(t testing.TB, changes payload) (sso.Principal, string) {
	t.Helper()
	if changes["tid"] != nil {
		changes = changes.with(payload{"iss": d.URL + "/" + changes["tid"].(string) + "/v2.0"})
	}
	done := d.mustSignIn(t, sso.ProviderEntra, "", changes)
	return d.who(t, done.Secret), done.Secret
}

func (d *desk) who(t testing.TB, secret string) sso.Principal {
	t.Helper()
	p, err := d.FromSession(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var (
	anAdmin       = payload{"oid": sofia, "roles": []string{"Admin"}}
	ofThePartners = payload{"tid": partner, "oid": bert}
)

func TestPeopleSeeTheirOwnSessions(t *testing.T) {
	d := newDesk(t)
	d.person(t, ofThePartners)
	first, _ := d.person(t, nil)
	d.Clock.Advance(time.Minute)
	d.person(t, anAdmin)
	d.mustSignIn(t, "contact-centre", "", nil) // anja again, the other way
	d.Clock.Advance(time.Minute)
	last, _ := d.person(t, nil)

	sessions, err := d.Sessions().Own(t.Context(), last)
	if err != nil || len(sessions) != 3 {
		t.Fatalf("Own = %+v, %v; want three", sessions, err)
	}
	newest, other, oldest := sessions[0], sessions[1], sessions[2]
	if !newest.Current || newest.ID != last.SessionID() || !newest.StartedAt.Equal(noon.Add(2*time.Minute)) || newest.Agent.ID != "anja" {
		t.Errorf("the newest is %+v", newest)
	}
	if other.Current || !slices.Equal(other.Identities, []sso.Identity{sso.IdentityContactCentre}) {
		t.Errorf("the contact centre's is %+v", other)
	}
	if oldest.Current || oldest.ID != first.SessionID() || !oldest.ExpiresAt.Equal(noon.Add(12*time.Hour)) {
		t.Errorf("the oldest is %+v", oldest)
	}
	token, err := d.Verify(t.Context(), sign(t, d.Key(0), d.V2()))
	if err != nil {
		t.Fatal(err)
	}
	if sessions, err := d.Sessions().Own(t.Context(), token); err != nil || len(sessions) != 3 || slices.ContainsFunc(sessions, isCurrent) {
		t.Errorf("asked with a token: %+v, %v", sessions, err)
	}
}

func isCurrent(s sso.SignedIn) bool { return s.Current }

func TestSessionsPastTheirLimitsAreNotListed(t *testing.T) {
	d := newDesk(t)
	d.person(t, nil)
	d.Clock.Advance(time.Hour)
	now, _ := d.person(t, nil)
	if sessions, err := d.Sessions().Own(t.Context(), now); err != nil || len(sessions) != 1 || !sessions[0].Current {
		t.Errorf("Own = %+v, %v; want the new one only", sessions, err)
	}
}

func TestASessionThatIsEndedIsWorthNothing(t *testing.T) {
	for _, test := range []struct {
		name string
		end  func(t *testing.T, d *desk, me, admin sso.Principal, other string) error
		left []string // of: mine, my other, the admin's, the partner's
	}{
		{"my other one", func(t *testing.T, d *desk, me, _ sso.Principal, other string) error {
			return d.Sessions().EndOwn(t.Context(), me, other)
		}, []string{"mine", "admin", "partner"}},
		{"the one I ask with", func(t *testing.T, d *desk, me, _ sso.Principal, _ string) error {
			return d.Sessions().EndOwn(t.Context(), me, me.SessionID())
		}, []string{"other", "admin", "partner"}},
		{"all my others", func(t *testing.T, d *desk, me, _ sso.Principal, other string) error {
			ended, err := d.Sessions().EndOthers(t.Context(), me)
			if !slices.Equal(ended, []string{other}) {
				t.Errorf("ended %v, want %s", ended, other)
			}
			return err
		}, []string{"mine", "admin", "partner"}},
		{"an agent's, by the admin", func(t *testing.T, d *desk, _, admin sso.Principal, other string) error {
			return d.Sessions().EndOfOrganization(t.Context(), admin, other)
		}, []string{"mine", "admin", "partner"}},
		{"all of an agent, by the admin", func(t *testing.T, d *desk, _, admin sso.Principal, _ string) error {
			return d.Sessions().EndOfAgent(t.Context(), admin, "anja")
		}, []string{"admin", "partner"}},
		{"all of their own, by the admin", func(t *testing.T, d *desk, _, admin sso.Principal, _ string) error {
			return d.Sessions().EndOfAgent(t.Context(), admin, sofia)
		}, []string{"mine", "other", "admin", "partner"}},
		{"all of somebody without any", func(t *testing.T, d *desk, _, admin sso.Principal, _ string) error {
			return d.Sessions().EndOfAgent(t.Context(), admin, "bert")
		}, []string{"mine", "other", "admin", "partner"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			me, mine := d.person(t, nil)
			other, others := d.person(t, nil)
			admin, admins := d.person(t, anAdmin)
			_, partners := d.person(t, ofThePartners)
			var told []string
			d.WhenSessionEnds(func(id string) { told = append(told, id) })

			if err := test.end(t, d, me, admin, other.SessionID()); err != nil {
				t.Fatal(err)
			}
			var left []string
			for name, secret := range map[string]string{"mine": mine, "other": others, "admin": admins, "partner": partners} {
				if _, err := d.FromSession(t.Context(), secret); err == nil {
					left = append(left, name)
				} else if !errors.Is(err, sso.ErrSessionNotFound) {
					t.Errorf("%s: %v", name, err)
				}
			}
			slices.Sort(left)
			slices.Sort(test.left)
			if !slices.Equal(left, test.left) || len(told) != 4-len(left) {
				t.Errorf("left are %v, told of %v; want %v", left, told, test.left)
			}
		})
	}
}

func errorOf[T any](_ T, err error) error { return err }

func TestNobodyEndsWhatIsNotTheirs(t *testing.T) {
	d := newDesk(t)
	me, _ := d.person(t, nil)
	admin, _ := d.person(t, anAdmin)
	stranger, _ := d.person(t, ofThePartners)
	partnersAdmin, _ := d.person(t, ofThePartners.with(payload{"oid": nina, "roles": []string{"Admin"}}))
	sessions := d.Sessions()
	for _, test := range []struct {
		name string
		err  error
		want error
	}{
		{"another agent's", sessions.EndOwn(t.Context(), me, admin.SessionID()), sso.ErrSessionNotFound},
		{"an admin's way without the role", sessions.EndOfOrganization(t.Context(), me, me.SessionID()), sso.ErrSignInRequired},
		{"an agent's by an agent", sessions.EndOfAgent(t.Context(), me, "anja"), sso.ErrSignInRequired},
		{"another organisation's by its admin", sessions.EndOfOrganization(t.Context(), partnersAdmin, me.SessionID()), sso.ErrSessionNotFound},
		{"ours by another organisation's agent", sessions.EndOwn(t.Context(), stranger, me.SessionID()), sso.ErrSessionNotFound},
		{"everybody's at once", sessions.EndOfAgent(t.Context(), admin, ""), sso.ErrSignInRequired},
		{"one that does not exist", sessions.EndOfOrganization(t.Context(), admin, "0123"), sso.ErrSessionNotFound},
		{"one without an id", sessions.EndOwn(t.Context(), me, ""), sso.ErrSessionNotFound},
		{"by nobody", sessions.EndOwn(t.Context(), sso.Principal{}, me.SessionID()), sso.ErrSignInRequired},
		{"the others' by nobody", errorOf(sessions.EndOthers(t.Context(), sso.Principal{})), sso.ErrSignInRequired},
	} {
		if !errors.Is(test.err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, test.err, test.want)
		}
	}
	if left := d.Store.Sessions(); left != 4 {
		t.Errorf("%d sessions are left, want all 4", left)
	}
	if _, err := sessions.Own(t.Context(), sso.Principal{}); !errors.Is(err, sso.ErrSignInRequired) {
		t.Errorf("Own of nobody: %v", err)
	}
	if _, err := sessions.OfOrganization(t.Context(), me, ""); !errors.Is(err, sso.ErrSignInRequired) {
		t.Errorf("OfOrganization by an agent: %v", err)
	}
}

func TestAnAdminSeesWhoIsSignedIn(t *testing.T) {
	d := newDesk(t)
	d.person(t, nil)
	d.person(t, ofThePartners)
	admin, _ := d.person(t, anAdmin)
	gone := sso.Session{Key: "of-nobody-here", Tenant: home, EntraID: nina, Name: "Nina", StartedAt: noon, SeenAt: noon, ExpiresAt: noon.Add(time.Hour)}
	if err := d.Store.PutSession(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	all, err := d.Sessions().OfOrganization(t.Context(), admin, "")
	if err != nil || len(all) != 3 {
		t.Fatalf("OfOrganization = %+v, %v; want three", all, err)
	}
	for _, s := range all {
		if s.Name == "Nina" && s.Agent.ID != "" {
			t.Errorf("somebody in no table is %+v", s.Agent)
		}
	}
	one, err := d.Sessions().OfOrganization(t.Context(), admin, "anja")
	if err != nil || len(one) != 1 || one[0].Agent.ID != "anja" {
		t.Errorf("OfOrganization(anja) = %+v, %v", one, err)
	}
	if err := d.Sessions().EndOfOrganization(t.Context(), admin, gone.ID()); err != nil || d.Store.Sessions() != 3 {
		t.Errorf("ending nobody's session: %v with %d left", err, d.Store.Sessions())
	}
	d.Store.RefuseSessions(errors.New("the disk is away"))
	if _, err := d.Sessions().OfOrganization(t.Context(), admin, ""); err == nil {
		t.Error("a list that could not be read is empty")
	}
	if _, err := d.Sessions().EndOthers(t.Context(), admin); err == nil {
		t.Error("nothing was ended, and nothing said")
	}
}
