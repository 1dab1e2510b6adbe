package graphtest

import (
	"net/http"
	"strings"
	"testing"
)

func TestUsersRefusesWhatGraphRefuses(t *testing.T) {
	const (
		bad         = "Request_BadRequest"
		unsupported = "Request_UnsupportedQuery"
	)
	phone := "businessPhones/any(p:p eq '+49 30')"
	tests := []struct {
		name, path, query string
		header            string
		code              string // empty: answered
	}{
		{"an unknown property in $select", "/users", "$select=id,shoeSize", "", bad},
		{"an unknown property in $filter", "/users", "$filter=shoeSize eq '43'", "", bad},
		{"an unknown property in $orderby", "/users", "$orderby=shoeSize", "", bad},
		{"an unknown property in $search", "/users", `$search="shoeSize:43"`, consistent, bad},
		{"an unknown system option", "/users", "$shoe=1", "", bad},
		{"a custom option is ignored", "/users", "shoe=1", "", ""},
		{"$skip", "/users", "$skip=10", "", unsupported},
		{"$expand", "/users", "$expand=manager", "", unsupported},
		{"the same option twice", "/users", "$top=1 & $top=2", "", bad},
		{"the same option with and without dollar", "/users", "$top=1 & top=2", "", bad},
		{"options without dollar are taken", "/users", "top=1", "", ""},
		{"$top of zero", "/users", "$top=0", "", bad},
		{"$top of a thousand", "/users", "$top=1000", "", bad},
		{"$top of 999 is taken", "/users", "$top=999", "", ""},
		{"$top that is no number", "/users", "$top=ten", "", bad},
		{"$count that is neither true nor false", "/users", "$count=yes", "", bad},
		{"$count=true without header is ignored", "/users", "$count=true", "", ""},
		{"/users/$count without header", "/users/$count", "", "", bad},
		{"/users/$count with header", "/users/$count", "", consistent, ""},

		{"startsWith on displayName needs nothing", "/users", "$filter=startsWith(displayName,'J')", "", ""},
		{"startswith in lower case too", "/users", "$filter=startswith(surname,'M')", "", ""},
		{"startsWith on department needs nothing", "/users", "$filter=startsWith(department,'Fin')", "", ""},
		{"startsWith on jobTitle needs nothing", "/users", "$filter=startsWith(jobTitle,'Steuer')", "", ""},
		{"eq, and, or and parentheses need nothing", "/users", "$filter=(department eq 'Recht' or department eq 'IT') and accountEnabled eq true", "", ""},
		{"in needs nothing", "/users", "$filter=department in ('Recht','IT')", "", ""},
		{"userType eq needs nothing", "/users", "$filter=userType eq 'Guest'", "", ""},
		{"in with sixteen values", "/users", "$filter=department in ('1','2','3','4','5','6','7','8','9','10','11','12','13','14','15','16')", "", unsupported},
		{"ne without header", "/users", "$filter=department ne 'IT' & $count=true", "", unsupported},
		{"ne with header but without $count", "/users", "$filter=department ne 'IT'", consistent, unsupported},
		{"ne with both", "/users", "$filter=department ne 'IT' & $count=true", consistent, ""},
		{"accountEnabled ne without header", "/users", "$filter=accountEnabled ne true", "", unsupported},
		{"not without header", "/users", "$filter=not startsWith(displayName,'A')", "", unsupported},
		{"not with both", "/users", "$filter=not(startsWith(displayName,'A')) & $count=true", consistent, ""},
		{"endsWith on mail without header", "/users", "$filter=endsWith(mail,'.example')", "", unsupported},
		{"endsWith on mail with both", "/users", "$filter=endsWith(mail,'.example') & $count=true", consistent, ""},
		{"endsWith on surname is not offered at all", "/users", "$filter=endsWith(surname,'ski') & $count=true", consistent, unsupported},
		{"a null test without header", "/users", "$filter=department eq null", "", unsupported},
		{"a null test with both", "/users", "$filter=department eq null & $count=true", consistent, ""},
		{"mobilePhone without header", "/users", "$filter=mobilePhone eq '1'", "", unsupported},
		{"mobilePhone with both", "/users", "$filter=startsWith(mobilePhone,'+49') & $count=true", consistent, ""},
		{"businessPhones any eq needs nothing", "/users", "$filter=" + phone, "", ""},
		{"businessPhones any startsWith without header", "/users", "$filter=businessPhones/any(p:startsWith(p,'+49'))", "", unsupported},
		{"businessPhones any startsWith with both", "/users", "$filter=businessPhones/any(p:startsWith(p,'+49')) & $count=true", consistent, ""},
		{"not any() without header", "/users", "$filter=not " + phone, "", unsupported},
		{"businessPhones/$count", "/users", "$filter=businessPhones/$count ne 0 & $count=true", consistent, unsupported},
		{"businessPhones/all", "/users", "$filter=businessPhones/all(p:p eq '1') & $count=true", consistent, unsupported},
		{"businessPhones without any", "/users", "$filter=businessPhones eq '1'", "", bad},
		{"gt", "/users", "$filter=displayName gt 'M'", "", unsupported},
		{"ge and le need nothing", "/users", "$filter=displayName ge 'M' and displayName le 'N'", "", ""},
		{"contains", "/users", "$filter=contains(displayName,'M')", "", unsupported},
		{"an unknown function", "/users", "$filter=soundsLike(displayName,'M')", "", bad},
		{"an unknown operator", "/users", "$filter=displayName is 'M'", "", bad},
		{"a text compared with a boolean", "/users", "$filter=displayName eq true", "", bad},
		{"a boolean compared with a text", "/users", "$filter=accountEnabled eq 'true'", "", bad},
		{"startsWith on a boolean", "/users", "$filter=startsWith(accountEnabled,'t')", "", bad},
		{"an unquoted text", "/users", "$filter=displayName eq Anna", "", bad},
		{"an unterminated text", "/users", "$filter=displayName eq 'Anna", "", bad},
		{"an unclosed parenthesis", "/users", "$filter=(displayName eq 'Anna'", "", bad},
		{"something after the end", "/users", "$filter=displayName eq 'Anna' 'Berta'", "", bad},
		{"an empty filter", "/users", "$filter=", "", bad},
		{"a strange character", "/users", "$filter=displayName eq “Anna”", "", bad},
		{"a hundred parentheses", "/users", "$filter=" + strings.Repeat("(", 100) + "id eq '1'" + strings.Repeat(")", 100), "", bad},

		{"$search without header", "/users", `$search="displayName:Anna"`, "", unsupported},
		{"$search with header", "/users", `$search="displayName:Anna"`, consistent, ""},
		{"$search without quotes", "/users", "$search=displayName:Anna", consistent, bad},
		{"$search without property", "/users", `$search="Anna"`, consistent, unsupported},
		{"$search in a boolean", "/users", `$search="accountEnabled:true"`, consistent, unsupported},
		{"$search with lower-case or", "/users", `$search="displayName:A" or "displayName:B"`, consistent, bad},
		{"$search with OR, AND and parentheses", "/users", `$search="displayName:A" AND ("surname:B" OR "mail:C")`, consistent, ""},
		{"an unterminated $search", "/users", `$search="displayName:A`, consistent, bad},

		{"$orderby displayName needs nothing", "/users", "$orderby=displayName desc", "", ""},
		{"$orderby department", "/users", "$orderby=department", "", unsupported},
		{"$orderby by two", "/users", "$orderby=displayName,userPrincipalName", "", unsupported},
		{"$orderby in a strange direction", "/users", "$orderby=displayName up", "", bad},
		{"$orderby with $filter without header", "/users", "$filter=department eq 'IT' & $orderby=displayName", "", unsupported},
		{"$orderby with $filter with both", "/users", "$filter=department eq 'IT' & $orderby=displayName & $count=true", consistent, ""},
		{"a $skiptoken of somebody's own making", "/users", "$skiptoken=abc", "", bad},

		{"one person: unknown property", "/users/" + contoso, "$select=shoeSize", "", bad},
		{"one person: $filter", "/users/" + contoso, "$filter=id eq '1'", "", unsupported},
		{"one person: nobody", "/users/" + contoso, "", "", "Request_ResourceNotFound"},

		{"delta: $top", "/users/delta", "$top=10", "", unsupported},
		{"delta: $orderby", "/users/delta", "$orderby=displayName", "", unsupported},
		{"delta: $search", "/users/delta", `$search="displayName:A"`, consistent, unsupported},
		{"delta: $expand", "/users/delta", "$expand=manager", "", unsupported},
		{"delta: a filter by anything but id", "/users/delta", "$filter=department eq 'IT'", "", unsupported},
		{"delta: a filter by id", "/users/delta", "$filter=id eq '" + contoso + "' or id eq '" + fabrikam + "'", "", ""},
		{"delta: unknown property", "/users/delta", "$select=shoeSize", "", bad},
		{"delta: a token of somebody's own making", "/users/delta", "$deltatoken=abc", "", bad},
		{"delta: 51 ids", "/users/delta", "$filter=" + strings.Repeat("id eq '"+contoso+"' or ", 50) + "id eq '" + contoso + "'", "", unsupported},

		{"grants without filter", "/oauth2PermissionGrants", "", "", unsupported},
		{"grants of a client", "/oauth2PermissionGrants", "$filter=clientId eq '" + contoso + "'", "", ""},
		{"a service principal that is not installed", "/servicePrincipals(appId='" + contoso + "')", "", "", "Request_ResourceNotFound"},
		{"a service principal with an unknown property", "/servicePrincipals(appId='" + serviceApp + "')", "$select=shoeSize", "", bad},

		{"an unknown path", "/shoes", "", "", "ResourceNotFound"},
		{"presence by name instead of id", "/users/anja@contoso.example/presence", "", "", "BadRequest"},
		{"presence of nobody", "/communications/presences/" + contoso, "", "", "NotFound"},
	}
	r := newRig(t, 60)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := r.get(tt.path, tt.query, tt.header)
			if a.body.Error.Code != tt.code {
				t.Fatalf("%d %q (%s), want code %q", a.status, a.body.Error.Code, a.body.Error.Message, tt.code)
			}
			if ok := a.status == http.StatusOK; ok != (tt.code == "") {
				t.Errorf("status %d with code %q", a.status, tt.code)
			}
		})
	}
}

func TestEveryRefusalCarriesTheIDsThatSupportAsksFor(t *testing.T) {
	r := newRig(t, 20)
	const mine = "01234567-89ab-4def-8123-456789abcdef"
	a := r.get("/users", "$top=0", "client-request-id: "+mine)
	inner := a.body.Error.InnerError
	if inner["client-request-id"] != mine || a.header.Get("client-request-id") != mine {
		t.Errorf("client-request-id %q, header %q, want %q", inner["client-request-id"], a.header.Get("client-request-id"), mine)
	}
	if id := a.header.Get("request-id"); !isGUID(id) || inner["request-id"] != id {
		t.Errorf("request-id %q in the header, %q in the body", id, inner["request-id"])
	}
	if inner["date"] != "2026-11-22T08:00:00" {
		t.Errorf("date %q", inner["date"])
	}
}

func TestAWrongMethodIsToldTheRightOne(t *testing.T) {
	r := newRig(t, 20)
	for path, allowed := range map[string]string{
		"/users": "GET", "/users/delta": "GET", "/users/" + contoso: "GET",
		"/communications/getPresencesByUserId": "POST", "/oauth2PermissionGrants": "GET",
	} {
		a := r.do(http.MethodDelete, "http://graph.test/v1.0"+path, all, nil)
		if a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") != allowed {
			t.Errorf("DELETE %s: %d, Allow %q", path, a.status, a.header.Get("Allow"))
		}
	}
}
