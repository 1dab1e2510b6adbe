package teamsapp

import (
	"archive/zip"
	"bytes"
	"flag"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write golden files anew")

var example = App{Host: "bridge.example.com", ClientID: "11111111-2222-4333-8444-555555555555", Organization: "Example Ltd"}

func parts(t *testing.T, app App) map[string][]byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, app); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if all[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// The golden files are what web/ui's tests hold against Microsoft's schema.
func TestThePackageHasManifestWordsAndIcons(t *testing.T) {
	got := parts(t, example)
	if len(got) != 4 {
		t.Errorf("%d files in the package, want 4", len(got))
	}
	for _, name := range []string{"manifest.json", "de.json"} {
		golden := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(golden, got[name], 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got[name])); diff != "" {
			t.Errorf("%s (go test ./configs/teamsapp -update writes it):\n%s", name, diff)
		}
	}
}

func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	var one, two bytes.Buffer
	for _, w := range []io.Writer{&one, &two} {
		if err := Write(w, example); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("two packages differ")
	}
	upper := example
	upper.Host, upper.ClientID = strings.ToUpper(upper.Host), strings.ToUpper(upper.ClientID)
	if example.id() != upper.id() {
		t.Error("another spelling of the host is another app")
	}
	other := example
	other.Host = "other.example.com"
	if example.id() == other.id() {
		t.Error("another host is the same app")
	}
}

// Teams refuses other sizes, and an outline that is not white on nothing.
func TestTheIconsAreAsTeamsWantsThem(t *testing.T) {
	got := parts(t, example)
	size := func(name string, want int) image.Image {
		t.Helper()
		icon, err := png.Decode(bytes.NewReader(got[name]))
		if err != nil {
			t.Fatal(err)
		}
		if icon.Bounds() != image.Rect(0, 0, want, want) {
			t.Errorf("%s is %v", name, icon.Bounds())
		}
		return icon
	}
	size("color.png", 192)
	outline := size("outline.png", 32)
	seen := 0
	for y := range 32 {
		for x := range 32 {
			r, g, b, a := outline.At(x, y).RGBA()
			if a != 0 {
				seen++
			}
			if r != a || g != a || b != a { // premultiplied: white of any opacity
				t.Fatalf("outline.png is not white at %d,%d", x, y)
			}
		}
	}
	if seen == 0 || seen > 32*32/2 {
		t.Errorf("outline.png: %d of %d points are drawn", seen, 32*32)
	}
}

func TestTheNamesLeaveTeamsToMicrosoft(t *testing.T) {
	m := manifestOf(example)
	for _, words := range []string{m.Name.Short, m.Name.Full, german["name.short"], german["name.full"]} {
		if strings.Contains(strings.ToLower(words), "teams") {
			t.Errorf("the name %q holds Microsoft's", words)
		}
	}
	for place, longest := range map[string]int{"name.short": 30, "name.full": 100, "description.short": 80, "description.full": 4000} {
		if n := utf8.RuneCountInString(german[place]); n == 0 || n > longest {
			t.Errorf("German %s has %d characters, at most %d fit", place, n, longest)
		}
	}
}

func TestWhatCannotBeAnAppIsRefusedWithReasons(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*App)
		says   string
	}{
		{"no host", func(a *App) { a.Host = "" }, "host must be a host name"},
		{"an address instead of a host", func(a *App) { a.Host = "https://bridge.example.com/" }, "host must be a host name"},
		{"a path behind the host", func(a *App) { a.Host = "bridge.example.com/x" }, "host must be a host name"},
		{"somebody at the host", func(a *App) { a.Host = "me@bridge.example.com" }, "host must be a host name"},
		{"every host of a domain", func(a *App) { a.Host = "*.example.com" }, "host must be a host name"},
		{"a short name", func(a *App) { a.Host = "bridge" }, "full name"},
		{"this machine", func(a *App) { a.Host = "127.0.0.1:8080" }, "full name"},
		{"this machine in the newer way", func(a *App) { a.Host = "[::1]" }, "full name"},
		{"no client id", func(a *App) { a.ClientID = "" }, "client id must be the GUID"},
		{"a client id in braces", func(a *App) { a.ClientID = "{11111111-2222-4333-8444-555555555555}" }, "client id must be the GUID"},
		{"a word as version", func(a *App) { a.Version = "latest" }, "version must be three numbers"},
		{"a version of two numbers", func(a *App) { a.Version = "1.0" }, "version must be three numbers"},
		{"a version with a leading zero", func(a *App) { a.Version = "1.01.0" }, "version must be three numbers"},
		{"a long organisation", func(a *App) { a.Organization = strings.Repeat("ü", 33) }, "it has 33"},
		{"plain http for privacy", func(a *App) { a.PrivacyURL = "http://example.com/" }, "privacy url must begin with https://"},
		{"terms that are no address", func(a *App) { a.TermsURL = "ask us" }, "terms url must begin with https://"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			app := example
			tt.change(&app)
			var out bytes.Buffer
			if err := Write(&out, app); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v, want %q", err, tt.says)
			}
			if out.Len() > 0 {
				t.Error("something was written all the same")
			}
		})
	}
}
