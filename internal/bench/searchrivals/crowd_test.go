package searchrivals

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"teamsbridge/graph"
)

var (
	givenNames = []string{"Anna", "Boris", "Clara", "David", "Emma", "Franz", "Greta", "Hans", "Ida", "Jan", "Klara", "Lukas", "Maria", "Nils", "Olga", "Paul", "Rita", "Stefan", "Tina", "Viktor"}
	syllables  = []string{"al", "ber", "con", "dor", "fin", "gar", "hol", "kan", "lin", "mar", "nos", "or", "pet", "ras", "stein", "tor", "vil", "wal", "zim"}
	titles     = []string{"Accountant", "Sales Manager", "Software Architect", "Controller", "Physician", "Technician", "Buyer", "Tax Advisor", "Clerk", "Team Lead"}
	divisions  = []string{"Finance", "Sales", "Support", "Research", "Logistics", "Production", "Legal", "Marketing"}
	cities     = []string{"Berlin", "Hamburg", "Wien", "Bern", "London", "Paris", "Oslo", "Madrid"}
)

// crowd makes an organisation in the order of names: 6,859 surnames.
func crowd(n int) []graph.Person {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	people := make([]graph.Person, n)
	for i := range people {
		surname := pick(syllables) + pick(syllables) + pick(syllables)
		surname = strings.ToUpper(surname[:1]) + surname[1:]
		given := pick(givenNames)
		people[i] = graph.Person{
			ID:   graph.UserID(fmt.Sprintf("%08x-0000-4000-8000-%012d", r.Uint32(), i)),
			Name: given + " " + surname, GivenName: given, Surname: surname,
			Role: pick(titles), Department: pick(divisions) + " " + pick(cities),
			Phones: []string{fmt.Sprintf("+4930%07d", i)}, Enabled: true,
		}
	}
	slices.SortFunc(people, func(a, b graph.Person) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(string(a.ID), string(b.ID)))
	})
	return people
}

// wordsOf are the words that a person is found by, the number among them.
func wordsOf(p graph.Person) string {
	return strings.ToLower(strings.Join([]string{p.Name, p.Role, p.Department, numberWord(p.Phones[0])}, " "))
}

// numberWord is nothing that a beginning of letters could find.
func numberWord(number string) string { return strings.TrimPrefix(number, "+") }

// mixture is what people type: beginnings of one to three words of somebody's,
// single letters, words that nobody has, whole phone numbers.
func mixture(people []graph.Person, n int) []string {
	r := rand.New(rand.NewPCG(3, 4))
	texts := make([]string, n)
	for i := range texts {
		p := people[r.IntN(len(people))]
		words := strings.Fields(strings.Join([]string{p.Name, p.Role, p.Department}, " "))
		begin := func(least int) string {
			word := words[r.IntN(len(words))]
			return word[:min(len(word), least+r.IntN(5))]
		}
		switch i % 10 {
		case 0, 1, 2:
			texts[i] = begin(3)
		case 3, 4, 5:
			texts[i] = begin(2) + " " + begin(3)
		case 6:
			texts[i] = begin(2) + " " + begin(2) + " " + begin(3)
		case 7:
			texts[i] = string('a' + rune(r.IntN(26)))
		case 8:
			texts[i] = "xq" + begin(3)
		case 9:
			texts[i] = p.Phones[0]
		}
	}
	return texts
}

// asked reads a text the way the index does: words of which each must begin
// one of the person's, or a whole number.
func asked(text string) (prefixes []string, number string) {
	if strings.HasPrefix(text, "+") {
		return nil, numberWord(text)
	}
	return strings.Fields(strings.ToLower(text)), ""
}
