package graphtest

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
)

// Organization is a tenant's directory.
type Organization struct {
	Tenant, Name, Domain string
	Users                []User
	Groups               []Group
}

// How the people of an organisation differ, in permille.
const (
	phonelessShare = 120
	disabledShare  = 40
	guestShare     = 40
	abroadShare    = 60  // business phone of another country's office
	mobileShare    = 350 // has a mobile phone too
	englishShare   = 300 // job title in English
)

// Generate makes a repeatable organisation: the same arguments give the same
// people. country is the ISO 3166 region most business phones belong to (DE,
// AT, CH, FR, GB, US; any other counts as DE). The first of them are the same
// everywhere but for ids and numbers: see wellKnown. Each department is a group,
// and [AdvisersGroup] holds some of these.
func Generate(seed uint64, tenant, name, domain, country string, people int) Organization {
	h := fnv.New64a()
	_, _ = h.Write([]byte(strings.ToLower(tenant))) // a hash never fails
	g := &generator{
		dice:   rand.New(rand.NewPCG(seed, h.Sum64())),
		domain: domain,
		phones: newPhoneBook(country, people),
		taken:  make(map[string]int, people),
	}
	org := Organization{Tenant: strings.ToLower(tenant), Name: name, Domain: domain, Users: make([]User, 0, max(people, 0))}
	for i := range people {
		if i < len(wellKnown) {
			org.Users = append(org.Users, g.known(wellKnown[i]))
		} else {
			org.Users = append(org.Users, g.person())
		}
	}
	org.Groups = departmentGroups(seed, org)
	return org
}

// generator makes one organisation's people.
type generator struct {
	dice   *rand.Rand
	domain string
	phones *phoneBook
	taken  map[string]int // how often a mail name was given
}

// wellKnownPerson is somebody whom documentation, tests and demonstrations name.
type wellKnownPerson struct {
	given, surname, role, department string
	userType                         string // empty: Member
	phoneless, disabled              bool
}

// wellKnown people come first, one for each thing worth showing: umlauts, a
// name that is spelt three ways, double names, accents, and for each reason
// why somebody is not listed as an expert one who is not.
var wellKnown = []wellKnownPerson{
	{given: "Jürgen", surname: "Müller", role: "Steuerberater", department: "Finanzen"},
	{given: "Hannelore", surname: "Mueller", role: "Bilanzbuchhalterin", department: "Finanzen"},
	{given: "Jana", surname: "Muller", role: "Account Managerin", department: "Vertrieb"},
	{given: "Ayşe", surname: "Yılmaz", role: "Rechtsanwältin", department: "Recht"},
	{given: "François", surname: "Lefèvre", role: "Key Account Manager", department: "Vertrieb"},
	{given: "Małgorzata", surname: "Wiśniewska", role: "Data Protection Officer", department: "Datenschutz"},
	{given: "Hans-Peter", surname: "Groß-Özdemir", role: "Leiter Kundenservice", department: "Kundenservice"},
	{given: "Søren", surname: "Ångström", role: "Cloud Architect", department: "IT"},
	{given: "Petra", surname: "Ohnesorg", role: "Personalreferentin", department: "Personal", phoneless: true},
	{given: "Klaus", surname: "Ehemals", role: "Einkäufer", department: "Einkauf", disabled: true},
	{given: "Gina", surname: "Gast", role: "Beraterin", department: "Extern", userType: "Guest"},
	{given: "Nguyễn", surname: "Thị Hương", role: "Software Engineer", department: "Entwicklung"},
}

func (g *generator) known(k wellKnownPerson) User {
	u := g.member(k.given, k.surname, "", k.userType == "Guest")
	u.JobTitle, u.Department, u.AccountEnabled = k.role, k.department, !k.disabled
	if !k.phoneless {
		u.BusinessPhones = []string{g.phones.atHome(g.dice)}
	}
	return u
}

// person is somebody out of the crowd.
func (g *generator) person() User {
	origin := pickOrigin(g.dice)
	woman := g.dice.IntN(2) == 0
	given, surname := origin.name(g.dice, woman)
	roman := ""
	if origin.roman != nil {
		roman = origin.roman(given, surname)
	}
	u := g.member(given, surname, roman, g.chance(guestShare))
	if origin.familyFirst {
		u.DisplayName = surname + given
	}
	d := &departments[g.dice.IntN(len(departments))]
	u.Department = d.german
	if g.chance(englishShare) {
		u.JobTitle = pick(g.dice, d.english)
	} else {
		u.JobTitle = pick(g.dice, d.roles).of(woman)
	}
	u.AccountEnabled = !g.chance(disabledShare)
	switch {
	case g.chance(phonelessShare):
	case g.chance(abroadShare):
		u.BusinessPhones = []string{g.phones.elsewhere(g.dice)}
	default:
		u.BusinessPhones = []string{g.phones.atHome(g.dice)}
	}
	if g.chance(mobileShare) {
		u.MobilePhone = g.phones.onTheMove(g.dice)
	}
	return u
}

// member has a name, an id and addresses, which are unique.
func (g *generator) member(given, surname, roman string, guest bool) User {
	if roman == "" {
		roman = asciiName(given) + "." + asciiName(surname)
	}
	g.taken[roman]++
	if n := g.taken[roman]; n > 1 {
		roman = fmt.Sprintf("%s%d", roman, n)
	}
	u := User{
		ID: g.guid(), DisplayName: given + " " + surname, GivenName: given, Surname: surname,
		Mail: roman + "@" + g.domain, UserPrincipalName: roman + "@" + g.domain,
		AccountEnabled: true, UserType: "Member", BusinessPhones: []string{},
	}
	if guest {
		u.UserType = "Guest"
		u.Mail = roman + "@partner.example"
		u.UserPrincipalName = roman + "_partner.example#EXT#@" + g.domain
	}
	return u
}

func (g *generator) guid() string {
	var b [16]byte
	for i := range 2 {
		x := g.dice.Uint64()
		for j := range 8 {
			b[8*i+j] = byte(x >> (8 * j))
		}
	}
	return formatGUID(b)
}

func (g *generator) chance(permille int) bool { return g.dice.IntN(1000) < permille }

func pick[T any](dice *rand.Rand, from []T) T { return from[dice.IntN(len(from))] }

// asciiName is a name as mail addresses spell it.
func asciiName(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch ascii, ok := asciiOf[r]; {
		case ok:
			b.WriteString(ascii)
		case 'a' <= r && r <= 'z', r == '-':
			b.WriteRune(r)
		}
	}
	return b.String()
}

// asciiOf holds what occurs in the names of this package.
var asciiOf = func() map[rune]string {
	m := map[rune]string{'ä': "ae", 'ö': "oe", 'ü': "ue", 'ß': "ss", 'æ': "ae", 'ø': "oe", 'å': "aa", 'œ': "oe", 'þ': "th", ' ': "-"}
	for base, accented := range map[string]string{
		"a": "áàâãăąấầạảậắ", "c": "çćč", "d": "đď", "e": "éèêëęěếềệễể", "g": "ğ", "i": "íìîïıịĩỉ", "l": "ł",
		"n": "ñńň", "o": "óòôõőơốồộợ", "r": "řŕ", "s": "śšş", "t": "ťţ", "u": "úùûůűưừứựụũ", "y": "ýÿỳỹỵ", "z": "źżž",
	} {
		for _, r := range accented {
			m[r] = base
		}
	}
	return m
}()
