package graphtest

import "fmt"

// extensionNames are the parts of onPremisesExtensionAttributes.
var extensionNames = func() []string {
	names := make([]string, 15)
	for i := range names {
		names[i] = fmt.Sprintf("extensionAttribute%d", i+1)
	}
	return names
}()

// userKind is what this simulator knows of users. Graph has some 60 properties
// more; asking for one that stands nowhere here is refused as unknown.
var userKind = &resource[User]{name: "user", set: "users", properties: []property[User]{
	{name: "id", text: func(u *User) string { return u.ID }, byDefault: true, basic: true, filters: opEq | opIn, advanced: opNe | opNot},
	{name: "businessPhones", kind: texts, texts: func(u *User) []string { return u.BusinessPhones }, byDefault: true, filters: opEq, advanced: opStartsWith | opNot},
	{name: "displayName", text: func(u *User) string { return u.DisplayName }, byDefault: true, basic: true, sortable: true, words: true, filters: textDefault, advanced: textAdvanced},
	{name: "givenName", text: func(u *User) string { return u.GivenName }, byDefault: true, basic: true, filters: textDefault, advanced: textAdvanced},
	{name: "surname", text: func(u *User) string { return u.Surname }, byDefault: true, basic: true, filters: textDefault, advanced: textAdvanced},
	{name: "jobTitle", text: func(u *User) string { return u.JobTitle }, byDefault: true, filters: textDefault, advanced: textAdvanced},
	{name: "mail", text: func(u *User) string { return u.Mail }, byDefault: true, basic: true, filters: textDefault, advanced: textAdvanced | opEndsWith},
	{name: "mobilePhone", text: func(u *User) string { return u.MobilePhone }, byDefault: true, advanced: textDefault | textAdvanced},
	{name: "officeLocation", text: func(u *User) string { return u.OfficeLocation }, byDefault: true, advanced: textDefault | textAdvanced},
	{name: "preferredLanguage", byDefault: true, filters: textDefault, advanced: textAdvanced},
	{name: "userPrincipalName", text: func(u *User) string { return u.UserPrincipalName }, byDefault: true, basic: true, sortable: true, filters: textDefault, advanced: textAdvanced | opEndsWith},
	{name: "department", text: func(u *User) string { return u.Department }, filters: textDefault, advanced: textAdvanced},
	{name: "accountEnabled", kind: boolean, flag: func(u *User) bool { return u.AccountEnabled }, filters: opEq | opIn, advanced: opNe | opNot},
	{name: "userType", text: func(u *User) string { return u.UserType }, filters: opEq | opIn, advanced: opNe | opNot | opNull},
	{name: "city", text: func(u *User) string { return u.City }, filters: textDefault, advanced: textAdvanced},
	{name: "companyName", text: func(u *User) string { return u.CompanyName }, advanced: textDefault | textAdvanced},
	{name: "country", text: func(u *User) string { return u.Country }, filters: textDefault, advanced: textAdvanced},
	{name: "employeeId", text: func(u *User) string { return u.EmployeeID }, filters: textDefault, advanced: textAdvanced},
	{name: "usageLocation", filters: textDefault, advanced: textAdvanced},
	{
		name: "onPremisesExtensionAttributes", kind: attributes, names: extensionNames,
		parts: func(u *User) map[string]string { return u.ExtensionAttributes }, advanced: textDefault | textAdvanced,
	},
}}

// basicProfile is what User.ReadBasic.All shows of a person.
var basicProfile = userKind.those(func(p *property[User]) bool { return p.basic })
