package sso_test

import (
	"net/url"
	"strings"
	"testing"

	"teamsbridge/sso"
)

func TestReturnPathsStayHere(t *testing.T) {
	for _, safe := range []string{
		"/", "/calls", "/calls/", "/calls/7?tab=experts&q=J%C3%BCrgen", "/calls#consult", "/a-b_c~d.e",
		"/?next=https://example.com", "/calls?to=//x", "/authors", "/apiary",
	} {
		if got := sso.SafeReturn(safe); got != safe {
			t.Errorf("SafeReturn(%q) = %q, want it as it is", safe, got)
		}
	}
	for name, unsafe := range map[string]string{
		"nothing":                           "",
		"no slash first":                    "calls",
		"another site":                      "https://evil.example/",
		"another site without its scheme":   "//evil.example",
		"three slashes":                     "///evil.example",
		"a backslash for the second slash":  `/\evil.example`,
		"a backslash first":                 `\/evil.example`,
		"two backslashes":                   `\\evil.example`,
		"a backslash further on":            `/calls\..\..`,
		"a script":                          "javascript:alert(1)",
		"a scheme without slashes":          "https:evil.example",
		"an encoded second slash":           "/%2f/evil.example",
		"an encoded second slash, bare":     "/%2fevil.example",
		"a twice encoded slash":             "/%252fevil.example",
		"an encoded backslash":              "/%5cevil.example",
		"a twice encoded backslash":         "/%255cevil.example",
		"a tab between the slashes":         "/\t/evil.example",
		"a line break":                      "/calls\r\nSet-Cookie: a=b",
		"an encoded line break":             "/calls%0d%0aSet-Cookie:a=b",
		"an encoded zero":                   "/%00",
		"a space first":                     " /calls",
		"a no-break space":                  "/\u00a0/evil.example",
		"an encoding that ends too soon":    "/calls%2",
		"bytes that are no text":            "/\xff\xfe",
		"dots that climb":                   "/../evil",
		"encoded dots that climb":           "/%2e%2e/evil",
		"a dot and two slashes":             "/.//evil.example",
		"two slashes further on":            "/calls//evil.example",
		"the sign-in itself":                "/auth/login?provider=entra",
		"the sign-out":                      "/auth/logout",
		"the sign-out, encoded":             "/%61uth/logout",
		"the sign-out in another case":      "/AUTH/logout",
		"the interface, which shows nobody": "/api/v1/session",
		"somebody at another site":          "//user@evil.example",
		"longer than two KiB":               "/" + strings.Repeat("a", 2048),
	} {
		t.Run(name, func(t *testing.T) {
			if got := sso.SafeReturn(unsafe); got != "/" {
				t.Errorf("SafeReturn(%q) = %q, want /", unsafe, got)
			}
		})
	}
}

func FuzzReturnPathsStayHere(f *testing.F) {
	for _, seed := range []string{"/calls?tab=1#x", "//evil", `/\evil`, "/%2f", "/%25252f", "https:/x", "/a/../b"} {
		f.Add(seed)
	}
	base, err := url.Parse("https://desk.example/auth/callback")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, path string) {
		got := sso.SafeReturn(path)
		reference, err := url.Parse(got)
		if err != nil {
			t.Fatalf("SafeReturn(%q) = %q, which is no address: %v", path, got, err)
		}
		if end := base.ResolveReference(reference); end.Scheme != "https" || end.Host != "desk.example" || strings.HasPrefix(end.Path, "//") {
			t.Errorf("SafeReturn(%q) leads to %s", path, end)
		}
		if strings.ContainsAny(got, "\r\n\t\\") {
			t.Errorf("SafeReturn(%q) = %q", path, got)
		}
	})
}
