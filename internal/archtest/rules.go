package archtest

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

const (
	module = "teamsbridge"
	binary = "cmd/teamsbridge"
)

// Package is what `go list -json` tells of one package of this module.
type Package struct {
	ImportPath   string
	Dir          string
	Imports      []string // of production files
	TestImports  []string
	XTestImports []string
	GoFiles      []string
	TestGoFiles  []string
	XTestGoFiles []string
}

// folder says what the packages below a folder may import of this module.
// Packages not named here may not exist.
type folder struct {
	path    string   // relative to the module
	imports []string // folders whose own package it may import; "*" is everything
}

// folders is the plan. The most exact path counts.
var folders = []folder{
	{binary, []string{"*"}},
	{"demo", []string{"*"}},
	{"demo/telephones", []string{"consult", "consult/memswitch", "consult/sip", "consult/sip/ua", "consult/sip/media", "consult/sip/sdp", "consult/sip/g711"}},
	{"audit", nil},
	{"audit/calls", []string{"audit", "consult"}},
	{"privacy", []string{"audit", "consult", "sso"}},
	{"configs", []string{"audit", "internal/cloud", "graph", "graph/budget", "presence", "sso", "sso/azcred", "consult", "consult/dial", "consult/reserve", "consult/sip", "web", "internal/logging", "internal/tlsfiles"}},
	{"configs/teamsapp", nil},
	{"graph", []string{"graph/budget"}},
	{"graph/budget", nil},
	{"graph/msgraph", []string{"graph", "graph/budget", "presence", "internal/cloud"}},
	{"graph/graphtest", []string{"graph", "sso/ssotest"}},
	{"graph/graphtest/apitest", nil},
	{"presence", []string{"graph", "graph/budget"}},
	{"presence/presencetest", []string{"graph", "presence"}},
	{"sso", []string{"internal/cloud"}},
	{"sso/azcred", []string{"internal/cloud", "internal/renewal"}},
	{"sso/entraplan", []string{"internal/cloud"}},
	{"sso/onbehalf", []string{"graph", "sso"}},
	{"sso/ssotest", []string{"sso"}},
	{"sso/sessiontest", []string{"sso"}},
	{"sso/tokentest", []string{"sso"}},
	{"consult", []string{"graph", "graph/budget", "presence", "sso", "consult/dial"}},
	{"consult/dial", nil},
	{"consult/explain", []string{"consult/dial", "graph", "sso"}},
	{"consult/memswitch", []string{"consult", "consult/outbox"}},
	{"consult/outbox", []string{"consult"}},
	{"consult/sip/sdp", nil},
	{"consult/sip/g711", nil},
	{"consult/sip/media", []string{"consult/sip/g711", "consult/sip/sdp"}},
	{"consult/sip/media/tonetest", []string{"consult/sip/g711", "consult/sip/sdp"}},
	{"consult/reserve", []string{"audit", "consult", "sso"}},
	{"consult/reserve/reservetest", []string{"sso", "sso/sessiontest", "sso/ssotest"}},
	{"consult/sip", []string{"consult", "consult/dial", "consult/outbox", "consult/reserve", "internal/tlsfiles", "consult/sip/ua", "consult/sip/media", "consult/sip/sdp"}},
	{"consult/sip/ua", nil},
	{"consult/sip/siptest", []string{"consult/sip/ua", "consult/sip/sdp", "consult/sip/media", "consult/sip/media/tonetest"}},
	{"consult/consulttest", []string{"consult"}},
	{"store", nil},
	{"store/sqlite", []string{"audit", "graph", "presence", "sso", "consult", "consult/reserve", "store"}},
	{"store/sqlite/disktest", nil},
	{"store/postgres", []string{"audit", "graph", "presence", "sso", "consult", "consult/reserve", "store"}},
	{"store/postgres/pgtest", nil},
	{"store/storetest", []string{"audit", "privacy", "graph", "sso", "consult", "consult/reserve", "store"}},
	{"web", []string{"audit", "graph", "graph/budget", "presence", "sso", "consult", "consult/dial", "consult/explain", "consult/reserve", "internal/cloud", "internal/renewal", "internal/seal"}},
	{"web/ui", nil},
	{"internal/archtest", nil},
	{"internal/bench", nil},
	{"internal/bench/calls", nil},
	{"internal/bench/searchrivals", nil},
	{"internal/cloud", nil},
	{"internal/crash", nil},
	{"internal/e2e", nil},
	{"internal/e2e/processtest", []string{"internal/logtest"}},
	{"internal/heapfloor", nil},
	{"internal/logging", nil},
	{"internal/logtest", nil},
	{"internal/porttest", nil},
	{"internal/realcalls", nil},
	{"internal/renewal", nil},
	{"internal/seal", nil},
	{"internal/tlsfiles", []string{"internal/renewal"}},
}

// onlyIn keeps what is expensive or dangerous in one place. Tests may prove the
// simulated Entra with azidentity, but the SDK costs every test that links it.
var onlyIn = []struct {
	imported, in string
	testsToo     bool
}{
	{"github.com/microsoftgraph/msgraph-sdk-go", "graph/msgraph", true},
	{"github.com/Azure/azure-sdk-for-go/sdk/azidentity", "sso/azcred", false},
	{"github.com/blevesearch/bleve", "internal/bench/searchrivals", true},
}

// Violations lists every import of the packages that the plan forbids.
func Violations(packages []Package) []string {
	var found []string
	for _, p := range packages {
		own, ok := planned(p.ImportPath)
		if !ok {
			found = append(found, fmt.Sprintf("%s: is not in the plan (internal/archtest/rules.go)", p.ImportPath))
			continue
		}
		for _, imported := range p.Imports {
			if why := forbidden(own, p.ImportPath, imported); why != "" {
				found = append(found, fmt.Sprintf("%s imports %s: %s", p.ImportPath, imported, why))
			}
		}
		for _, imported := range slices.Concat(p.TestImports, p.XTestImports) {
			if why := misplaced(p.ImportPath, imported, true); why != "" {
				found = append(found, fmt.Sprintf("%s (tests) imports %s: %s", p.ImportPath, imported, why))
			}
		}
	}
	return found
}

func planned(importPath string) (folder, bool) {
	for _, f := range folders {
		if importPath == module+"/"+f.path {
			return f, true
		}
	}
	return folder{}, false
}

func forbidden(own folder, from, imported string) string {
	if why := misplaced(from, imported, false); why != "" {
		return why
	}
	testOnly := isTest(from)
	if imported == "testing" || strings.HasPrefix(imported, "testing/") {
		if !testOnly {
			return "testing stays out of production"
		}
		return ""
	}
	inner, ours := strings.CutPrefix(imported, module+"/")
	if ours && isTest(imported) && from == module+"/"+binary {
		return "the binary has simulators through the demo only, never beside it"
	}
	if !ours || slices.Contains(own.imports, "*") {
		return ""
	}
	if isTest(imported) && !testOnly {
		return "test packages are for tests, each other and the demo"
	}
	if !slices.Contains(own.imports, inner) {
		return "the plan does not allow it"
	}
	return ""
}

func misplaced(from, imported string, inTest bool) string {
	for _, rule := range onlyIn {
		if inTest && !rule.testsToo {
			continue
		}
		if imported != rule.imported && !strings.HasPrefix(imported, rule.imported+"/") {
			continue
		}
		if from != module+"/"+rule.in {
			return "belongs in " + rule.in + " only"
		}
	}
	return ""
}

// isTest reports whether a package exists for tests: its name ends in "test".
func isTest(importPath string) bool { return strings.HasSuffix(path.Base(importPath), "test") }
