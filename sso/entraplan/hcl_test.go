package entraplan_test

import (
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"teamsbridge/sso/entraplan"
)

// blocks gives the resources of a Terraform file by type, after it was parsed as one.
func blocks(t *testing.T, file entraplan.File) map[string]*hclsyntax.Block {
	t.Helper()
	parsed, problems := hclsyntax.ParseConfig(file.Content, file.Name, hcl.InitialPos)
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	found := map[string]*hclsyntax.Block{}
	for _, block := range parsed.Body.(*hclsyntax.Body).Blocks {
		if block.Type == "resource" {
			found[block.Labels[0]] = block
		}
	}
	return found
}

// literal evaluates an attribute that computes nothing.
func literal(t *testing.T, block *hclsyntax.Block, name string) string {
	t.Helper()
	attribute, ok := block.Body.Attributes[name]
	if !ok {
		t.Fatalf("%v has no %s", block.Labels, name)
	}
	value, problems := attribute.Expr.Value(nil)
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return value.AsString()
}
