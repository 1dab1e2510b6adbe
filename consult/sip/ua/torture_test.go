package ua_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"

	"teamsbridge/consult/sip/ua"
)

// torture is what becomes of each message of RFC 4475: the status of the answer,
// or 0 where there is none. 480 means that the call was understood and offered:
// nobody takes it here. Where that is not what the RFC wants, differs says why.
var torture = []struct {
	name    string
	status  int
	what    string
	differs string
}{
	// 3.1.1 valid messages
	{"wsinv", 481, "a re-INVITE folded over many lines, of a dialog that is not there", ""},
	{"intmeth", 405, "a method, names and numbers of every character that is allowed", ""},
	{"esc01", 480, "a user with an escaped @ is one user", ""},
	{"escnull", 405, "REGISTER with escaped null characters", ""},
	{"esc02", 405, "an escape in a method means nothing", ""},
	{"lwsdisp", 200, "no space between a name and its address", ""},
	{"longreq", 480, "long values everywhere, 34 Via", ""},
	{"dblreq", 200, "what follows a message in a datagram is ignored", ""},
	{"semiuri", 200, "a semicolon in a user is no parameter", ""},
	{"transports", 200, "Via of transports that nobody knows", ""},
	{"mpart01", 405, "MESSAGE with a body of parts", ""},
	{"unreason", 0, "a reason phrase of other alphabets, for nothing that we sent", ""},
	{"noreason", 0, "no reason phrase, for nothing that we sent", ""},
	// 3.1.2 invalid messages
	{"badinv01", 0, "separators without parameters", "400: sipgo drops what it cannot read"},
	{"clerr", 0, "Content-Length beyond the datagram", "400: sipgo drops what it cannot read"},
	{"ncl", 0, "a negative Content-Length", "400: sipgo drops what it cannot read"},
	{"scalar02", 0, "numbers beyond every limit", "400: sipgo drops what it cannot read"},
	{"scalarlg", 0, "an answer with such numbers", ""},
	{"quotbal", 0, "a quote that never ends", "400: sipgo drops what it cannot read"},
	{"ltgtruri", 0, "a request URI in angle brackets", "400: sipgo drops what it cannot read"},
	{"lwsruri", 0, "a space in the request URI", "400: sipgo drops what it cannot read"},
	{"lwsstart", 0, "two spaces around the request URI", "400, or to read it: sipgo drops what it cannot read"},
	{"trws", 0, "a space at the end of the first line", "400, or to read it: sipgo drops what it cannot read"},
	{"escruri", 400, "headers in the request URI", ""},
	{"baddate", 480, "a date of another zone: nobody reads it", ""},
	{"regbadct", 405, "a question mark in Contact without brackets, for REGISTER", ""},
	{"badaspec", 0, "spaces within angle brackets", "400, or to read it: sipgo drops what it cannot read"},
	{"baddn", 200, "a name with a comma and no quotes is read leniently", ""},
	{"badvers", 505, "another version", ""},
	{"mismatch01", 400, "CSeq of another method", ""},
	{"mismatch02", 400, "CSeq of another method, with one that nobody knows", ""},
	{"bigcode", 0, "a status beyond every limit", ""},
	// 3.2 transactions
	{"badbranch", 200, "a branch that is nothing but the cookie", ""},
	// 3.3 applications
	{"insuf", 400, "without Call-ID, From and To", ""},
	{"unkscm", 416, "a scheme that nobody knows", ""},
	{"novelsc", 0, "a scheme that others know", "416: sipgo drops what it cannot read"},
	{"unksm2", 405, "such schemes in To, From and Contact", ""},
	{"bext01", 420, "extensions that nobody knows", ""},
	{"invut", 415, "a body that nobody knows", ""},
	{"regaut01", 405, "credentials of a scheme that nobody knows, for REGISTER", ""},
	{"multi01", 400, "headers that may be there once are there twice", ""},
	{"mcl01", 400, "two Content-Length", ""},
	{"bcast", 0, "an answer that is not ours and would be sent to everybody", ""},
	{"zeromf", 200, "Max-Forwards of 0 is for proxies", ""},
	{"cparam01", 405, "a parameter of Contact", ""},
	{"cparam02", 405, "a parameter of Contact's address", ""},
	{"regescrt", 405, "headers in Contact's address", ""},
	{"sdp01", 406, "a caller who cannot read SDP", ""},
	// 3.4 RFC 2543
	{"inv2543", 480, "an INVITE of the old standard", ""},
}

func TestTortureMessagesOfRFC4475(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/rfc4475/*.dat")
	if err != nil || len(files) != len(torture) || len(torture) != 49 {
		t.Fatalf("%d files and %d rows, the RFC has 49; %v", len(files), len(torture), err)
	}
	e := start(t, ua.Config{}, nil)
	for _, c := range torture {
		t.Run(c.name, func(t *testing.T) {
			t.Log(c.what)
			if c.differs != "" {
				t.Log("RFC 4475 wants", c.differs)
			}
			data, err := os.ReadFile(filepath.Join("testdata/rfc4475", c.name+".dat"))
			if err != nil {
				t.Fatal(err)
			}
			w := wireTo(t, e, ua.UDP)
			w.Send(strings.ReplaceAll(string(data), "{wire}", w.Addr()))
			if c.status != 0 {
				res := w.Next().(*sip.Response)
				if res.StatusCode == sip.StatusTrying { // what a machine that stands still for a fifth of a second says first
					res = w.Next().(*sip.Response)
				}
				if res.StatusCode != c.status || res.SipVersion != "SIP/2.0" {
					t.Errorf("%s %d %s, want %d", res.SipVersion, res.StatusCode, res.Reason, c.status)
				}
			}
			// Whatever it was: the endpoint still answers, and with nothing else.
			w.Talk("", e.Addr(ua.UDP).String()).Request(sip.OPTIONS, "")
			if res, ok := w.Next().(*sip.Response); !ok || res.StatusCode != 200 || !strings.Contains(res.From().Address.String(), "+49151") {
				t.Errorf("came instead of the answer to OPTIONS:\n%s", res)
			}
		})
	}
}
