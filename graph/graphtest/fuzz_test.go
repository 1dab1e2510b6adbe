package graphtest

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

// The parsers read what strangers write: whatever it is, they answer with a
// condition that can be tested or with a refusal of Graph's, and never panic.

func FuzzFilter(f *testing.F) {
	for _, seed := range []string{
		"displayName eq 'Anna'", "not(startsWith(surname,'O''Hara')) and department in ('IT','Recht')",
		"businessPhones/any(p:startsWith(p,'+49') or p eq '1')", "onPremisesExtensionAttributes/extensionAttribute1 eq 'a'", "((accountEnabled ne true))", "mail eq null",
		"", "(", "not", "in ('", "businessPhones/any(", "id eq", "'", "startsWith(displayName", "eq eq eq", "displayName in ()", "ä",
	} {
		f.Add(seed)
	}
	u := User{ID: contoso, DisplayName: "Anna", BusinessPhones: []string{"1"}}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := userKind.parseFilter(s)
		check(t, c, err, &u)
	})
}

func FuzzSearch(f *testing.F) {
	for _, seed := range []string{
		`"displayName:Anna"`, `"displayName:a b" AND ("mail:x" OR "surname:\"y\"")`, `"`, `"a`, `"a:b" AND`, `(`, `"displayName:\`, `"id:1"`, `AND`, ``,
	} {
		f.Add(seed)
	}
	u := User{ID: contoso, DisplayName: "Anna-Lena McDonald 2nd"}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := userKind.parseSearch(s)
		check(t, c, err, &u)
	})
}

func check(t *testing.T, c condition[User], err error, u *User) {
	t.Helper()
	if err == nil {
		if first := c.test(u); c.test(u) != first || c.reads == 0 {
			t.Error("a condition that is none")
		}
		return
	}
	if f, ok := errors.AsType[*failure](err); !ok || f.status != 400 || f.code == "" {
		t.Errorf("refused with %v", err)
	}
}

func FuzzTokens(f *testing.F) {
	s := newSealer(1)
	f.Add(s.seal(deltaToken{Tenant: contoso}))
	f.Add("")
	f.Add("AAAA")
	f.Fuzz(func(t *testing.T, raw string) {
		var token deltaToken
		if s.open(raw, &token) == nil && s.seal(token) != raw {
			t.Errorf("%q was taken, but never given", raw)
		}
	})
}

// FuzzBatch sends what strangers may put into a batch: whatever it is, the
// answer is one of Graph's.
func FuzzBatch(f *testing.F) {
	f.Add(`{"requests":[{"id":"1","method":"GET","url":"/users?$top=1"}]}`)
	f.Add(`{"requests":[{"id":"1","method":"POST","url":"/$batch"},{"id":"2","method":"GET","url":"//x/users","dependsOn":["1"]}]}`)
	f.Add(`{"requests":[{"id":"1","method":"GET","url":"/users/%2f/%zz?%","headers":{"":"a\nb"}}]}`)
	f.Add(``)
	f.Fuzz(func(t *testing.T, body string) {
		r := newRig(t, 12)
		r.do(http.MethodPost, "http://graph.test/v1.0/$batch", all, strings.NewReader(body))
	})
}
