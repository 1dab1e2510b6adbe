package sso_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/sso"
)

func good() sso.Agent {
	return sso.Agent{
		ID: "anja", Tenant: home, EntraID: anja, Subject: "cc|anja", Name: "Anja Weber", Number: "+49301001",
		Country: "DE", TimeZone: "Europe/Berlin", Team: "service", Queues: []string{"tax"}, Roles: []sso.Role{sso.RoleAgent},
	}
}

func TestRowsWithProblemsAreRefusedByPath(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*sso.Agent)
		want   string // the path and the beginning of the problem
	}{
		{"no id", func(a *sso.Agent) { a.ID = "" }, "agents[1].id: must be"},
		{"an id with a space", func(a *sso.Agent) { a.ID = "an ja" }, "agents[1].id: must be"},
		{"an id with a slash", func(a *sso.Agent) { a.ID = "a/b" }, "agents[1].id: must be"},
		{"an id that is too long", func(a *sso.Agent) { a.ID = sso.AgentID(strings.Repeat("x", 129)) }, "agents[1].id: must be"},
		{"an id that is taken", func(a *sso.Agent) { a.ID = "anja" }, "agents[1].id: the same as another agent's (agents[0])"},
		{"an id that is another's object id", func(a *sso.Agent) { a.ID = anja }, "agents[1].id: is another agent's object id"},
		{"no tenant", func(a *sso.Agent) { a.Tenant = "" }, "agents[1].tenant: must be"},
		{"a tenant that is a domain", func(a *sso.Agent) { a.Tenant = "nordlicht.example" }, "agents[1].tenant: must be"},
		{"nobody who could sign in", func(a *sso.Agent) { a.EntraID, a.Subject = "", "" }, "agents[1]: needs entra_id or subject"},
		{"an object id that is a mail address", func(a *sso.Agent) { a.EntraID = "b@x.example" }, "agents[1].entra_id: must be"},
		{"an object id that is taken", func(a *sso.Agent) { a.EntraID = anja }, "agents[1].entra_id: the same as another agent's (agents[0])"},
		{"an object id that is taken, in upper case", func(a *sso.Agent) { a.EntraID = strings.ToUpper(anja) }, "agents[1].entra_id: the same as"},
		{"a subject that is taken", func(a *sso.Agent) { a.Subject = "cc|anja" }, "agents[1].subject: the same as another agent's (agents[0])"},
		{"a subject with a line break", func(a *sso.Agent) { a.Subject = "a\nb" }, "agents[1].subject: must be"},
		{"a name with a line break", func(a *sso.Agent) { a.Name = "Bert\nBrand" }, "agents[1].name: must be at most"},
		{"a team that is too long", func(a *sso.Agent) { a.Team = strings.Repeat("ü", 201) }, "agents[1].team: must be at most"},
		{"a queue with a tabulator", func(a *sso.Agent) { a.Queues = []string{"a\tb"} }, "agents[1].queues[0]: must be at most"},
		{"no name", func(a *sso.Agent) { a.Name = "  " }, "agents[1].name: must not be empty"},
		{"a number that is none", func(a *sso.Agent) { a.Number = "extension" }, "agents[1].number: must be a telephone number"},
		{"a number that is taken, spelled otherwise", func(a *sso.Agent) { a.Number = "+49 (30) 10-01" }, "agents[1].number: the same as another agent's (agents[0])"},
		{"a country that is a language", func(a *sso.Agent) { a.Country = "deu" }, "agents[1].country: must be"},
		{"a country that does not exist", func(a *sso.Agent) { a.Country = "QX" }, "agents[1].country: must be"},
		{"a time zone that does not exist", func(a *sso.Agent) { a.TimeZone = "Europe/Atlantis" }, "agents[1].time_zone: must be"},
		{"a time zone that depends on the machine", func(a *sso.Agent) { a.TimeZone = "Local" }, "agents[1].time_zone: must be"},
		{"a queue without a name", func(a *sso.Agent) { a.Queues = []string{"tax", " "} }, "agents[1].queues[1]: must not be empty"},
		{"a queue named twice", func(a *sso.Agent) { a.Queues = []string{"tax", "tax"} }, "agents[1].queues[1]: named twice"},
		{"a role nobody knows", func(a *sso.Agent) { a.Roles = []sso.Role{"agent"} }, "agents[1].roles[0]: must be one of Agent, Supervisor, Admin"},
	} {
		t.Run(test.name, func(t *testing.T) {
			row := sso.Agent{ID: "bert", Tenant: home, EntraID: bert, Name: "Bert Brand"}
			test.change(&row)
			_, err := sso.NewAgents([]sso.Agent{good(), row})
			if err == nil || !strings.Contains("\n"+err.Error(), "\n"+test.want) {
				t.Errorf("NewAgents: %v, want %q", err, test.want)
			}
		})
	}
}

func TestAllProblemsAreToldAtOnce(t *testing.T) {
	_, err := sso.NewAgents([]sso.Agent{{}, {ID: "b", Tenant: "x", Subject: "s", Name: "B", Number: "?"}})
	want := []string{"agents[0].id", "agents[0].tenant", "agents[0]: needs", "agents[0].name", "agents[1].tenant", "agents[1].number"}
	if err == nil {
		t.Fatal("NewAgents accepts them")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != len(want) {
		t.Errorf("%d problems, want %d:\n%v", len(lines), len(want), err)
	}
	for i, line := range lines {
		if i < len(want) && !strings.HasPrefix(line, want[i]) {
			t.Errorf("problem %d is %q, want %s", i, line, want[i])
		}
	}
}

func TestOrganisationsDoNotShareRows(t *testing.T) {
	other := good()
	other.Tenant = partner
	table, err := sso.NewAgents([]sso.Agent{good(), other})
	if err != nil {
		t.Fatalf("the same person in two organisations: %v", err)
	}
	for name, find := range map[string]func(tenant string) (sso.Agent, bool){
		"by id":      func(tenant string) (sso.Agent, bool) { return table.ByID(tenant, "anja") },
		"by Entra":   func(tenant string) (sso.Agent, bool) { return table.ByEntra(tenant, anja) },
		"by subject": func(tenant string) (sso.Agent, bool) { return table.BySubject(tenant, "cc|anja") },
		"by number":  func(tenant string) (sso.Agent, bool) { return table.ByNumber(tenant, "+49301001") },
	} {
		for tenant, want := range map[string]bool{home: true, partner: true, stranger: false, "": false} {
			if row, ok := find(tenant); ok != want || ok && row.Tenant != tenant {
				t.Errorf("%s in %q: %v, %v", name, tenant, row.Tenant, ok)
			}
		}
	}
}

func TestRowsAreFoundHoweverTheyAreSpelled(t *testing.T) {
	row := good()
	row.Tenant, row.EntraID, row.Number = strings.ToUpper(home), " "+strings.ToUpper(anja), "+49 (30) 10-01"
	row.Country = "de"
	table, err := sso.NewAgents([]sso.Agent{row})
	if err != nil {
		t.Fatal(err)
	}
	want := good()
	for name, find := range map[string]func() (sso.Agent, bool){
		"object id in upper case": func() (sso.Agent, bool) { return table.ByEntra(strings.ToUpper(home), strings.ToUpper(anja)) },
		"number with spaces":      func() (sso.Agent, bool) { return table.ByNumber(home, " +49 30 1001") },
	} {
		got, ok := find()
		if diff := cmp.Diff(want, got); !ok || diff != "" {
			t.Errorf("%s: found %v (-want +got):\n%s", name, ok, diff)
		}
	}
	for name, find := range map[string]func() (sso.Agent, bool){
		"no object id":           func() (sso.Agent, bool) { return table.ByEntra(home, "") },
		"no number":              func() (sso.Agent, bool) { return table.ByNumber(home, "") },
		"a number's beginning":   func() (sso.Agent, bool) { return table.ByNumber(home, "+4930100") },
		"a national number":      func() (sso.Agent, bool) { return table.ByNumber(home, "0301001") },
		"a subject in uppercase": func() (sso.Agent, bool) { return table.BySubject(home, "CC|ANJA") },
		"an id in upper case":    func() (sso.Agent, bool) { return table.ByID(home, "ANJA") },
	} {
		if row, ok := find(); ok {
			t.Errorf("%s finds %+v", name, row)
		}
	}
}

func TestTheListIsOrderedByNameAndTheCallersOwn(t *testing.T) {
	named := func(id sso.AgentID, name string) sso.Agent {
		return sso.Agent{ID: id, Tenant: home, Subject: string(id), Name: name, Queues: []string{"tax"}}
	}
	table, err := sso.NewAgents([]sso.Agent{named("3", "Zoe"), named("2", "adam"), named("1", "Adam"), named("4", "Berta")})
	if err != nil {
		t.Fatal(err)
	}
	rows := table.List(home)
	var ids []sso.AgentID
	for _, row := range rows {
		ids = append(ids, row.ID)
		row.Queues[0] = "changed"
	}
	if diff := cmp.Diff([]sso.AgentID{"1", "2", "4", "3"}, ids); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	if row, _ := table.ByID(home, "1"); row.Queues[0] != "tax" {
		t.Error("a caller changed the table")
	}
}

func TestAReplacementWithProblemsChangesNothing(t *testing.T) {
	table, err := sso.NewAgents([]sso.Agent{good()})
	if err != nil {
		t.Fatal(err)
	}
	if err := table.Replace([]sso.Agent{{}}); err == nil {
		t.Fatal("Replace accepts an empty row")
	}
	if _, ok := table.ByID(home, "anja"); !ok {
		t.Error("the rows are gone")
	}
	if err := table.Replace(nil); err != nil || len(table.List(home)) != 0 {
		t.Errorf("Replace with nothing: %v, %v", err, table.List(home))
	}
}

func TestATenantThatWasLeftOutIsFilledIn(t *testing.T) {
	rows := []sso.Agent{{ID: "a"}, {ID: "b", Tenant: partner}}
	filled := sso.WithTenant(rows, home)
	if filled[0].Tenant != home || filled[1].Tenant != partner || rows[0].Tenant != "" {
		t.Errorf("filled %+v from %+v", filled, rows)
	}
}
