package configs_test

import (
	"path/filepath"
	"strings"
	"testing"

	"teamsbridge/configs"
)

func TestNamesOfFilesAreRelativeToTheConfiguration(t *testing.T) {
	text := minimal + "credential: {certificate_file: service.pem}\nweb: {tls: {cert_file: tls.crt, key_file: /etc/tls.key}}\noutbound: {ca_file: ca.pem}\n"
	cfg, err := configs.Parse([]byte(text), configs.Source{Dir: "/srv/teamsbridge"})
	if err != nil {
		t.Fatal(err)
	}
	got := []string{cfg.Credential.CertificateFile, cfg.Web.TLS.CertFile, cfg.Web.TLS.KeyFile, cfg.Outbound.CAFile}
	want := []string{"/srv/teamsbridge/service.pem", "/srv/teamsbridge/tls.crt", "/etc/tls.key", "/srv/teamsbridge/ca.pem"}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestCheckFilesOpensWhatAStartWould(t *testing.T) {
	testdata := filepath.Join("..", "sso", "azcred", "testdata")
	for _, c := range []struct{ name, text, want string }{
		{"a PKCS #12 file without password", "credential: {certificate_file: plain.pfx}\n", ""},
		{"one with a password", "credential: {certificate_file: password.pfx}\n", "credential.certificate_file: holds no readable certificate"},
		{"no file", "credential: {certificate_file: gone.pem}\n", "credential.certificate_file: open "},
		{"a TLS certificate that is none", "credential: {certificate_file: plain.pfx}\nweb: {tls: {cert_file: plain.pfx, key_file: plain.pfx}}\n", "web.tls: cannot be used"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg, err := configs.Parse([]byte(minimal+c.text), configs.Source{Dir: testdata})
			if err != nil {
				t.Fatal(err)
			}
			err = configs.CheckFiles(cfg)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestKindsOfCredential(t *testing.T) {
	for text, want := range map[string]string{
		"credential: {client_id: 11111111-2222-4333-8444-555555555555}\n":                             "credential: needs one of certificate_file",
		"credential: {certificate_file: a.pem, federated_token_file: token}\n":                        "credential.federated_token_file: only one of",
		"credential: {managed_identity: system}\n":                                                    "credential.managed_identity: must be the client id",
		"credential: {certificate_file: a.pem, certificate_password: swordfish}\n":                    "credential.certificate_password: a secret does not belong in this file",
		"credential: {client_secret_ends: 2027-03-01}\n":                                              "credential.client_secret_ends: must be a text (put it in quotes)",
		"credential: {client_secret_ends: next year, certificate_file: a.pem}\n":                      "credential.client_secret_ends: must be a day like 2027-03-01",
		"credential: {managed_identity: 22222222-3333-4444-8555-666666666666, authority: 'http://x'}": "credential.authority: must begin with https://",
	} {
		t.Run(want, func(t *testing.T) {
			_, err := configs.Parse([]byte(minimal+text), configs.Source{})
			if err == nil || !contains(strings.Split(err.Error(), "\n"), want) {
				t.Errorf("no line begins with %q in:\n%v", want, err)
			}
		})
	}
}
