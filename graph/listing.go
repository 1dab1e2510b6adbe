package graph

import (
	"cmp"
	"strings"
)

// listing decides whether a person is an expert: an enabled member with a
// business phone number. The reason is empty for an expert. National numbers
// are read in country, the organisation's.
func listing(p Person, country string) (Expert, Reason) {
	switch {
	case p.Removed:
		return Expert{}, ReasonUnknown
	case !p.Enabled:
		return Expert{}, ReasonDisabled
	case p.Type != "" && !strings.EqualFold(p.Type, "Member"):
		return Expert{}, ReasonGuest
	}
	number := ""
	for _, phone := range p.Phones {
		if number = listedNumber(phone, country); number != "" {
			break
		}
	}
	if number == "" {
		return Expert{}, ReasonNoBusinessPhone
	}
	return Expert{
		ID:         p.ID,
		Name:       cmp.Or(strings.TrimSpace(p.Name), strings.TrimSpace(p.GivenName+" "+p.Surname), string(p.ID)),
		GivenName:  p.GivenName,
		Surname:    p.Surname,
		Role:       p.Role,
		Department: p.Department,
		Number:     number,
	}, ""
}
