package graph

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Filter names people of a directory: those who meet any of its conditions.
type Filter struct {
	Groups      []string            `koanf:"groups"`      // object ids; members of groups inside count too
	Departments []string            `koanf:"departments"` // whole; case and accents do not matter
	Attributes  map[string][]string `koanf:"attributes"`  // properties as Graph spells them to the values that count, compared like Departments
}

// filterAttributes are the properties that a Filter may ask about: texts that
// describe a person's work, and the fifteen that an organisation defines itself.
var filterAttributes = []string{
	"jobTitle", "companyName", "officeLocation", "employeeType", "city", "state", "country", "usageLocation",
	"extensionAttribute1", "extensionAttribute2", "extensionAttribute3", "extensionAttribute4", "extensionAttribute5",
	"extensionAttribute6", "extensionAttribute7", "extensionAttribute8", "extensionAttribute9", "extensionAttribute10",
	"extensionAttribute11", "extensionAttribute12", "extensionAttribute13", "extensionAttribute14", "extensionAttribute15",
}

// Attributes are the properties that the filters need of each person, in order.
func (c Config) Attributes() []string {
	names := slices.Concat(slices.Collect(maps.Keys(c.Include.Attributes)), slices.Collect(maps.Keys(c.Exclude.Attributes)))
	slices.Sort(names)
	return slices.Compact(names)
}

// groups are those whose members must be known.
func (c Config) groups() bool { return len(c.Include.Groups)+len(c.Exclude.Groups) > 0 }

var objectID = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

func (f Filter) problems(key string) error {
	var errs []error
	for i, group := range f.Groups {
		if !objectID.MatchString(group) {
			errs = append(errs, fmt.Errorf("%s.groups[%d]: must be the object id of a group", key, i))
		}
	}
	for i, department := range f.Departments {
		if strings.TrimSpace(department) == "" {
			errs = append(errs, fmt.Errorf("%s.departments[%d]: is blank", key, i))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Attributes)) {
		switch {
		case !slices.Contains(filterAttributes, name):
			errs = append(errs, fmt.Errorf("%s.attributes.%s: must be one of %s", key, name, strings.Join(filterAttributes, ", ")))
		case len(f.Attributes[name]) == 0:
			errs = append(errs, fmt.Errorf("%s.attributes.%s: name the values that count", key, name))
		}
	}
	return errors.Join(errs...)
}

// conditions are a Filter made ready.
type conditions struct {
	groups      []string
	departments map[string]bool            // by labelKey
	attributes  map[string]map[string]bool // property, then labelKey of the value
}

func newConditions(f Filter) conditions {
	keys := func(texts []string) map[string]bool {
		set := make(map[string]bool, len(texts))
		for _, text := range texts {
			set[labelKey(text)] = true
		}
		return set
	}
	c := conditions{departments: keys(f.Departments), attributes: map[string]map[string]bool{}}
	for _, group := range f.Groups {
		c.groups = append(c.groups, strings.ToLower(group))
	}
	for name, values := range f.Attributes {
		c.attributes[name] = keys(values)
	}
	return c
}

// none tells that no condition is set.
func (c *conditions) none() bool {
	return len(c.groups)+len(c.departments)+len(c.attributes) == 0
}

// meets tells whether a person meets any condition; members are those of the groups.
func (c *conditions) meets(p *Person, members idSet) bool {
	if members.has(p.ID) || p.Department != "" && c.departments[labelKey(p.Department)] {
		return true
	}
	for name, values := range c.attributes {
		value := p.Attributes[name]
		if name == "jobTitle" {
			value = p.Role
		}
		if value != "" && values[labelKey(value)] {
			return true
		}
	}
	return false
}
