package calls

import (
	"fmt"
	"net"
	"testing"
	"time"
)

const startLimit = 20 * time.Second

// answers waits until a system answers OPTIONS.
func answers(tb testing.TB, addr string) {
	tb.Helper()
	conn, err := net.Dial("udp4", addr)
	fatal(tb, err)
	defer conn.Close()
	began := time.Now()
	for try := 0; time.Since(began) < startLimit; try++ {
		local := conn.LocalAddr().String()
		fmt.Fprintf(conn, "OPTIONS sip:%s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bKup%d\r\nFrom: <sip:bench@%s>;tag=1\r\nTo: <sip:%s>\r\n"+
			"Call-ID: up-%d@%s\r\nCSeq: 1 OPTIONS\r\nContact: <sip:bench@%s>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n", addr, local, try, local, addr, try, local, local)
		fatal(tb, conn.SetReadDeadline(time.Now().Add(200*time.Millisecond)))
		if n, err := conn.Read(make([]byte, 2000)); err == nil && n > 0 {
			return
		}
		pause := time.NewTimer(100 * time.Millisecond) // a closed port is told at once
		<-pause.C
	}
	tb.Fatalf("nothing answers at %s", addr)
}
