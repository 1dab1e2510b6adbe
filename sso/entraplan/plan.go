package entraplan

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"teamsbridge/internal/cloud"
)

// In whose name Graph is asked; the values of the configuration's graph.permissions.
const (
	Application = "application"
	Delegated   = "delegated"
)

// Options are what a registration depends on.
type Options struct {
	Name        string // shown on consent pages; empty means "teamsbridge"
	Host        string // fully qualified name under which browsers reach the service, without scheme or port
	Tenant      string // where the registration is made: a GUID
	Cloud       string // name in package cloud; empty means the worldwide one
	Permissions string // Application (also when empty) or Delegated
	Groups      bool   // experts are narrowed by groups
	// SeveralOrganisations lets people of other tenants sign in too, once their
	// administrators consented.
	SeveralOrganisations bool
	Credential           string     // CredentialCertificate (also when empty), CredentialFederated or CredentialSecret
	Certificate          []byte     // PEM with the service's certificate; nil: it is added later
	Federation           Federation // with CredentialFederated
}

// Plan is a registration that can be written down. Make one with New.
type Plan struct {
	o           Options
	cloud       cloud.Cloud
	permissions []permission
	certificate *certificate // nil without one
}

// New checks the options. Its error joins everything that is wrong, each
// beginning with the option.
func New(o Options) (*Plan, error) {
	o.Name = cmp.Or(o.Name, "teamsbridge")
	o.Host, o.Tenant = strings.ToLower(o.Host), strings.ToLower(o.Tenant)
	o.Permissions, o.Credential = cmp.Or(o.Permissions, Application), cmp.Or(o.Credential, CredentialCertificate)
	p := &Plan{o: o}
	var problems []error
	bad := func(wrong bool, format string, args ...any) {
		if wrong {
			problems = append(problems, fmt.Errorf(format, args...))
		}
	}
	bad(!plainName(o.Name), "name: must be 1 to 120 letters, digits and marks in one line")
	bad(!hostName.MatchString(o.Host) || len(o.Host) > 253,
		"host: must be a full name like consult.example.com, without https:// and port: Entra binds it into the application's id")
	bad(!guid.MatchString(o.Tenant), "tenant: must be the directory (tenant) id, a GUID")
	var known bool
	p.cloud, known = cloud.Named(o.Cloud)
	bad(!known, "cloud: must be %s", strings.Join(cloud.Names(), ", "))
	bad(o.Permissions != Application && o.Permissions != Delegated, "permissions: must be %s or %s", Application, Delegated)
	bad(o.Groups && o.Permissions == Delegated, "groups: cannot be read with permissions %s; use departments or attributes", Delegated)
	problems = append(problems, o.credentialProblems()...)
	if o.Certificate != nil {
		var err error
		if p.certificate, err = readCertificate(o.Certificate); err != nil {
			problems = append(problems, fmt.Errorf("certificate: %w", err))
		}
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	p.permissions = needed(o, p.cloud)
	return p, nil
}

var (
	guid     = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	hostName = regexp.MustCompile(`^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$`)
)

func plainName(name string) bool {
	return name == strings.TrimSpace(name) && utf8.ValidString(name) && utf8.RuneCountInString(name) <= 120 &&
		strings.IndexFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}

// File is one of a plan's.
type File struct {
	Name       string
	Content    []byte
	Executable bool
}

// The names of a plan's files.
const (
	fileApplication   = "application.json"
	filePreAuthorized = "pre-authorized.json"
	fileScript        = "register.sh"
	fileTerraform     = "main.tf"
	fileFederated     = "federated-credential.json"

	// What the script writes.
	fileSecret, fileSecretEnds = "client-secret", "client-secret-ends"
)

// Files are the plan in the three forms; any one of them is enough.
func (p *Plan) Files() []File {
	files := []File{
		{Name: fileApplication, Content: encoded(p.application())},
		{Name: filePreAuthorized, Content: encoded(p.preAuthorized())},
		{Name: fileScript, Content: p.script(), Executable: true},
		{Name: fileTerraform, Content: p.terraform()},
	}
	if p.o.Credential == CredentialFederated {
		files = append(files, File{Name: fileFederated, Content: encoded(p.federated())})
	}
	return files
}

// encoded panics at what cannot be JSON, which none of the types here is.
func encoded(v any) []byte {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return []byte(b.String())
}

// Review says in words what the registration will be allowed to do.
func (p *Plan) Review() string {
	var b strings.Builder
	who := "people of this organisation only"
	if p.o.SeveralOrganisations {
		who = "people of every organisation whose administrator consented and that the service admits"
	}
	fmt.Fprintf(&b, "application %q in tenant %s, cloud %s\n", p.o.Name, p.o.Tenant, p.cloud.Name)
	fmt.Fprintf(&b, "  who signs in      %s\n", who)
	fmt.Fprintf(&b, "  redirects         %s\n", strings.Join(p.redirects(), "\n                    "))
	fmt.Fprintf(&b, "  offers            the scope %s, tokens of version 2\n", ScopeName)
	fmt.Fprintf(&b, "  roles             Agent, Supervisor, Admin; the last two for applications too\n")
	fmt.Fprintf(&b, "  pre-authorised    Teams: %s\n", strings.Join(p.cloud.TeamsClients, "\n                           "))
	for i, permission := range p.permissions {
		label := ""
		if i == 0 {
			label = "asks Graph for"
		}
		fmt.Fprintf(&b, "  %-17s %s (%s): %s\n", label, permission.name, permission.kind(), permission.why)
	}
	fmt.Fprintf(&b, "  credential        %s\n", p.credentialReview())
	return b.String()
}
