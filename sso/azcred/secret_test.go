package azcred_test

import (
	"crypto/x509"
	"testing"
	"time"

	"teamsbridge/sso/azcred"
	"teamsbridge/sso/ssotest"
)

func TestARenewedClientSecretNeedsNoRestart(t *testing.T) {
	entra, server, _ := start(t, ssotest.App{Secrets: []string{secret}})
	cfg := config(server)
	credentials := open(t, cfg, server.Client())
	credential, err := credentials.For(tenant)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := credential.GetToken(t.Context(), wanted); err != nil {
		t.Fatal(err)
	}
	entra.AddApp(ssotest.App{
		ClientID: clientID, Secrets: []string{"the next"}, ExpiredSecrets: []string{secret}, GraphApplication: []string{"User.Read.All", "Presence.Read.All"},
	})
	if got := credentials.Try(t.Context(), tenant); got.OK {
		t.Fatal("the old one still works")
	}
	cfg.ClientSecret, cfg.ClientSecretEnds = "the next", "2031-03-01"
	if err := credentials.SetClientSecret(cfg); err != nil {
		t.Fatal(err)
	}
	if got := credentials.Try(t.Context(), tenant); !got.OK {
		t.Errorf("the next one: %+v", got)
	}
	if _, err := credential.GetToken(t.Context(), wanted); err != nil {
		t.Errorf("the credential that was given out before: %v", err)
	}
	if want := time.Date(2031, 3, 1, 0, 0, 0, 0, time.UTC); !credentials.Ends().Equal(want) {
		t.Errorf("it ends %v, want %v", credentials.Ends(), want)
	}
	cfg.ClientSecretEnds = "March"
	if err := credentials.SetClientSecret(cfg); err == nil {
		t.Error("an end that is no day was taken")
	}
}

func TestASecretTakesNoOtherCredentialsPlace(t *testing.T) {
	file, certificate := writeCertificate(t)
	entra, server, _ := start(t, ssotest.App{})
	entra.AddApp(ssotest.App{ClientID: clientID, Certificates: []*x509.Certificate{certificate}, GraphApplication: []string{"User.Read.All"}})
	cfg := config(server)
	cfg.CertificateFile = file
	credentials := open(t, cfg, server.Client())
	for _, other := range []azcred.Config{config(server), cfg} {
		if err := credentials.SetClientSecret(other); err != nil {
			t.Fatal(err)
		}
	}
	if got := credentials.Try(t.Context(), tenant); !got.OK || credentials.Kind() != azcred.KindCertificate || credentials.Assertion() == nil {
		t.Errorf("%+v with %s", got, credentials.Kind())
	}
}
