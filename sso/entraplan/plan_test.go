package entraplan_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"teamsbridge/internal/cloud"
	"teamsbridge/sso"
	"teamsbridge/sso/entraplan"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const (
	tenant        = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
	graphResource = "00000003-0000-0000-c000-000000000000"
)

func options() entraplan.Options {
	return entraplan.Options{Host: "consult.example.com", Tenant: tenant}
}

func plan(t *testing.T, o entraplan.Options) *entraplan.Plan {
	t.Helper()
	p, err := entraplan.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// file finds one of a plan's by name.
func file(t *testing.T, p *entraplan.Plan, name string) entraplan.File {
	t.Helper()
	files := p.Files()
	i := slices.IndexFunc(files, func(f entraplan.File) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("the plan has no %s", name)
	}
	return files[i]
}

// variants are plans that together use everything a plan can say.
func variants(t *testing.T) map[string]entraplan.Options {
	t.Helper()
	full := entraplan.Options{
		Name: `Rücksprache "${x}"`, Host: "Consult.Example.com", Tenant: strings.ToUpper(tenant), Groups: true, SeveralOrganisations: true,
		Certificate: readCertificate(t),
	}
	delegated := options()
	delegated.Cloud, delegated.Permissions = cloud.DoD, entraplan.Delegated
	china := options()
	china.Cloud = cloud.China
	federated := options()
	federated.Credential, federated.Federation = entraplan.CredentialFederated, cluster
	federated.Cloud = cloud.GCCHigh
	secret := options()
	secret.Credential = entraplan.CredentialSecret
	return map[string]entraplan.Options{
		"plain": options(), "full": full, "delegated-dod": delegated, "china": china, "federated": federated, "secret": secret,
	}
}

var cluster = entraplan.Federation{Issuer: "https://oidc.example.com/cluster-1/", Subject: "system:serviceaccount:contact-centre:teamsbridge"}

func readCertificate(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/certificate.pem")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestPlansAreWhatIsKeptAsGolden(t *testing.T) {
	for name, o := range variants(t) {
		p := plan(t, o)
		files := append(p.Files(), entraplan.File{Name: "review.txt", Content: []byte(p.Review())})
		for _, f := range files {
			t.Run(name+"/"+f.Name, func(t *testing.T) {
				golden := filepath.Join("testdata", name, f.Name)
				if *update {
					if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(golden, f.Content, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), string(f.Content)); diff != "" {
					t.Errorf("changed (go test ./sso/entraplan -update keeps it):\n%s", diff)
				}
			})
		}
	}
}

func TestRequestBodiesAreWhatGraphTakes(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("testdata/application.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range variants(t) {
		for _, body := range []string{"application.json", "pre-authorized.json"} {
			t.Run(name+"/"+body, func(t *testing.T) {
				value, err := jsonschema.UnmarshalJSON(bytes.NewReader(file(t, plan(t, o), body).Content))
				if err != nil {
					t.Fatal(err)
				}
				if err := schema.Validate(value); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

var unfilled = regexp.MustCompile(`@[A-Z]+@`)

func TestScriptIsOneThatBashReads(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Fatalf("bash is needed to test a script for it: %v", err)
	}
	for name, o := range variants(t) {
		t.Run(name, func(t *testing.T) {
			script := file(t, plan(t, o), "register.sh")
			cmd := exec.CommandContext(t.Context(), bash, "-n")
			cmd.Stdin = bytes.NewReader(script.Content)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			if !script.Executable {
				t.Error("is not to be executed")
			}
			if left := unfilled.Match(script.Content); left {
				t.Error("a place was not filled in")
			}
		})
	}
}

// fakeAzure answers as the Azure CLI does to the script, and counts secrets.
const fakeAzure = `#!/bin/sh
case "$*" in
"cloud show"*) echo AzureCloud ;;
"account show"*) echo ` + tenant + ` ;;
*addPassword*) echo made >>secrets-made; echo a-secret ;;
*"--method POST"*applications*) echo an-object-id ;;
*select=appId*) echo a-client-id ;;
esac
`

func TestSecretIsMadeOnceForItsOwnerOnly(t *testing.T) {
	dir := t.TempDir()
	o := options()
	o.Credential = entraplan.CredentialSecret
	files := append(plan(t, o).Files(), entraplan.File{Name: "az", Content: []byte(fakeAzure)})
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Content, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		cmd := exec.CommandContext(t.Context(), filepath.Join(dir, "register.sh"))
		cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"))
		out, err := cmd.CombinedOutput()
		if err != nil || !bytes.Contains(out, []byte("client_secret_file: client-secret\n  client_secret_ends: \"20")) || bytes.Contains(out, []byte("a-secret")) {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	kept, err := os.Stat(filepath.Join(dir, "client-secret"))
	if err != nil || kept.Mode().Perm() != 0o600 {
		t.Errorf("kept %v, %v", kept, err)
	}
	if made, err := os.ReadFile(filepath.Join(dir, "secrets-made")); string(made) != "made\n" {
		t.Errorf("made %q, %v", made, err)
	}
}

func TestTerraformAndGraphRegisterTheSame(t *testing.T) {
	for name, o := range variants(t) {
		t.Run(name, func(t *testing.T) {
			p := plan(t, o)
			var body struct {
				DisplayName, Description, SignInAudience string
				AppRoles                                 []struct{ ID, Value string }
				KeyCredentials                           []struct{ KeyID, EndDateTime string }
			}
			if err := json.Unmarshal(file(t, p, "application.json").Content, &body); err != nil {
				t.Fatal(err)
			}
			found := blocks(t, file(t, p, "main.tf"))
			app := found["azuread_application"]
			got := []string{literal(t, app, "display_name"), literal(t, app, "description"), literal(t, app, "sign_in_audience")}
			want := []string{body.DisplayName, body.Description, body.SignInAudience}
			for _, block := range app.Body.Blocks {
				if block.Type == "app_role" {
					got = append(got, literal(t, block, "id"), literal(t, block, "value"))
				}
			}
			for _, r := range body.AppRoles {
				want = append(want, r.ID, r.Value)
			}
			if certificate := found["azuread_application_certificate"]; certificate != nil {
				got = append(got, literal(t, certificate, "key_id"), literal(t, certificate, "end_date"))
			}
			for _, c := range body.KeyCredentials {
				want = append(want, c.KeyID, c.EndDateTime)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRolesThatApplicationsMayHaveHereCanBeGivenToThem(t *testing.T) {
	var body struct {
		AppRoles []struct {
			Value              string
			AllowedMemberTypes []string
		}
	}
	if err := json.Unmarshal(file(t, plan(t, variants(t)["plain"]), "application.json").Content, &body); err != nil {
		t.Fatal(err)
	}
	const id = "11111111-2222-4333-8444-555555555555"
	for _, r := range body.AppRoles {
		admitted := sso.Config{Entra: sso.EntraConfig{
			ClientID: id, Tenants: []string{id}, Applications: []sso.ApplicationConfig{{ClientID: id, Roles: []sso.Role{sso.Role(r.Value)}}},
		}}.Validate() == nil
		if given := slices.Contains(r.AllowedMemberTypes, "Application"); given != admitted || !slices.Contains(r.AllowedMemberTypes, "User") {
			t.Errorf("%s: for %v, and sso.entra.applications takes it: %v", r.Value, r.AllowedMemberTypes, admitted)
		}
	}
	if len(body.AppRoles) != len(sso.Roles) {
		t.Errorf("%d roles", len(body.AppRoles))
	}
}

func TestPermissionsAreTheLeastForModeAndCloud(t *testing.T) {
	const (
		signIn = "37f7f235-527c-4136-accd-4a02d197296e=Scope 14dad69e-099b-42c9-810b-d002981feec1=Scope"
		users  = " df021288-bdef-4463-88db-98f22de89214=Role"
	)
	for _, row := range []struct {
		name, cloud, mode string
		groups            bool
		want              string
	}{
		{"the service's own", cloud.Global, "", false, signIn + users + " a70e0c2d-e793-494c-94c4-118fa0a67f42=Role"},
		{"with groups", cloud.GCCHigh, entraplan.Application, true, signIn + users + " a70e0c2d-e793-494c-94c4-118fa0a67f42=Role 98830695-27a2-44f7-8c18-0c3ebc9698f6=Role"},
		{"no presence in China", cloud.China, "", false, signIn + users},
		{"on behalf of agents nothing of its own", cloud.Global, entraplan.Delegated, false, signIn + " a154be20-db9c-4678-8ab7-66f6cc099a59=Scope 9c7a330d-35b3-4aa1-963d-cb2b9f927841=Scope"},
	} {
		t.Run(row.name, func(t *testing.T) {
			o := options()
			o.Cloud, o.Permissions, o.Groups = row.cloud, row.mode, row.groups
			var body struct {
				RequiredResourceAccess []struct {
					ResourceAppID  string
					ResourceAccess []struct{ ID, Type string }
				}
			}
			if err := json.Unmarshal(file(t, plan(t, o), "application.json").Content, &body); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, resource := range body.RequiredResourceAccess {
				if resource.ResourceAppID != graphResource {
					t.Errorf("asks something of %s", resource.ResourceAppID)
				}
				for _, access := range resource.ResourceAccess {
					got = append(got, access.ID+"="+access.Type)
				}
			}
			if diff := cmp.Diff(row.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNothingIsPlannedWithoutBeingTold(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*entraplan.Options)
		want   string
	}{
		{"an address instead of a name", func(o *entraplan.Options) { o.Host = "https://consult.example.com" }, "host: "},
		{"a name with a port", func(o *entraplan.Options) { o.Host = "consult.example.com:8443" }, "host: "},
		{"a name without a domain", func(o *entraplan.Options) { o.Host = "localhost" }, "host: "},
		{"a number of this machine", func(o *entraplan.Options) { o.Host = "127.0.0.1" }, "host: "},
		{"a command in the name", func(o *entraplan.Options) { o.Host = "a.example;rm -r ~" }, "host: "},
		{"no tenant", func(o *entraplan.Options) { o.Tenant = "" }, "tenant: "},
		{"a tenant by its domain", func(o *entraplan.Options) { o.Tenant = "contoso.onmicrosoft.com" }, "tenant: "},
		{"another cloud", func(o *entraplan.Options) { o.Cloud = "moon" }, "cloud: must be global"},
		{"another mode", func(o *entraplan.Options) { o.Permissions = "all" }, "permissions: "},
		{"groups on behalf of agents", func(o *entraplan.Options) { o.Groups, o.Permissions = true, entraplan.Delegated }, "groups: "},
		{"a display name of two lines", func(o *entraplan.Options) { o.Name = "a\nb" }, "name: "},
		{"a display name that is too long", func(o *entraplan.Options) { o.Name = strings.Repeat("x", 121) }, "name: "},
		{"another credential", func(o *entraplan.Options) { o.Credential = "password" }, "credential: must be certificate, federated or secret"},
		{"tokens of nobody", func(o *entraplan.Options) { o.Credential = entraplan.CredentialFederated }, "issuer: "},
		{"tokens over plain http", func(o *entraplan.Options) {
			o.Credential, o.Federation = entraplan.CredentialFederated, entraplan.Federation{Issuer: "http://oidc.example.com", Subject: "s"}
		}, "issuer: "},
		{"tokens of an issuer with a question", func(o *entraplan.Options) {
			o.Credential, o.Federation = entraplan.CredentialFederated, entraplan.Federation{Issuer: "https://oidc.example.com/?a=b", Subject: "s"}
		}, "issuer: "},
		{"tokens for nobody", func(o *entraplan.Options) {
			o.Credential, o.Federation = entraplan.CredentialFederated, entraplan.Federation{Issuer: cluster.Issuer}
		}, "subject: "},
		{"tokens for a subject of two lines", func(o *entraplan.Options) {
			o.Credential, o.Federation = entraplan.CredentialFederated, entraplan.Federation{Issuer: cluster.Issuer, Subject: "a\nb"}
		}, "subject: "},
		{"tokens beside a certificate", func(o *entraplan.Options) { o.Federation = cluster }, "issuer and subject: "},
		{"a certificate beside a secret", func(o *entraplan.Options) {
			o.Credential, o.Certificate = entraplan.CredentialSecret, readCertificate(t)
		}, "certificate: is for credential certificate"},
		{"a file without a certificate", func(o *entraplan.Options) { o.Certificate = []byte("hello") }, "certificate: "},
		{"a broken certificate", func(o *entraplan.Options) {
			o.Certificate = []byte("-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n")
		}, "certificate: "},
	} {
		t.Run(row.name, func(t *testing.T) {
			o := options()
			row.change(&o)
			if _, err := entraplan.New(o); err == nil || !strings.HasPrefix(err.Error(), row.want) {
				t.Errorf("%v, want %s", err, row.want)
			}
		})
	}
}

func TestKeyOfTheCertificateIsInNoFile(t *testing.T) {
	o := options()
	o.Certificate = append([]byte("-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----\n"), readCertificate(t)...)
	for _, f := range plan(t, o).Files() {
		if bytes.Contains(f.Content, []byte("PRIVATE")) || bytes.Contains(f.Content, []byte("bm90IGEga2V5")) {
			t.Errorf("%s holds a key", f.Name)
		}
	}
}

// FuzzNamesStayTexts holds what an operator types against both languages that
// it is written in.
func FuzzNamesStayTexts(f *testing.F) {
	for _, seed := range []string{"teamsbridge", `"`, `\`, "${terraform.workspace}", "%{ for a in b }", "$$${", `%%{"`, "a'b`c", "Ü €"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		o := options()
		o.Name = name
		p, err := entraplan.New(o)
		if err != nil || name == "" {
			return
		}
		var body struct{ DisplayName string }
		if err := json.Unmarshal(file(t, p, "application.json").Content, &body); err != nil {
			t.Fatal(err)
		}
		if got := literal(t, blocks(t, file(t, p, "main.tf"))["azuread_application"], "display_name"); got != body.DisplayName || got != name {
			t.Errorf("%q became %q and %q", name, body.DisplayName, got)
		}
	})
}
