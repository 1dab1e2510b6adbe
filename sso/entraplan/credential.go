package entraplan

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"teamsbridge/internal/cloud"
)

// With what the service proves to Entra who it is, the best first.
const (
	CredentialCertificate = "certificate" // whose key stays with the service
	CredentialFederated   = "federated"   // tokens of the platform that it runs on; nothing to keep or to renew
	CredentialSecret      = "secret"      // last: whoever reads it is the service
)

// Federation is whose tokens prove who the service is, with CredentialFederated:
// for Kubernetes the cluster's issuer and
// system:serviceaccount:NAMESPACE:SERVICEACCOUNT.
type Federation struct {
	Issuer  string // an https address, as in the tokens' iss, letter for letter
	Subject string // as in the tokens' sub
}

// federatedName is the credential's name in the registration, which is how it is
// found again.
const federatedName = "teamsbridge"

// secretDays is how long a secret lives that the script or Terraform makes.
const secretDays = 180

// federatedCredential is Microsoft Graph's resource type federatedIdentityCredential.
type federatedCredential struct {
	Name        string   `json:"name"`
	Issuer      string   `json:"issuer"`
	Subject     string   `json:"subject"`
	Description string   `json:"description"`
	Audiences   []string `json:"audiences"`
}

// exchanges are the audiences of such tokens in each cloud (Microsoft Learn,
// "Important considerations and restrictions for federated identity credentials").
var exchanges = map[string]string{
	cloud.Global:  "api://AzureADTokenExchange",
	cloud.GCCHigh: "api://AzureADTokenExchangeUSGov", cloud.DoD: "api://AzureADTokenExchangeUSGov",
	cloud.China: "api://AzureADTokenExchangeChina",
}

// longestPart bounds issuer and subject, as Entra does.
const longestPart = 600

// credentialProblems are what is wrong with the credential's options, each beginning with one.
func (o Options) credentialProblems() (problems []error) {
	bad := func(wrong bool, format string, args ...any) {
		if wrong {
			problems = append(problems, fmt.Errorf(format, args...))
		}
	}
	switch o.Credential {
	case CredentialFederated:
		at, err := url.Parse(o.Federation.Issuer)
		bad(err != nil || at.Scheme != "https" || at.Host == "" || at.User != nil || at.RawQuery != "" || at.Fragment != "" || !plainPart(o.Federation.Issuer),
			"issuer: must be the https address that the platform's tokens name, as they name it")
		bad(!plainPart(o.Federation.Subject), "subject: must be the subject of the platform's tokens, like system:serviceaccount:NAMESPACE:NAME")
	case CredentialCertificate, CredentialSecret:
		bad(o.Federation != Federation{}, "issuer and subject: are for credential %s", CredentialFederated)
	default:
		bad(true, "credential: must be %s, %s or %s", CredentialCertificate, CredentialFederated, CredentialSecret)
	}
	bad(o.Certificate != nil && o.Credential != CredentialCertificate, "certificate: is for credential %s", CredentialCertificate)
	return problems
}

func plainPart(text string) bool {
	return text != "" && len(text) <= longestPart && utf8.ValidString(text) &&
		strings.IndexFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }) < 0
}

// federated is the body of the request that adds the trust, or brings it up to date.
func (p *Plan) federated() federatedCredential {
	return federatedCredential{
		Name: federatedName, Issuer: p.o.Federation.Issuer, Subject: p.o.Federation.Subject,
		Description: "Tokens of the platform that the service runs on.", Audiences: []string{exchanges[p.cloud.Name]},
	}
}

// credentialReview says in words with what the service will prove who it is.
func (p *Plan) credentialReview() string {
	switch {
	case p.o.Credential == CredentialFederated:
		return fmt.Sprintf("tokens of %s\n                    for %s, audience %s", p.o.Federation.Issuer, p.o.Federation.Subject, exchanges[p.cloud.Name])
	case p.o.Credential == CredentialSecret:
		return fmt.Sprintf("a secret of %d days, made when it is registered; a certificate is better", secretDays)
	case p.certificate != nil:
		return fmt.Sprintf("certificate, SHA-1 thumbprint %s, until %s", p.certificate.thumbprint, p.certificate.ends)
	}
	return "none yet: give a certificate with --certificate, or add one later"
}

// configured is the configuration's section credential, as lines of the script.
func (p *Plan) configured() string {
	switch p.o.Credential {
	case CredentialFederated:
		return "  federated_token_file: /var/run/secrets/azure/tokens/azure-identity-token # where the platform puts it"
	case CredentialSecret:
		return "  client_secret_file: " + fileSecret + "\n  client_secret_ends: \"$(cut -d T -f 1 " + fileSecretEnds + ")\""
	}
	return "  certificate_file: service.pem"
}

// credentialScript is the part of the script that makes the credential.
func (p *Plan) credentialScript() string {
	switch {
	case p.o.Credential == CredentialFederated:
		return strings.NewReplacer("@NAME@", federatedName, "@BODY@", fileFederated).Replace(federatedScript)
	case p.o.Credential == CredentialSecret:
		return strings.NewReplacer("@FILE@", fileSecret, "@ENDS@", fileSecretEnds, "@DAYS@", strconv.Itoa(secretDays)).Replace(secretScript)
	case p.certificate != nil:
		return "# The certificate is part of " + fileApplication + "; its key stays with the service.\n"
	}
	return uncertifiedScript
}

const uncertifiedScript = `echo "still to do: make a certificate and plan again with --certificate service.pem:"
echo "  openssl req -x509 -newkey rsa:3072 -nodes -days 365 -subj /CN=teamsbridge -keyout key.pem -out cert.pem"
echo "  cat cert.pem key.pem > service.pem && chmod 600 service.pem && rm cert.pem key.pem"
`

const federatedScript = `# The platform's tokens prove who the service is: there is nothing to keep.
ask --method PATCH --url "$graph/v1.0/applications/$object_id/federatedIdentityCredentials(name='@NAME@')" \
  --headers Content-Type=application/json Prefer=create-if-missing --body @@BODY@
`

// secretScript makes a secret once: Microsoft shows it never again. GNU's date and
// BSD's count days differently.
const secretScript = `# A secret, into a file that only its owner reads. Without the file a new one is made.
if [ ! -s @FILE@ ]; then
  ends=$(date -u -d "+@DAYS@ days" +%Y-%m-%dT00:00:00Z 2>/dev/null || date -u -v+@DAYS@d +%Y-%m-%dT00:00:00Z)
  (
    umask 077
    ask --method POST --url "$graph/v1.0/applications/$object_id/addPassword" \
      --body "{\"passwordCredential\":{\"displayName\":\"teamsbridge\",\"endDateTime\":\"$ends\"}}" --query secretText >@FILE@
  )
  echo "$ends" >@ENDS@
fi
`

// terraformCredential is what main.tf has of the credential.
func (p *Plan) terraformCredential(h *hcl, application string) {
	switch {
	case p.o.Credential == CredentialFederated:
		f := p.federated()
		h.resource("azuread_application_federated_identity_credential", func() {
			h.attributes(1, "application_id", application, "display_name", quoted(f.Name), "description", quoted(f.Description),
				"issuer", quoted(f.Issuer), "subject", quoted(f.Subject), "audiences", quotedList(f.Audiences))
		})
	case p.o.Credential == CredentialSecret:
		h.resource("azuread_application_password", func() {
			h.line(1, "# Terraform keeps the secret in its state: keep that where the secret may be.")
			h.attributes(1, "application_id", application, "display_name", quoted("teamsbridge"),
				"end_date", fmt.Sprintf(`timeadd(timestamp(), "%dh")`, secretDays*24))
			h.line(0, "")
			h.line(1, "lifecycle {")
			h.line(2, "ignore_changes = [end_date] # else each apply would make another")
			h.line(1, "}")
		})
		h.line(0, "")
		h.line(0, "output %s {", quoted("credential_client_secret"))
		h.attributes(1, "value", "azuread_application_password.teamsbridge.value", "sensitive", "true")
		h.line(0, "}")
	case p.certificate != nil:
		c := p.certificate
		h.resource("azuread_application_certificate", func() {
			h.attributes(1, "application_id", application, "key_id", quoted(c.id()), "type", quoted("AsymmetricX509Cert"),
				"start_date", quoted(c.begins), "end_date", quoted(c.ends), "value", "<<-PEM")
			for line := range strings.Lines(c.pem()) {
				h.line(2, "%s", strings.TrimSuffix(line, "\n"))
			}
			h.line(1, "PEM")
		})
	}
}
