package graphtest_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/nyaruka/phonenumbers"

	"teamsbridge/graph/graphtest"
)

const contoso = "6e93a7a2-2bd4-4a13-8b1e-cf9e6c6c5a11"

func TestGenerateIsRepeatable(t *testing.T) {
	a := graphtest.Generate(7, contoso, "Contoso", "contoso.example", "DE", 800)
	b := graphtest.Generate(7, contoso, "Contoso", "contoso.example", "DE", 800)
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("the same arguments give other people (-first +second):\n%s", diff)
	}
	for _, other := range []graphtest.Organization{
		graphtest.Generate(8, contoso, "Contoso", "contoso.example", "DE", 800),
		graphtest.Generate(7, "11111111-2222-4333-8444-555555555555", "Contoso", "contoso.example", "DE", 800),
	} {
		if other.Users[0].ID == a.Users[0].ID {
			t.Error("another seed or tenant gives the same id")
		}
	}
}

func TestGenerateBeginsWithPeopleWhoAreNamedElsewhere(t *testing.T) {
	org := graphtest.Generate(1, contoso, "Contoso", "contoso.example", "DE", 100)
	got := org.Users[0]
	want := graphtest.User{
		ID: got.ID, DisplayName: "Jürgen Müller", GivenName: "Jürgen", Surname: "Müller",
		JobTitle: "Steuerberater", Department: "Finanzen",
		Mail: "juergen.mueller@contoso.example", UserPrincipalName: "juergen.mueller@contoso.example",
		BusinessPhones: got.BusinessPhones, AccountEnabled: true, UserType: "Member",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the first person (-want +got):\n%s", diff)
	}
	if len(got.BusinessPhones) != 1 {
		t.Errorf("phones of the first person: %q", got.BusinessPhones)
	}
}

func TestGenerateMakesAPlausibleOrganisation(t *testing.T) {
	const people = 5000
	org := graphtest.Generate(1, contoso, "Contoso", "contoso.example", "DE", people)
	if len(org.Users) != people {
		t.Fatalf("%d people, want %d", len(org.Users), people)
	}
	ids, addresses := map[string]bool{}, map[string]bool{}
	var phoneless, disabled, guests, umlauts, nonLatin, hyphens int
	for _, u := range org.Users {
		if ids[u.ID] || addresses[u.UserPrincipalName] {
			t.Fatalf("%s or %s is given twice", u.ID, u.UserPrincipalName)
		}
		ids[u.ID], addresses[u.UserPrincipalName] = true, true
		if u.GivenName == "" || u.Surname == "" || u.JobTitle == "" || u.Department == "" || u.ID != strings.ToLower(u.ID) || len(u.ID) != 36 {
			t.Fatalf("incomplete person: %+v", u)
		}
		if strings.ContainsFunc(u.UserPrincipalName, func(r rune) bool { return r > unicode.MaxASCII }) || strings.Contains(u.Mail, ".@") || strings.HasPrefix(u.Mail, ".") {
			t.Errorf("address %q of %s", u.UserPrincipalName, u.DisplayName)
		}
		count := func(n *int, is bool) {
			if is {
				*n++
			}
		}
		count(&phoneless, len(u.BusinessPhones) == 0)
		count(&disabled, !u.AccountEnabled)
		count(&guests, u.UserType == "Guest")
		count(&umlauts, strings.ContainsAny(u.DisplayName, "äöüßÄÖÜ"))
		count(&hyphens, strings.Contains(u.DisplayName, "-"))
		count(&nonLatin, strings.ContainsFunc(u.DisplayName, func(r rune) bool {
			return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r)
		}))
	}
	for _, share := range []struct {
		of               string
		got, least, most int
	}{
		{"without phone", phoneless, 500, 700},
		{"disabled", disabled, 140, 260},
		{"guests", guests, 140, 260},
		{"with umlauts", umlauts, 1000, 3000},
		{"with hyphens", hyphens, 150, 800},
		{"in other scripts", nonLatin, 100, 400},
	} {
		if share.got < share.least || share.got > share.most {
			t.Errorf("%d people %s, want %d to %d", share.got, share.of, share.least, share.most)
		}
	}
}

func TestGeneratedNumbersCanBeReadAndAreGivenOnce(t *testing.T) {
	for _, country := range []string{"DE", "AT", "CH", "FR", "GB", "US"} {
		t.Run(country, func(t *testing.T) {
			org := graphtest.Generate(3, contoso, "Contoso", "contoso.example", country, 1200)
			seen, spellings := map[string]string{}, map[string]bool{}
			home := 0
			for _, u := range org.Users {
				for _, phone := range u.BusinessPhones {
					n, err := phonenumbers.Parse(phone, country)
					if err != nil || !phonenumbers.IsPossibleNumber(n) {
						t.Fatalf("%q of %s cannot be read: %v", phone, u.DisplayName, err)
					}
					e164 := phonenumbers.Format(n, phonenumbers.E164)
					if other, twice := seen[e164]; twice {
						t.Fatalf("%q and %q are both %s", phone, other, e164)
					}
					seen[e164] = phone
					spellings[pattern(phone)] = true
					if phonenumbers.GetRegionCodeForNumber(n) == country || int(n.GetCountryCode()) == phonenumbers.GetCountryCodeForRegion(country) {
						home++
					}
				}
			}
			if home < len(seen)*9/10 {
				t.Errorf("only %d of %d numbers are of the country", home, len(seen))
			}
			if len(spellings) < 15 {
				t.Errorf("only %d kinds of spelling", len(spellings))
			}
		})
	}
}

// pattern is how a number is written, whatever its digits.
func pattern(phone string) string {
	var b strings.Builder
	for _, r := range phone {
		if !unicode.IsDigit(r) {
			b.WriteRune(r)
		} else if s := b.String(); !strings.HasSuffix(s, "0") {
			b.WriteByte('0')
		}
	}
	return b.String()
}

func BenchmarkGenerate(b *testing.B) {
	for b.Loop() {
		graphtest.Generate(1, contoso, "Contoso", "contoso.example", "DE", 5000)
	}
}

func TestNobodyHasANumberThatADeskOrAHotlineMayHave(t *testing.T) {
	for _, people := range []int{60, 400, 3900} {
		org := graphtest.Generate(3, contoso, "Contoso", "contoso.example", "DE", people)
		for _, u := range org.Users {
			for _, phone := range u.BusinessPhones {
				n, err := phonenumbers.Parse(phone, "DE")
				if err != nil {
					t.Fatalf("%q of %s cannot be read: %v", phone, u.DisplayName, err)
				}
				e164 := phonenumbers.Format(n, phonenumbers.E164)
				if extension, berlin := strings.CutPrefix(e164, "+493023125"); berlin && extension < "200" {
					t.Errorf("among %d people, %s has %s", people, u.DisplayName, e164)
				}
			}
		}
	}
}
