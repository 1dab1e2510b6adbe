package graph

import (
	"cmp"
	"strings"
)

// listingVersion changes with what makes somebody an expert, or with how an
// Expert is made of a Person: what a store kept under another one is read anew.
const listingVersion = 1

// rules decide who is an expert in one organisation.
type rules struct {
	country          string // that national numbers are read in
	include, exclude conditions
	members          *members // of the groups; nil before they were read, or where there are none
}

// list decides whether a person is an expert: an enabled member with a
// business phone number, whom the configuration does not filter out. The reason
// is empty for an expert.
func (r *rules) list(p Person) (Expert, Reason) {
	switch {
	case p.Removed:
		return Expert{}, ReasonUnknown
	case !p.Enabled:
		return Expert{}, ReasonDisabled
	case strings.EqualFold(p.Type, "Guest"):
		return Expert{}, ReasonGuest
	case p.Type != "" && !strings.EqualFold(p.Type, "Member"):
		return Expert{}, ReasonOtherType
	}
	number := ""
	for _, phone := range p.Phones {
		if number = listedNumber(phone, r.country); number != "" {
			break
		}
	}
	switch {
	case number == "":
		return Expert{}, ReasonNoBusinessPhone
	case !r.admits(&p):
		return Expert{}, ReasonFiltered
	}
	e := Expert{
		ID: p.ID, GivenName: text(p.GivenName), Surname: text(p.Surname),
		Role: text(p.Role), Department: text(p.Department), Number: number,
	}
	e.Name = cmp.Or(strings.TrimSpace(text(p.Name)), strings.TrimSpace(e.GivenName+" "+e.Surname), string(p.ID))
	return e, ""
}

func (r *rules) admits(p *Person) bool {
	var included, excluded idSet
	if r.members != nil {
		included, excluded = r.members.included, r.members.excluded
	}
	return (r.include.none() || r.include.meets(p, included)) && !r.exclude.meets(p, excluded)
}

// text is what of a directory's text every store can keep.
func text(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
