package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The set is told beside the constants; this holds the two together.
func TestAClosedSetHasEveryConstantOfItsType(t *testing.T) {
	for of, set := range closedSets {
		folder, inOthers := strings.CutPrefix(of.PkgPath(), "teamsbridge/")
		if folder == "web" || !inOthers {
			continue
		}
		t.Run(of.String(), func(t *testing.T) {
			want := constantsOf(t, filepath.Join("..", folder), of)
			var told []string
			for _, word := range set.words {
				told = append(told, word.(string))
			}
			slices.Sort(told)
			if diff := cmp.Diff(want, told); diff != "" {
				t.Errorf("constants and set differ:\n%s", diff)
			}
		})
	}
}

// constantsOf reads the values of a type's constants from its package; the
// empty one is no word.
func constantsOf(t *testing.T, folder string, of reflect.Type) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no source of %s: %v", of, err)
	}
	var values []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || !isNamed(spec.Type, of.Name()) {
				return true
			}
			for _, value := range spec.Values {
				literal, ok := value.(*ast.BasicLit)
				if !ok {
					continue
				}
				text, err := strconv.Unquote(literal.Value)
				if err != nil {
					t.Fatal(err)
				}
				if text != "" {
					values = append(values, text)
				}
			}
			return true
		})
	}
	slices.Sort(values)
	return values
}

func isNamed(e ast.Expr, name string) bool {
	ident, ok := e.(*ast.Ident)
	return ok && ident.Name == name
}
