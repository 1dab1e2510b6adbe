package web

import (
	"strings"
	"testing"
)

func TestAConfigurationsProblemsAreToldByTheirSetting(t *testing.T) {
	for _, test := range []struct {
		name string
		cfg  Config
		want string // empty: nothing is wrong
	}{
		{"nothing said", Config{}, ""},
		{"everything in order", Config{Listen: "127.0.0.1:8080", PublicURL: "https://desktop.example.com/", CookieName: "__Host-desk", TrustedProxies: []string{"10.0.0.0/8"}}, ""},
		{"an address without a port", Config{Listen: "127.0.0.1"}, "listen: "},
		{"an internal address without a port", Config{InternalListen: "localhost"}, "internal_listen: "},
		{"a public address that is a name", Config{PublicURL: "desktop.example.com"}, "public_url: "},
		{"a public address with a path", Config{PublicURL: "https://example.com/desktop"}, "public_url: must have no path"},
		{"a certificate without its key", Config{TLS: TLSConfig{CertFile: "cert.pem"}}, "tls: "},
		{"a cookie that no browser would take", Config{CookieName: "agent desktop"}, "cookie_name: "},
		{"a cookie that would be two", Config{CookieName: "desktop=1; x"}, "cookie_name: "},
		{"a key that is a word", Config{SessionKey: "secret"}, "session_key: "},
		{"a search that nobody knows", Config{ExpertsSearch: "closed"}, "experts_search: "},
		{"bodies of less than nothing", Config{MaxBody: -1}, "max_body: "},
		{"a time that is over", Config{ReadTimeout: -1}, "read_timeout: "},
		{"a proxy that is a name", Config{TrustedProxies: []string{"proxy.example.com"}}, "trusted_proxies: "},
		{"everybody as a proxy", Config{TrustedProxies: []string{"0.0.0.0/0"}}, "trusted_proxies: 0.0.0.0/0 would let everybody say where they come from"},
	} {
		t.Run(test.name, func(t *testing.T) {
			switch err := test.cfg.Validate(); {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (err == nil || !strings.HasPrefix(err.Error(), test.want)):
				t.Errorf("%v, want %s", err, test.want)
			}
		})
	}
}
