package graph_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/graph"
)

// people are the directory of the search tables, by short ids.
func people() []graph.Person {
	person := func(id, given, surname, role, department, phone string) graph.Person {
		return graph.Person{
			ID: graph.UserID(id), Name: strings.TrimSpace(given + " " + surname), GivenName: given, Surname: surname,
			Role: role, Department: department, Phones: []string{phone}, Enabled: true, Type: "Member",
		}
	}
	return []graph.Person{
		person("umlaut", "Jürgen", "Müller", "Steuerberater", "Finanzen", "+49 30 1234-567"),
		person("written", "Joerg", "Mueller", "Leiter Vertrieb", "Vertrieb Süd", "030/1234568"),
		person("dropped", "Jana", "Muller", "Juristin", "Recht", "+49 (0) 30 1234569"),
		person("sharp", "Anna", "Strauß", "Einkäuferin", "Einkauf", "+49 30 2000"),
		person("double-s", "Karl", "Strauss", "Controller", "Finanzen", "+49 30 20001"),
		person("hyphen", "Hans-Peter", "Müller-Lüdenscheidt", "IT-Leiter", "IT-Support", "+49 40 555 1000"),
		person("joined", "Hanspeter", "Bauer", "Fahrer", "Logistik", "4711"),
		person("noble", "Ursula", "von der Leyen", "Ärztin", "Betriebsärztlicher Dienst", "+49 511 7000"),
		person("irish", "Séan", "O’Brien", "Tax advisor", "R&D", "+353 1 234 5678"),
		person("french", "François", "d'Artagnan", "Musketier", "Garde", "+33 1 42 68 53 00"),
		person("turkish", "Işıl", "Yıldırım", "Mühendis", "Üretim", "+90 212 555 10 10"),
		person("capital-i", "İBRAHİM", "IŞIK", "Satış", "Satış", "+90 212 555 10 11"),
		person("danish", "Søren", "Åkesson", "Læge", "Sundhed", "+45 32 12 34 56"),
		person("polish", "Łukasz", "Świątek", "Inżynier", "Produkcja", "+48 22 555 01 23"),
		person("greek", "Γιώργος", "Παπαδόπουλος", "Λογιστής", "Οικονομικά", "+30 21 0123 4567"),
		person("russian", "Фёдор", "Достоевский", "Писатель", "Литература", "+7 495 123-45-67"),
		person("japanese", "太郎", "田中", "営業部長", "営業", "+81 3-1234-5678"),
		person("arabic", "محمّد", "علي", "مهندس", "الإنتاج", "+971 4 123 4567"),
		person("american", "Joe", "Miller", "Sales Manager", "Sales", "425-555-0100"),
		person("us", "John", "Jones", "Manager Sales", "Sales", "+1 (425) 555-0101 ext. 12"),
		person("role-name", "Manager", "Smith", "Clerk", "Office", "+1 425 555 0199"),
		person("department", "Zoe", "Adams", "Clerk", "Manager Office", "+1 425 555 0198"),
		person("michael", "Michael", "Joel", "Clerk", "Office", "+1 425 555 0197"),
		person("twin-b", "Anna", "Zwilling", "Beraterin", "Team 42", "+49 89 1000"),
		person("twin-a", "Anna", "Zwilling", "Beraterin", "Team 42", "+49 89 1000"),
		person("annabelle", "Annabelle", "Abel", "Beraterin", "Team 42", "+49 89 1001"),
	}
}

const tenant = graph.TenantID("11111111-1111-4111-8111-111111111111")

func TestSearchFindsWhomTheWordsMean(t *testing.T) {
	experts := mirrored(t, "DE", people())
	for _, c := range []struct {
		name string
		text string
		want string // ids in order; empty: nobody
	}{
		{"an umlaut finds all three spellings", "müller", "hyphen dropped written umlaut"},
		{"a written-out umlaut finds all three spellings", "mueller", "hyphen dropped written umlaut"},
		{"a dropped umlaut finds all three spellings", "muller", "hyphen dropped written umlaut"},
		{"capital letters do not matter", "MÜLLER", "hyphen dropped written umlaut"},
		{"a decomposed umlaut is one", "mu\u0308ller", "hyphen dropped written umlaut"},
		{"a beginning with an umlaut", "mül", "hyphen dropped written umlaut"},
		{"a beginning with a written-out umlaut", "muel", "hyphen dropped written umlaut"},
		{"a beginning without the umlaut", "mull", "hyphen dropped written umlaut"},
		{"sharp s finds double s", "strauß", "sharp double-s"},
		{"double s finds sharp s", "strauss", "sharp double-s"},
		{"capital sharp s", "STRAUẞ", "sharp double-s"},
		{"half a double s", "straus", "sharp double-s"},
		{"first name", "jürgen", "umlaut"},
		{"first name, written out", "juergen", "umlaut"},
		{"last name before first name", "müller jürgen", "umlaut"},
		{"every word must match", "müller anna", ""},
		{"first name and role", "jürgen steuer", "umlaut"},
		{"role", "steuerberater", "umlaut"},
		{"second word of a role", "vertrieb leiter", "written"},
		{"department", "finanzen", "umlaut double-s"},
		{"department with umlaut, written out", "sued", "written"},
		{"department and role and name", "joerg vertrieb süd", "written"},
		{"the inside of a word is no match", "berater", "twin-a twin-b annabelle"},
		{"both parts of a hyphenated name", "müller-lüdenscheidt", "hyphen"},
		{"second part of a hyphenated name", "luedenscheidt", "hyphen"},
		{"a hyphenated name run together", "müllerlüdenscheidt", "hyphen"},
		{"a hyphenated first name run together", "hanspeter", "hyphen joined"},
		{"a hyphenated first name with a blank", "hans peter", "hyphen"},
		{"a hyphenated role", "it leiter", "hyphen"},
		{"a multi-part name", "von der leyen", "noble"},
		{"the main part of a multi-part name", "leyen", "noble"},
		{"a typographic apostrophe asked with a plain one", "o'brien", "irish"},
		{"an apostrophe left out", "obrien", "irish"},
		{"an apostrophe with a blank", "o brien", "irish"},
		{"the part after the apostrophe", "brien", "irish"},
		{"a French apostrophe", "d’artagnan", "french"},
		{"accents left out", "francois", "french"},
		{"an accent that is not there", "joé", "american written michael"},
		{"Irish accent left out", "sean", "irish"},
		{"letters around an ampersand", "r&d", "irish"},
		{"Turkish dotless i", "yıldırım", "turkish"},
		{"Turkish dotless i typed with dots", "yildirim", "turkish"},
		{"Turkish capital i with dot", "ibrahim", "capital-i"},
		{"Turkish capital i without dot", "ışık", "capital-i"},
		{"Turkish typed in ASCII capitals", "ISIK", "capital-i"},
		{"Danish o with stroke", "soren", "danish"},
		{"Danish o with stroke, written out", "soeren", "danish"},
		{"Danish a with ring", "åkesson", "danish"},
		{"Danish a with ring, written out", "aakesson", "danish"},
		{"Danish a with ring left out", "akesson", "danish"},
		{"Danish ae", "laege", "danish"},
		{"Polish l with stroke", "lukasz swiatek", "polish"},
		{"Greek without accents and with final sigma", "γιωργοσ", "greek"},
		{"Greek capitals", "ΠΑΠΑΔ", "greek"},
		{"Russian e for yo", "федор", "russian"},
		{"Russian beginning", "Дост", "russian"},
		{"Japanese surname", "田中", "japanese"},
		{"Japanese role by its beginning", "営業部", "japanese"},
		{"Arabic without vowel signs", "محمد", "arabic"},
		{"full-width letters", "ＪＯＥ", "american written michael"},
		{"a short name is no beginning of others", "joe", "american written michael"},
		{"two letters of it are", "jo", "american written us michael"},
		{"the ue of Bauer is no umlaut", "baur", ""},
		{"Bauer", "bauer", "joined"},
		{"exact before beginning", "anna", "sharp twin-a twin-b annabelle"},
		{"name before role before department", "manager", "role-name american us department"},
		{"same name in the order of ids", "zwilling", "twin-a twin-b"},
		{"a word twice", "anna anna", "sharp twin-a twin-b annabelle"},
		{"digits below three are a word", "42", "twin-a twin-b annabelle"},
		{"blanks around", "  jürgen \t", "umlaut"},
		{"control characters are no letters", "jürgen\x00\x1bmüller", "umlaut"},
		{"a soft hyphen is not there", "mül\u00adler", "hyphen dropped written umlaut"},
		{"signs alone match nobody", "?!*", ""},
		{"an operator is a word", "jürgen OR anna", ""},
		{"quotes and percent signs are no operators", `"jürgen" %`, "umlaut"},
		{"nobody", "xylophon", ""},
		{"emoji", "☎", ""},
		{"invalid UTF-8", "j\xff\xfe", "dropped american written us umlaut michael"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := experts.Search(t.Context(), tenant, graph.Query{Text: c.text, Limit: 200})
			if err != nil {
				t.Fatalf("Search(%q): %v", c.text, err)
			}
			if diff := cmp.Diff(strings.Fields(c.want), ids(got), cmp.Transformer("nonNil", nonNil)); diff != "" {
				t.Errorf("Search(%q) (-want +got):\n%s", c.text, diff)
			}
			if got.Total != len(got.Experts) {
				t.Errorf("Total = %d, want %d", got.Total, len(got.Experts))
			}
		})
	}
}

func TestSearchByPhoneNeedsTheCompleteNumber(t *testing.T) {
	experts := mirrored(t, "DE", people())
	const incomplete = "incomplete"
	for _, c := range []struct {
		name, text, country, want string
	}{
		{"E.164", "+49301234567", "DE", "umlaut"},
		{"with blanks and hyphens", "+49 30 1234-567", "DE", "umlaut"},
		{"with the German IDD prefix", "0049301234 567", "DE", "umlaut"},
		{"with the American IDD prefix", "011 49 30 1234567", "US", "umlaut"},
		{"with the common IDD prefix at an American site", "0049 30 1234567", "US", "umlaut"},
		{"national at a German site", "030 1234567", "DE", "umlaut"},
		{"national with brackets and slash", "(030) / 123 45 67", "DE", "umlaut"},
		{"with the zero in brackets", "+49 (0)30 1234567", "DE", "umlaut"},
		{"without the plus", "49301234567", "DE", "umlaut"},
		{"as a link", "tel:+49-30-1234567", "DE", "umlaut"},
		{"in full-width digits", "＋４９３０１２３４５６７", "DE", "umlaut"},
		{"with a typographic hyphen", "+49 30 1234‑567", "DE", "umlaut"},
		{"with a no-break space", "+49\u00a030\u00a01234567", "DE", "umlaut"},
		{"at a site whose country is not known, in the organisation's", "030 1234567", "", "umlaut"},
		{"a national spelling in the directory", "+49 30 1234568", "DE", "written"},
		{"a German national number at an American site", "030 1234567", "US", ""},
		{"American national at an American site", "425 555 0199", "US", "role-name"},
		{"American with its trunk digit", "1-425-555-0199", "US", "role-name"},
		{"Swiss site, German number", "+49 30 1234569", "CH", "dropped"},
		{"with its extension", "+1 425 555 0101 x12", "US", "us"},
		{"with its extension as in a link", "+14255550101;ext=12", "US", "us"},
		{"without its extension", "+1 425 555 0101", "US", incomplete},
		{"with another extension", "+1 425 555 0101 x13", "US", ""},
		{"with an extension that nobody listed", "+1 425 555 0199 x12", "US", ""},
		{"two people with one number", "+49 89 1000", "DE", "twin-a twin-b"},
		{"a number that others continue is complete for its owner", "+49 30 2000", "DE", "sharp"},
		{"the longer one", "+49 30 20001", "DE", "double-s"},
		{"an internal number", "4711", "DE", "joined"},
		{"the beginning of an internal number", "471", "DE", incomplete},
		{"an internal number and more", "47112", "DE", ""},
		{"the beginning of a listed number", "+49 30 1234", "DE", incomplete},
		{"the beginning in national spelling", "030 1234", "DE", incomplete},
		{"the beginning with IDD prefix", "0049 30 1234", "DE", incomplete},
		{"too short in E.164", "+49 30", "DE", incomplete},
		{"too short at the site", "030", "DE", incomplete},
		{"a local American number lacks its area code", "555-0199", "US", incomplete},
		{"too short in America", "12345", "US", incomplete},
		{"complete but nobody's", "+49 30 98765432", "DE", ""},
		{"complete and national but nobody's", "030 98765432", "DE", ""},
		{"longer than a listed number", "+49 30 12345678", "DE", ""},
		{"far too long", "+49 30 123456789012345678901234567890", "DE", ""},
		{"three zeros", "000", "DE", incomplete},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := experts.Search(t.Context(), tenant, graph.Query{Text: c.text, Country: c.country})
			if c.want == incomplete {
				if !errors.Is(err, graph.ErrPhoneIncomplete) {
					t.Fatalf("Search(%q) = %v, %v, want ErrPhoneIncomplete", c.text, ids(got), err)
				}
				return
			}
			if err != nil {
				t.Fatalf("Search(%q): %v", c.text, err)
			}
			if diff := cmp.Diff(strings.Fields(c.want), ids(got), cmp.Transformer("nonNil", nonNil)); diff != "" {
				t.Errorf("Search(%q) (-want +got):\n%s", c.text, diff)
			}
		})
	}
}

func TestSearchFiltersByRoleAndDepartment(t *testing.T) {
	experts := mirrored(t, "DE", people())
	for _, c := range []struct {
		name  string
		query graph.Query
		want  string
	}{
		{"department alone", graph.Query{Department: "Finanzen"}, "umlaut double-s"},
		{"case and accents do not matter", graph.Query{Department: "vertrieb SUED"}, "written"},
		{"a part of a department is none", graph.Query{Department: "Vertrieb"}, ""},
		{"role alone", graph.Query{Role: "beraterin"}, "twin-a twin-b annabelle"},
		{"role and department", graph.Query{Role: "Clerk", Department: "Office"}, "role-name michael"},
		{"with a text", graph.Query{Text: "anna", Department: "Team 42"}, "twin-a twin-b annabelle"},
		{"with a number", graph.Query{Text: "+49 89 1000", Department: "Finanzen"}, ""},
		{"an unknown department", graph.Query{Department: "Nowhere"}, ""},
		{"a blank filter is none", graph.Query{Text: "jürgen", Role: " "}, "umlaut"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := experts.Search(t.Context(), tenant, c.query)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Fields(c.want), ids(got), cmp.Transformer("nonNil", nonNil)); diff != "" {
				t.Errorf("Search(%+v) (-want +got):\n%s", c.query, diff)
			}
		})
	}
}

func TestEmptyTextListsEverybodyByName(t *testing.T) {
	experts := mirrored(t, "DE", people())
	got, err := experts.Search(t.Context(), tenant, graph.Query{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Experts) != len(people()) || got.Total != len(people()) || got.Next != "" {
		t.Fatalf("%d experts, total %d, next %q; want all %d", len(got.Experts), got.Total, got.Next, len(people()))
	}
	first := ids(got)[:4]
	if want := []string{"sharp", "twin-a", "twin-b", "annabelle"}; !slices.Equal(first, want) {
		t.Errorf("begins with %v, want %v", first, want)
	}
}

func TestLimitHasADefaultAndACeiling(t *testing.T) {
	crowd := make([]graph.Person, 300)
	for i := range crowd {
		crowd[i] = expert(fmt.Sprintf("id-%03d", i), fmt.Sprintf("Person %03d", i))
	}
	experts := mirrored(t, "DE", crowd)
	for limit, want := range map[int]int{0: 25, -1: 25, 1: 1, 200: 200, 1000: 200} {
		got, err := experts.Search(t.Context(), tenant, graph.Query{Limit: limit})
		if err != nil || len(got.Experts) != want || got.Total != 300 {
			t.Errorf("limit %d: %d experts of %d (%v), want %d of 300", limit, len(got.Experts), got.Total, err, want)
		}
	}
}
