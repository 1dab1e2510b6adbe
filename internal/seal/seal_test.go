package seal_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"teamsbridge/internal/seal"
)

func keys(t testing.TB, text string) *seal.Keys {
	t.Helper()
	k, err := seal.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestWhatIsSealedIsUnreadableAndOpensWithItsKeyAndNameOnly(t *testing.T) {
	const secret = "0.AAAA-refresh-token"
	first, second := seal.NewKey(), seal.NewKey()
	sealed := keys(t, first).Seal(secret, "row 1")
	if bytes.Contains(sealed, []byte("refresh")) || bytes.Equal(sealed, keys(t, first).Seal(secret, "row 1")) {
		t.Fatal("it can be read, or two sealings are the same")
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	for name, tt := range map[string]struct {
		keys, name string
		sealed     []byte
		opens      bool
	}{
		"its key":                         {first, "row 1", sealed, true},
		"its key among several":           {second + "\n" + first + "\n", "row 1", sealed, true},
		"another key":                     {second, "row 1", sealed, false},
		"another name":                    {first, "row 2", sealed, false},
		"something changed":               {first, "row 1", changed, false},
		"something cut off":               {first, "row 1", sealed[:20], false},
		"nothing":                         {first, "row 1", nil, false},
		"what was sealed by the new one":  {second + " " + first, "row 1", keys(t, second+" "+first).Seal(secret, "row 1"), true},
		"the first key seals, not others": {first, "row 1", keys(t, second+" "+first).Seal(secret, "row 1"), false},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := keys(t, tt.keys).Open(tt.sealed, tt.name)
			if tt.opens && (err != nil || got != secret) || !tt.opens && (!errors.Is(err, seal.ErrSealed) || got != "") {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestKeysAreRenewedWhileTheyAreUsed(t *testing.T) {
	first, second := seal.NewKey(), seal.NewKey()
	used := keys(t, first)
	before := used.Seal("secret", "row")
	for range 2 { // the same again changes nothing
		used.Renew(keys(t, second))
		after := used.Seal("secret", "row")
		for name, tt := range map[string]struct {
			keys   *seal.Keys
			sealed []byte
			opens  bool
		}{
			"what was sealed before opens":        {used, before, true},
			"what is sealed now opens":            {used, after, true},
			"the new key alone opens what is now": {keys(t, second), after, true},
			"the old one does not":                {keys(t, first), after, false},
		} {
			if _, err := tt.keys.Open(tt.sealed, "row"); (err == nil) != tt.opens {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestNoKeysAreReadFromWhatHoldsNone(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "", "blanks": " \n", "no base64": "swordfish!", "16 bytes": "AAAAAAAAAAAAAAAAAAAAAA==", "one of two": seal.NewKey() + " swordfish",
	} {
		if _, err := seal.Parse(text); !errors.Is(err, seal.ErrKey) || strings.Contains(err.Error(), "swordfish") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAKeptKeyIsMadeOnceForItsUserOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db.key")
	first, err := seal.Kept(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := seal.Kept(path)
	if err != nil {
		t.Fatal(err)
	}
	if secret, err := again.Open(first.Seal("x", "n"), "n"); err != nil || secret != "x" {
		t.Errorf("the second start has another key: %v", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	if left, _ := filepath.Glob(path + ".*"); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAKeyFileThatCannotBeUsedIsNamedAndLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db.key")
	if err := os.WriteFile(path, []byte("half a k"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.Kept(path); !errors.Is(err, seal.ErrKey) || !strings.Contains(err.Error(), "store.db.key") {
		t.Errorf("error %v", err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "half a k" {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := seal.Kept(filepath.Join(path, "no-folder", "key")); err == nil {
		t.Error("no folder, no error")
	}
}

func FuzzOpenSealed(f *testing.F) {
	k := keys(f, seal.NewKey())
	f.Add(k.Seal("secret", "name"), "name")
	f.Add([]byte(nil), "")
	f.Fuzz(func(t *testing.T, sealed []byte, name string) {
		if _, err := k.Open(sealed, name); err != nil && !errors.Is(err, seal.ErrSealed) {
			t.Errorf("error %v", err)
		}
	})
}
