package calls

import (
	"bytes"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"text/template"
)

//go:embed testdata/kamailio.cfg
var kamailioConfig string

// kamailio starts Kamailio, which passes calls on, with rtpengine, which carries
// their audio. Neither keeps anything on disk.
func kamailio(tb testing.TB, agents string) system {
	tb.Helper()
	port, control := freePort(tb), freePort(tb)
	folder := tb.TempDir()
	var config bytes.Buffer
	fatal(tb, template.Must(template.New("").Parse(kamailioConfig)).Execute(&config, map[string]any{
		"Host": host, "Port": port, "Control": control, "Agents": agents,
	}))
	path := filepath.Join(folder, "kamailio.cfg")
	fatal(tb, os.WriteFile(path, config.Bytes(), 0o600))
	audio := start(tb, exec.Command("rtpengine", "--config-file=none", "--foreground", "--log-stderr", "--log-level=3", "--table=-1",
		"--interface="+host, "--listen-ng="+host+":"+strconv.Itoa(control), "--port-min=20000", "--port-max=32000",
		"--num-threads=2", "--delete-delay=0", "--pidfile="+filepath.Join(folder, "rtpengine.pid")))
	signalling := start(tb, exec.Command("kamailio", "-f", path, "-DD", "-E", "-m", "256", "-M", "16", "-w", folder,
		"-Y", folder, "-P", filepath.Join(folder, "kamailio.pid")))
	s := system{fmt.Sprint(host, ":", port), []int{signalling.Pid, audio.Pid}}
	answers(tb, s.addr)
	return s
}
