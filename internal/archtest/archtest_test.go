package archtest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"teamsbridge/internal/archtest"
)

// longest is where a file has to be split along a noun.
const longest = 500

func list(t *testing.T) []archtest.Package {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Dir,Imports,TestImports,XTestImports,GoFiles,TestGoFiles,XTestGoFiles", "teamsbridge/...")
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, complaints.String())
	}
	var packages []archtest.Package
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p archtest.Package
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages
		}
		if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

func TestHouseKeepsToItsPlan(t *testing.T) {
	for _, violation := range archtest.Violations(list(t)) {
		t.Error(violation)
	}
}

func TestPlanIsEnforced(t *testing.T) {
	for _, c := range []struct {
		name string
		p    archtest.Package
		bad  bool
	}{
		{"a domain may import what the plan gives it", archtest.Package{ImportPath: "teamsbridge/consult", Imports: []string{"context", "teamsbridge/sso"}}, false},
		{"web may not import an adapter", archtest.Package{ImportPath: "teamsbridge/web", Imports: []string{"teamsbridge/store/sqlite"}}, true},
		{"sso may not import another domain", archtest.Package{ImportPath: "teamsbridge/sso", Imports: []string{"teamsbridge/graph"}}, true},
		{"a package outside the plan may not exist", archtest.Package{ImportPath: "teamsbridge/utils"}, true},
		{"testing stays out of production", archtest.Package{ImportPath: "teamsbridge/sso", Imports: []string{"testing"}}, true},
		{"a test package may import testing", archtest.Package{ImportPath: "teamsbridge/store/storetest", Imports: []string{"testing"}}, false},
		{"production may not import a test package", archtest.Package{ImportPath: "teamsbridge/web", Imports: []string{"teamsbridge/sso/ssotest"}}, true},
		{"tests may import a test package", archtest.Package{ImportPath: "teamsbridge/web", XTestImports: []string{"teamsbridge/sso/ssotest"}}, false},
		{"the demo may import everything", archtest.Package{ImportPath: "teamsbridge/demo", Imports: []string{"teamsbridge/sso/ssotest"}}, false},
		{"the binary may not import a simulator", archtest.Package{ImportPath: "teamsbridge/cmd/teamsbridge", Imports: []string{"teamsbridge/sso/ssotest"}}, true},
		{"the binary may import the demo", archtest.Package{ImportPath: "teamsbridge/cmd/teamsbridge", Imports: []string{"teamsbridge/demo"}}, false},
		{"even the demo may not import Microsoft's SDK", archtest.Package{ImportPath: "teamsbridge/demo", Imports: []string{"github.com/microsoftgraph/msgraph-sdk-go/users"}}, true},
		{"the SDK's core is another module", archtest.Package{ImportPath: "teamsbridge/graph/msgraph", Imports: []string{"github.com/microsoftgraph/msgraph-sdk-go/users"}}, false},
		{"tests may prove a simulator with azidentity", archtest.Package{ImportPath: "teamsbridge/sso/ssotest", XTestImports: []string{"github.com/Azure/azure-sdk-for-go/sdk/azidentity"}}, false},
		{"no test links the SDK by the way", archtest.Package{ImportPath: "teamsbridge/sso", TestImports: []string{"github.com/microsoftgraph/msgraph-sdk-go/users"}}, true},
		{"azidentity has one home", archtest.Package{ImportPath: "teamsbridge/sso", Imports: []string{"github.com/Azure/azure-sdk-for-go/sdk/azidentity"}}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := archtest.Violations([]archtest.Package{c.p})
			if c.bad != (len(found) > 0) {
				t.Errorf("violations = %v", found)
			}
		})
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	for _, p := range list(t) {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, "doc.go"), nil, parser.ParseComments|parser.PackageClauseOnly)
		if err != nil {
			t.Errorf("%s: %v", p.ImportPath, err)
			continue
		}
		if file.Doc == nil {
			t.Errorf("%s: doc.go has no package comment", p.ImportPath)
		}
	}
}

func TestFilesAreShortAndNoTestIsSkipped(t *testing.T) {
	for _, p := range list(t) {
		for _, name := range slices.Concat(p.GoFiles, p.TestGoFiles, p.XTestGoFiles) {
			file := filepath.Join(p.Dir, name)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if lines := bytes.Count(text, []byte("\n")); lines > longest {
				t.Errorf("%s/%s has %d lines, more than %d: split it along a noun", p.ImportPath, name, lines, longest)
			}
			for _, skip := range []string{"t.Skip" + "(", "t.Skip" + "f(", "t.Skip" + "Now("} {
				if strings.Contains(string(text), skip) {
					t.Errorf("%s/%s skips a test with %s", p.ImportPath, name, skip)
				}
			}
		}
	}
}
