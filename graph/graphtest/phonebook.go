package graphtest

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// country is how business numbers are made and written there.
type country struct {
	code   string   // calling code
	trunk  string   // before the area code within the country
	idd    string   // before a calling code when dialling abroad
	sites  []string // offices: area code, blank, the digits that the office's numbers share
	digits int      // of an extension; 0: as many as the organisation needs, since numbers there have no fixed length
	mobile string   // what mobile numbers begin with, and # for each digit that differs
}

// homes are the countries that an organisation can be in. Most numbers lie in
// what the regulators keep free for film and fiction (Germany: five blocks of
// a thousand, which longer extensions only subdivide).
var homes = map[string]country{
	"DE": {code: "49", trunk: "0", idd: "00", mobile: "171 39#####", sites: []string{"30 23125", "69 90009", "40 66969", "221 4710", "89 99998"}},
	"AT": {code: "43", trunk: "0", idd: "00", mobile: "664 17#####", sites: []string{"1 5057", "316 8055", "732 9055"}},
	"CH": {code: "41", trunk: "0", idd: "00", mobile: "78 55#####", sites: []string{"44 55", "31 55", "22 55", "61 55"}, digits: 5},
	"FR": {code: "33", trunk: "0", idd: "00", mobile: "6 3998####", sites: []string{"1 990", "2 619", "3 530", "4 657", "5 364"}, digits: 5},
	"GB": {code: "44", trunk: "0", idd: "00", mobile: "7700 900###", sites: []string{"20 794", "113 49", "117 49", "131 49"}, digits: 5},
	"US": {code: "1", idd: "011", mobile: "212 555####", sites: []string{
		"201 555", "206 555", "212 555", "303 555", "312 555", "404 555", "512 555", "617 555", "702 555", "808 555",
	}, digits: 4},
}

// regions in the order in which a phone book opens its exchanges.
var regions = []string{"DE", "AT", "CH", "FR", "GB", "US"}

// phoneBook hands out business numbers, each once.
type phoneBook struct {
	home   *exchange
	abroad []*exchange
}

func newPhoneBook(region string, people int) *phoneBook {
	if _, ok := homes[region]; !ok {
		region = "DE"
	}
	b := &phoneBook{}
	for _, r := range regions {
		e := &exchange{country: homes[r]}
		e.widen(people)
		if r == region {
			b.home = e
		} else {
			b.abroad = append(b.abroad, e)
		}
	}
	return b
}

// atHome is a new number of the organisation's own country.
func (b *phoneBook) atHome(dice *rand.Rand) string {
	spellings := append(international[:len(international):len(international)], national...)
	return b.home.take().spell(pick(dice, spellings), b.home.idd)
}

// elsewhere is a new number of an office abroad; a national spelling would be
// read as one of the organisation's country, so there is none.
func (b *phoneBook) elsewhere(dice *rand.Rand) string {
	return pick(dice, b.abroad).take().spell(pick(dice, international), b.home.idd)
}

// onTheMove is a mobile number of the organisation's own country.
func (b *phoneBook) onTheMove(dice *rand.Rand) string {
	var s strings.Builder
	for _, r := range b.home.mobile {
		if r == '#' {
			r = '0' + rune(dice.IntN(10))
		}
		s.WriteRune(r)
	}
	return "+" + b.home.code + " " + s.String()
}

// exchange hands out one country's numbers, its sites in turn.
type exchange struct {
	country
	taken int
}

// widen fits the extensions to the number of people.
func (e *exchange) widen(people int) {
	if e.digits > 0 {
		return
	}
	e.digits = 3
	for capacity := (1000 - reserved) * len(e.sites); capacity < people; capacity *= 10 {
		e.digits++
	}
}

// stride scatters the numbers of a site; being prime, it meets each of them
// before it meets one again.
const stride = 617

// reserved is how many extensions of each office are nobody's in the
// directory: a contact centre's desks and hotlines have theirs there.
const reserved = 200

func (e *exchange) take() businessNumber {
	area, block, _ := strings.Cut(e.sites[e.taken%len(e.sites)], " ")
	turn := e.taken / len(e.sites)
	e.taken++

	size := 1
	for range e.digits {
		size *= 10
	}
	free := size - reserved
	// A site whose numbers are used up goes on in the block after its own.
	if used := turn / free; used > 0 {
		n, _ := strconv.Atoi(block) // a constant of this file
		block = strconv.Itoa(n + used)
	}
	extension := reserved + turn*stride%free
	return businessNumber{
		code: e.code, trunk: e.trunk, area: area, block: block,
		extension: fmt.Sprintf("%0*d", e.digits, extension),
	}
}

// businessNumber is a number in its parts.
type businessNumber struct{ code, trunk, area, block, extension string }

// Spellings as people type them: c the calling code, i the prefix for abroad,
// t the trunk prefix, a the area code, b the office, e the extension.
var (
	international = []string{
		"+c a b-e", "+c a b-e", "+cabe", "+cabe", "+c a be", "+c a b e", "icabe", "ic a b-e", "ic a b e",
		"+c (t)a b-e", "+c (a) be", "+c.a.b.e", "+c-a-b-e", "+c (t) a / b - e", "+c a b-e ext. 7",
	}
	national = []string{
		"ta/b-e", "ta / b e", "(ta) b-e", "(ta) be", "ta b e", "ta b-e", "ta-be", "tabe",
	}
)

// spell writes the number in one of the spellings.
func (n businessNumber) spell(spelling, idd string) string {
	if n.trunk == "" {
		spelling = strings.ReplaceAll(spelling, "(t)", "")
	}
	if suffix := " ext. 7"; strings.HasSuffix(spelling, suffix) {
		return n.spell(strings.TrimSuffix(spelling, suffix), idd) + suffix
	}
	return strings.NewReplacer(
		"c", n.code, "i", idd, "t", n.trunk, "a", n.area, "b", n.block, "e", n.extension,
	).Replace(spelling)
}
