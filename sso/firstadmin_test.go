package sso_test

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
)

// newcomer is in no agent table.
const newcomer = "a0000000-0000-4000-8000-0000000000ff"

// door is a browser sign-in that takes administrators' codes.
type door struct {
	*desk
	roster *sso.Roster
	admins *sso.FirstAdmins
}

func newDoor(t *testing.T) *door {
	t.Helper()
	d := &door{desk: &desk{authority: newAuthority(t), Store: new(sessiontest.Memory)}}
	var err error
	d.roster, err = sso.NewRoster(t.Context(), []sso.Agent{
		{ID: "anja", Tenant: home, EntraID: anja, Name: "Anja", Number: "+4930100", Queues: []string{"tax"}},
	}, d.Store, nil)
	if err != nil {
		t.Fatal(err)
	}
	d.Agents, d.admins = d.roster.Agents(), sso.NewFirstAdmins(d.roster, d.Store, nil)
	deps := sso.WithClock(sso.Deps{Agents: d.Agents, Sessions: d.Store, PublicURL: public, FirstAdmins: d.admins}, d.Clock.Now)
	if d.Verifier, err = sso.NewVerifier(d.config(), deps); err != nil {
		t.Fatal(err)
	}
	if d.SignIn, err = sso.NewSignIn(d.config(), d.Verifier, deps); err != nil {
		t.Fatal(err)
	}
	return d
}

// enter signs the person in with a code.
func (d *door) enter(t *testing.T, person, code string) error {
	t.Helper()
	begun, err := d.Begin(t.Context(), sso.Entry{Provider: sso.ProviderEntra, AdminCode: code})
	if err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(begun.URL)
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	token := d.entraID(query.Get("nonce"))
	token["oid"] = person
	d.answers(t, d.Key(0), token)
	_, err = d.Complete(t.Context(), sso.Callback{State: query.Get("state"), Code: "c", Browser: begun.Browser})
	return err
}

func (d *door) code(t *testing.T, tenant string) string {
	t.Helper()
	code, expires, err := sso.NewAdminCode(t.Context(), d.Store, tenant)
	if err != nil || time.Until(expires) > 15*time.Minute || len(code) < 26 {
		t.Fatalf("%d characters until %s, %v", len(code), expires, err)
	}
	return code
}

func TestACodeMakesSomebodyNewAnAdministratorOnce(t *testing.T) {
	d := newDoor(t)
	code := d.code(t, home)
	if err := d.enter(t, newcomer, strings.ToLower(strings.ReplaceAll(code, "-", " "))); err != nil {
		t.Fatal(err)
	}
	row, ok := d.Agents.ByEntra(home, newcomer)
	if !ok || !slices.Equal(row.Roles, []sso.Role{sso.RoleAdmin}) {
		t.Fatalf("%+v", row)
	}
	if err := d.enter(t, anja, code); !errors.Is(err, sso.ErrAdminCode) {
		t.Errorf("again: %v", err)
	}
	if row, _ := d.Agents.ByEntra(home, anja); slices.Contains(row.Roles, sso.RoleAdmin) {
		t.Error("a used code made somebody an administrator")
	}
}

func TestACodeLeavesTheRestOfARowAlone(t *testing.T) {
	d := newDoor(t)
	if err := d.enter(t, anja, d.code(t, home)); err != nil {
		t.Fatal(err)
	}
	row, _ := d.Agents.ByEntra(home, anja)
	if !slices.Equal(row.Roles, []sso.Role{sso.RoleAgent, sso.RoleAdmin}) || row.ID != "anja" || row.Number != "+4930100" || !slices.Equal(row.Queues, []string{"tax"}) {
		t.Errorf("%+v", row)
	}
}

func TestAnAdministratorIsRecordedBeforeACodeMakesThemOne(t *testing.T) {
	trouble := errors.New("disk full")
	for _, row := range []struct {
		name       string
		unrecorded error // of the record
		unkept     error // of the store
		told       []string
		made       bool
	}{
		{"all is well", nil, nil, []string{"begun", "done"}, true},
		{"it cannot be recorded", trouble, nil, []string{"begun"}, false},
		{"it cannot be kept", nil, trouble, []string{"begun", "failed"}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := newDoor(t)
			d.Store.RefuseAgents(row.unkept)
			var told []string
			d.admins.BeforeMade(func(_ context.Context, made sso.FirstAdmin) (func(error), error) {
				if _, known := d.Agents.ByEntra(home, newcomer); known || made != (sso.FirstAdmin{Tenant: home, Agent: newcomer, ObjectID: newcomer}) {
					t.Errorf("recorded is %+v, who is in the table: %v", made, known)
				}
				told = append(told, "begun")
				return func(err error) {
					how := "done"
					if err != nil {
						how = "failed"
					}
					told = append(told, how)
				}, row.unrecorded
			})
			err := d.enter(t, newcomer, d.code(t, home))
			if (err == nil) != row.made || !row.made && !errors.Is(err, trouble) {
				t.Errorf("sign-in: %v", err)
			}
			if _, made := d.Agents.ByEntra(home, newcomer); made != row.made || !slices.Equal(told, row.told) {
				t.Errorf("made: %v, told %v", made, told)
			}
		})
	}
}

func TestCodesThatMakeNobodyAnAdministrator(t *testing.T) {
	for _, row := range []struct {
		name string
		code func(*testing.T, *door) string
	}{
		{"a guess", func(*testing.T, *door) string { return "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-F" }},
		{"another organisation's", func(t *testing.T, d *door) string { return d.code(t, partner) }},
		{"one that is too old", func(t *testing.T, d *door) string {
			sso.SetFirstAdminsClock(d.admins, func() time.Time { return time.Now().Add(15*time.Minute + time.Second) })
			return d.code(t, home)
		}},
		{"the state of a sign-in", func(t *testing.T, d *door) string {
			_, query := d.begin(t, sso.ProviderEntra, "")
			return query.Get("state")
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := newDoor(t)
			if err := d.enter(t, newcomer, row.code(t, d)); !errors.Is(err, sso.ErrAdminCode) {
				t.Errorf("%v", err)
			}
			if _, ok := d.Agents.ByEntra(home, newcomer); ok {
				t.Error("they are in the agent table")
			}
		})
	}
}

func TestWhoeverGuessesIsStoppedForAWhile(t *testing.T) {
	d := newDoor(t)
	for range 5 {
		if err := d.enter(t, newcomer, "a guess"); !errors.Is(err, sso.ErrAdminCode) {
			t.Fatal(err)
		}
	}
	code := d.code(t, home)
	if err := d.enter(t, newcomer, code); !errors.Is(err, sso.ErrAdminTries) {
		t.Fatalf("the sixth: %v", err)
	}
	if err := d.enter(t, anja, code); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	sso.SetFirstAdminsClock(d.admins, func() time.Time { return time.Now().Add(15 * time.Minute) })
	if err := d.enter(t, newcomer, "a guess"); !errors.Is(err, sso.ErrAdminCode) {
		t.Errorf("after a quarter of an hour: %v", err)
	}
}

func TestTheStoreHoldsNoCode(t *testing.T) {
	d := newDoor(t)
	code := strings.ReplaceAll(d.code(t, home), "-", "")
	if _, err := d.Store.TakeTransaction(t.Context(), code); !errors.Is(err, sso.ErrTransactionNotFound) {
		t.Errorf("found by the code itself: %v", err)
	}
}
