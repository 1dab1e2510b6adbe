package msgraph

import (
	"slices"
	"strings"

	"github.com/microsoftgraph/msgraph-sdk-go/models"
)

// extensions hold the fifteen attributes that an organisation defines itself;
// they can be selected together only.
const extensions = "onPremisesExtensionAttributes"

// selection is what is asked of a person: what everybody is asked for, and the
// attributes that the experts' filters need.
func selection(attributes []string) []string {
	names := slices.Clone(personProperties)
	for _, name := range attributes {
		if strings.HasPrefix(name, "extensionAttribute") {
			name = extensions
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// attributesOf reads the attributes that the filters need; nil when they need none.
func attributesOf(u models.Userable, names []string) map[string]string {
	if len(names) == 0 {
		return nil
	}
	all := make(map[string]string, len(names))
	for _, name := range names {
		if v := value(attributeOf(u, name)); v != "" {
			all[name] = v
		}
	}
	return all
}

// attributeOf reads one of the properties that a graph.Filter may ask about.
func attributeOf(u models.Userable, name string) *string {
	switch name {
	case "jobTitle":
		return u.GetJobTitle()
	case "companyName":
		return u.GetCompanyName()
	case "officeLocation":
		return u.GetOfficeLocation()
	case "employeeType":
		return u.GetEmployeeType()
	case "city":
		return u.GetCity()
	case "state":
		return u.GetState()
	case "country":
		return u.GetCountry()
	case "usageLocation":
		return u.GetUsageLocation()
	}
	e := u.GetOnPremisesExtensionAttributes()
	if e == nil {
		return nil
	}
	all := []func() *string{
		e.GetExtensionAttribute1, e.GetExtensionAttribute2, e.GetExtensionAttribute3, e.GetExtensionAttribute4, e.GetExtensionAttribute5,
		e.GetExtensionAttribute6, e.GetExtensionAttribute7, e.GetExtensionAttribute8, e.GetExtensionAttribute9, e.GetExtensionAttribute10,
		e.GetExtensionAttribute11, e.GetExtensionAttribute12, e.GetExtensionAttribute13, e.GetExtensionAttribute14, e.GetExtensionAttribute15,
	}
	for i, read := range all {
		if name == extensionName(i+1) {
			return read()
		}
	}
	return nil
}
