package graphtest

import "strings"

// kind is the type of a property of a user.
type kind int

const (
	text    kind = iota // Edm.String; empty is null
	boolean             // Edm.Boolean
	phones              // Collection(Edm.String)
)

// property is one property of a user: how it is read and what Graph lets a
// query do with it.
type property struct {
	name      string
	kind      kind
	text      func(*User) string // for kind text; nil is a property that nobody here ever has
	byDefault bool               // returned without $select
	basic     bool               // readable with User.ReadBasic.All alone
	sortable  bool               // in $orderby
	filters   operators          // without the advanced query capabilities
	advanced  operators          // only with them
}

// operators is a set of what $filter may do with a property.
type operators uint

const (
	opEq operators = 1 << iota
	opNe
	opGeLe
	opIn
	opNot
	opNull
	opStartsWith
	opEndsWith
)

const (
	textDefault  = opEq | opGeLe | opIn | opStartsWith
	textAdvanced = opNe | opNot | opNull
)

// properties is the table of what this simulator knows. Graph has some 60
// more; asking for one that stands nowhere here is refused as unknown.
var properties = []property{
	{name: "id", text: func(u *User) string { return u.ID }, byDefault: true, basic: true, filters: opEq | opIn, advanced: opNe | opNot},
	{name: "businessPhones", kind: phones, byDefault: true, filters: opEq, advanced: opStartsWith | opNot},
	{name: "displayName", text: func(u *User) string { return u.DisplayName }, byDefault: true, basic: true, sortable: true, filters: textDefault, advanced: textAdvanced},
	{name: "givenName", text: func(u *User) string { return u.GivenName }, byDefault: true, basic: true, filters: textDefault, advanced: textAdvanced},
	{name: "surname", text: func(u *User) string { return u.Surname }, byDefault: true, basic: true, filters: textDefault, advanced: textAdvanced},
	{name: "jobTitle", text: func(u *User) string { return u.JobTitle }, byDefault: true, filters: textDefault, advanced: textAdvanced},
	{name: "mail", text: func(u *User) string { return u.Mail }, byDefault: true, basic: true, filters: textDefault, advanced: textAdvanced | opEndsWith},
	{name: "mobilePhone", text: func(u *User) string { return u.MobilePhone }, byDefault: true, advanced: textDefault | textAdvanced},
	{name: "officeLocation", byDefault: true, filters: textDefault, advanced: textAdvanced},
	{name: "preferredLanguage", byDefault: true, filters: textDefault, advanced: textAdvanced},
	{name: "userPrincipalName", text: func(u *User) string { return u.UserPrincipalName }, byDefault: true, basic: true, sortable: true, filters: textDefault, advanced: textAdvanced | opEndsWith},
	{name: "department", text: func(u *User) string { return u.Department }, filters: textDefault, advanced: textAdvanced},
	{name: "accountEnabled", kind: boolean, filters: opEq | opIn, advanced: opNe | opNot},
	{name: "userType", text: func(u *User) string { return u.UserType }, filters: opEq | opIn, advanced: opNe | opNot | opNull},
	{name: "city", filters: textDefault, advanced: textAdvanced},
	{name: "companyName", filters: textDefault, advanced: textAdvanced},
	{name: "country", filters: textDefault, advanced: textAdvanced},
	{name: "employeeId", filters: textDefault, advanced: textAdvanced},
	{name: "usageLocation", filters: textDefault, advanced: textAdvanced},
}

// selection is a set of properties, by their place in the table.
type selection uint32

func (s selection) has(i int) bool { return s&(1<<i) != 0 }

// defaultSelection is what Graph returns without $select.
var defaultSelection = func() (s selection) {
	for i, p := range properties {
		if p.byDefault {
			s |= 1 << i
		}
	}
	return s
}()

// basicSelection is what User.ReadBasic.All shows.
var basicSelection = func() (s selection) {
	for i, p := range properties {
		if p.basic {
			s |= 1 << i
		}
	}
	return s
}()

const allProperties = ^selection(0)

// propertyIndex finds a property by name, case ignored as Graph does; -1 when unknown.
func propertyIndex(name string) int {
	for i, p := range properties {
		if strings.EqualFold(p.name, name) {
			return i
		}
	}
	return -1
}

// parseSelect reads $select. An empty string selects the default.
func parseSelect(s string) (selection, error) {
	if s == "" {
		return defaultSelection, nil
	}
	var chosen selection
	for name := range strings.SplitSeq(s, ",") {
		i := propertyIndex(strings.TrimSpace(name))
		if i < 0 {
			return 0, badRequest("Parsing OData Select and Expand failed: Could not find a property named '%s' on type 'microsoft.graph.user'.", name)
		}
		chosen |= 1 << i
	}
	return chosen | 1<<propertyIndex("id"), nil // Graph always returns the id
}

// value is the property as JSON holds it; null for a text that is empty.
func (p *property) value(u *User) any {
	switch p.kind {
	case boolean:
		return u.AccountEnabled
	case phones:
		if u.BusinessPhones == nil {
			return []string{}
		}
		return u.BusinessPhones
	case text:
		if s := p.read(u); s != "" {
			return s
		}
	}
	return nil
}

// read is the value of a text property; empty stands for null.
func (p *property) read(u *User) string {
	if p.text == nil {
		return ""
	}
	return p.text(u)
}

// set tells whether the person has the property at all: a delta leaves out
// what was never set.
func (p *property) set(u *User) bool {
	switch p.kind {
	case phones:
		return len(u.BusinessPhones) > 0
	case boolean:
		return true
	case text:
	}
	return p.read(u) != ""
}

// render is the person as JSON, reduced to what was chosen; properties that
// may not be read are null.
func render(u *User, chosen, readable selection) map[string]any {
	body := make(map[string]any, 12)
	for i := range properties {
		if !chosen.has(i) {
			continue
		}
		if readable.has(i) {
			body[properties[i].name] = properties[i].value(u)
		} else {
			body[properties[i].name] = nil
		}
	}
	return body
}
