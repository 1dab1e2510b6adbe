package calls

import (
	"bytes"
	"embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"text/template"
)

//go:embed testdata/asterisk
var asteriskConfig embed.FS

// asteriskRoot is where scripts/asterisk.sh installs it, unless ASTERISK_ROOT says otherwise.
const asteriskRoot = "../../../.cache/asterisk/root"

// asterisk starts Asterisk with what calls need and nothing else. It takes the
// calls, rings the agents and carries the audio of both, and keeps nothing on disk.
func asterisk(tb testing.TB, agents string) system {
	tb.Helper()
	return startAsterisk(tb, agents, false)
}

// asteriskAsInstalled starts it with the modules of Debian's configuration, which
// write a line for each call into a file that nobody flushes.
func asteriskAsInstalled(tb testing.TB, agents string) system {
	tb.Helper()
	return startAsterisk(tb, agents, true)
}

func startAsterisk(tb testing.TB, agents string, asInstalled bool) system {
	tb.Helper()
	root := os.Getenv("ASTERISK_ROOT")
	if root == "" {
		root = asteriskRoot
	}
	if _, err := os.Stat(filepath.Join(root, "usr/sbin/asterisk")); err != nil || os.Getuid() != 0 {
		tb.Skip("Asterisk is not there, or this is not root: see scripts/asterisk.sh")
	}
	folder, err := os.MkdirTemp(filepath.Join(root, "tmp"), "bench-")
	fatal(tb, err)
	tb.Cleanup(func() { _ = os.RemoveAll(folder) })
	fatal(tb, os.Mkdir(filepath.Join(folder, "cdr-csv"), 0o700)) // where calls are listed, if they are
	inside := filepath.Join("/tmp", filepath.Base(folder))
	port := freePort(tb)
	files, err := template.ParseFS(asteriskConfig, "testdata/asterisk/*.conf")
	fatal(tb, err)
	for _, file := range files.Templates() {
		var text bytes.Buffer
		fatal(tb, file.Execute(&text, map[string]any{"Host": host, "Port": port, "Agents": agents, "Folder": inside, "AsInstalled": asInstalled}))
		fatal(tb, os.WriteFile(filepath.Join(folder, file.Name()), text.Bytes(), 0o600))
	}
	s := system{addr: fmt.Sprint(host, ":", port)}
	s.pids = []int{start(tb, exec.Command("chroot", root, "/usr/sbin/asterisk", "-f", "-C", filepath.Join(inside, "asterisk.conf"))).Pid}
	answers(tb, s.addr)
	return s
}
