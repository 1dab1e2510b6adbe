package telephones

import (
	"crypto/subtle"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

// The registrar's words: what it challenges with, and how long a softphone is
// remembered that asks for nothing or for more.
const (
	realm      = "teamsbridge-demo"
	longestFor = time.Hour
)

// binding is a softphone that plays somebody.
type binding struct {
	contact sip.Uri
	source  netip.AddrPort // where its messages come from, which is where it is reached
	until   time.Time
}

// register takes, renews or ends a softphone's binding. The latest softphone of a
// number counts.
func (x *Exchange) register(req *sip.Request, from netip.AddrPort) {
	user := req.To().Address.User
	number, known := x.plan.registers(user)
	switch {
	case !x.proves(req, user):
		x.answer(req, sip.StatusUnauthorized, "Unauthorized", sip.NewHeader("WWW-Authenticate",
			fmt.Sprintf(`Digest realm=%q, nonce=%q, algorithm=MD5, qop="auth"`, realm, x.nonce)))
		return
	case !known:
		x.answer(req, sip.StatusNotFound, "Nobody Of That Name")
		return
	}
	x.mu.Lock()
	bound, has := x.bindings[number]
	contact := req.Contact()
	if contact != nil {
		lasts := lifetime(req, contact)
		if lasts == 0 || contact.Address.Wildcard {
			delete(x.bindings, number)
			has = false
		} else {
			bound, has = binding{contact: *contact.Address.Clone(), source: from, until: time.Now().Add(lasts)}, true
			x.bindings[number] = bound
		}
	}
	x.mu.Unlock()
	if !has || time.Now().After(bound.until) {
		x.answer(req, sip.StatusOK, "OK")
		return
	}
	left := int(time.Until(bound.until).Round(time.Second).Seconds())
	x.answer(req, sip.StatusOK, "OK", sip.NewHeader("Contact", fmt.Sprintf("<%s>;expires=%d", bound.contact.String(), left)))
}

// lifetime is how long a softphone wants to be remembered (RFC 3261 10.2.1.1).
func lifetime(req *sip.Request, contact *sip.ContactHeader) time.Duration {
	asked := contact.Params.GetOr("expires", "")
	if h := req.GetHeader("Expires"); asked == "" && h != nil {
		asked = h.Value()
	}
	seconds, err := strconv.Atoi(strings.TrimSpace(asked))
	if err != nil || seconds < 0 {
		return longestFor
	}
	return min(time.Duration(seconds)*time.Second, longestFor)
}

// proves checks the digest credentials of a softphone. The nonce is one for the
// whole run: whoever could repeat it sits on the same machine.
func (x *Exchange) proves(req *sip.Request, user string) bool {
	h := req.GetHeader("Authorization")
	if h == nil {
		return false
	}
	given, err := digest.ParseCredentials(h.Value())
	if err != nil || given.Username != user || given.Realm != realm || given.Nonce != x.nonce || given.QOP != "auth" {
		return false
	}
	challenge := &digest.Challenge{Realm: realm, Nonce: given.Nonce, Opaque: given.Opaque, Algorithm: given.Algorithm, QOP: []string{"auth"}}
	want, err := digest.Digest(challenge, digest.Options{
		Method: req.Method.String(), URI: given.URI, Username: user, Password: x.password, Cnonce: given.Cnonce, Count: given.Nc,
	})
	return err == nil && subtle.ConstantTimeCompare([]byte(want.Response), []byte(given.Response)) == 1
}
