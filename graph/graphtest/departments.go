package graphtest

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
)

// AdvisersGroup is the name of the group whose members are the groups of the
// departments Finanzen, Recht and Datenschutz.
const AdvisersGroup = "Fachberatung"

var advisers = []string{"Finanzen", "Recht", "Datenschutz"}

// departmentGroups makes the groups of an organisation: one for each department
// that somebody is in, and one of groups.
func departmentGroups(seed uint64, org Organization) []Group {
	h := fnv.New64a()
	_, _ = h.Write([]byte("groups of " + org.Tenant)) // a hash never fails
	// Dice of their own: groups change nothing about the people.
	g := &generator{dice: rand.New(rand.NewPCG(seed, h.Sum64()))}
	members := make(map[string][]string)
	for i := range org.Users {
		members[org.Users[i].Department] = append(members[org.Users[i].Department], org.Users[i].ID)
	}
	advising := Group{ID: g.guid(), DisplayName: AdvisersGroup, Description: "Abteilungen, die andere beraten"}
	groups := make([]Group, 0, len(departments)+1)
	for _, d := range departments {
		id := g.guid() // whether or not it is used: the next one stays the same
		if len(members[d.german]) == 0 {
			continue
		}
		groups = append(groups, Group{ID: id, DisplayName: d.german, Description: "Abteilung " + d.german, Members: members[d.german]})
		if slices.Contains(advisers, d.german) {
			advising.Members = append(advising.Members, id)
		}
	}
	if len(groups) == 0 {
		return nil
	}
	return append(groups, advising)
}

// role is a German job title in both of its forms.
type role struct{ man, woman string }

func (r role) of(woman bool) string {
	if woman && r.woman != "" {
		return r.woman
	}
	return r.man
}

// department is a part of the company with its job titles. The department's
// own name is the same for everybody in it, whatever language their title is in.
type department struct {
	german  string
	roles   []role
	english []string
}

var departments = []department{
	{"Finanzen", []role{
		{"Steuerberater", "Steuerberaterin"}, {"Controller", "Controllerin"}, {"Bilanzbuchhalter", "Bilanzbuchhalterin"},
		{"Leiter Finanzen", "Leiterin Finanzen"}, {"Debitorenbuchhalter", "Debitorenbuchhalterin"}, {"Treasurer", "Treasurerin"},
	}, []string{"Finance Business Partner", "Tax Advisor", "Accounts Payable Specialist", "Senior Financial Controller"}},
	{"Recht", []role{
		{"Rechtsanwalt", "Rechtsanwältin"}, {"Syndikusrechtsanwalt", "Syndikusrechtsanwältin"},
		{"Vertragsjurist", "Vertragsjuristin"}, {"Rechtsanwaltsfachangestellter", "Rechtsanwaltsfachangestellte"},
	}, []string{"Legal Counsel", "Contract Manager"}},
	{"Datenschutz", []role{
		{"Datenschutzbeauftragter", "Datenschutzbeauftragte"}, {"Datenschutzkoordinator", "Datenschutzkoordinatorin"},
	}, []string{"Data Protection Officer", "Compliance Analyst"}},
	{"Personal", []role{
		{"Personalreferent", "Personalreferentin"}, {"Lohnbuchhalter", "Lohnbuchhalterin"}, {"Ausbilder", "Ausbilderin"},
	}, []string{"HR Business Partner", "Recruiter", "Payroll Specialist"}},
	{"IT", []role{
		{"Systemadministrator", "Systemadministratorin"}, {"Netzwerktechniker", "Netzwerktechnikerin"},
		{"IT-Sicherheitsbeauftragter", "IT-Sicherheitsbeauftragte"}, {"Datenbankadministrator", "Datenbankadministratorin"},
	}, []string{"Cloud Architect", "Site Reliability Engineer", "Service Desk Analyst"}},
	{"Entwicklung", []role{
		{"Softwareentwickler", "Softwareentwicklerin"}, {"Prüfingenieur", "Prüfingenieurin"}, {"Konstrukteur", "Konstrukteurin"},
	}, []string{"Software Engineer", "Product Owner", "UX Designer", "QA Engineer"}},
	{"Vertrieb", []role{
		{"Vertriebsleiter", "Vertriebsleiterin"}, {"Außendienstmitarbeiter", "Außendienstmitarbeiterin"},
		{"Angebotskalkulator", "Angebotskalkulatorin"},
	}, []string{"Key Account Manager", "Sales Engineer", "Inside Sales Representative"}},
	{"Kundenservice", []role{
		{"Kundenberater", "Kundenberaterin"}, {"Leiter Kundenservice", "Leiterin Kundenservice"},
		{"Reklamationsbearbeiter", "Reklamationsbearbeiterin"},
	}, []string{"Customer Success Manager", "Support Engineer"}},
	{"Versicherung & Schäden", []role{
		{"Schadenregulierer", "Schadenreguliererin"}, {"Sachverständiger", "Sachverständige"}, {"Underwriter", ""},
	}, []string{"Claims Adjuster", "Risk Analyst"}},
	{"Einkauf", []role{
		{"Einkäufer", "Einkäuferin"}, {"Strategischer Einkäufer", "Strategische Einkäuferin"},
	}, []string{"Procurement Manager", "Supply Chain Planner"}},
	{"Logistik", []role{
		{"Disponent", "Disponentin"}, {"Lagerleiter", "Lagerleiterin"}, {"Zolldeklarant", "Zolldeklarantin"},
	}, []string{"Logistics Coordinator", "Customs Specialist"}},
	{"Technik", []role{
		{"Servicetechniker", "Servicetechnikerin"}, {"Elektromeister", "Elektromeisterin"}, {"Gebäudemanager", "Gebäudemanagerin"},
	}, []string{"Field Service Engineer", "Facility Manager"}},
	{"Marketing", []role{
		{"Pressesprecher", "Pressesprecherin"}, {"Mediengestalter", "Mediengestalterin"},
	}, []string{"Brand Manager", "Content Strategist"}},
	{"Geschäftsführung", []role{
		{"Geschäftsführer", "Geschäftsführerin"}, {"Assistent der Geschäftsführung", "Assistentin der Geschäftsführung"},
	}, []string{"Chief Operating Officer", "Executive Assistant"}},
}
