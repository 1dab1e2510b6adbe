package graph

import (
	"fmt"
	"testing"
)

// nameCase is a person and a text that finds them, or does not.
type nameCase struct {
	name   string // a sentence
	person Expert
	text   string
	found  bool
}

func named(name string) Expert        { return Expert{Name: name} }
func roled(role string) Expert        { return Expert{Name: "N. N.", Role: role} }
func placed(department string) Expert { return Expert{Name: "N. N.", Department: department} }

// TestNamesAreFoundAsTheyAreWritten asks one index, in which all people of the
// tables are listed.
func TestNamesAreFoundAsTheyAreWritten(t *testing.T) {
	tables := map[string][]nameCase{
		"German": germanNames, "Latin": latinNames, "other scripts": otherNames,
		"several parts": partedNames, "signs": signNames, "roles and departments": workNames,
	}
	var people []Expert
	id := func(table string, row int) UserID { return UserID(fmt.Sprint(table, " ", row)) }
	for table, rows := range tables {
		for i, c := range rows {
			c.person.ID, c.person.Number = id(table, i), "+4930100"
			people = append(people, c.person)
		}
	}
	x := newIndex(people)
	for table, rows := range tables {
		for i, c := range rows {
			t.Run(table+"/"+c.name, func(t *testing.T) {
				p, err := newPlan("t", "DE", Query{Text: c.text, Limit: maxLimit}, x)
				if err != nil {
					t.Fatalf("%q: %v", c.text, err)
				}
				page, _, _ := x.search(p)
				found := false
				for _, r := range page {
					found = found || r.expert.ID == id(table, i)
				}
				if found != c.found {
					t.Errorf("%q: %+v is found: %t, want %t", c.text, c.person, found, c.found)
				}
			})
		}
	}
}
