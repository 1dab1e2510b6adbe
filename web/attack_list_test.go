package web

import (
	"net/http"
	"strconv"
	"strings"

	"teamsbridge/sso"
	"teamsbridge/sso/ssotest"
)

// attack is one way to misuse a route.
type attack struct {
	name string
	sent string           // what is sent, for the document
	on   func(route) bool // the routes that it can be tried on
	// change makes an honest request the attack.
	change func(*siege, route, *attempt)
	answer slug            // what it gets
	but    map[string]slug // what it gets elsewhere, by the operation's id
}

// harmless is the answer to what is no attack in the end: the request is
// answered, and neither changes nor shows anything of others.
const harmless slug = "harmless"

// wanted is the answer that the attack must get on the route.
func (a attack) wanted(r route) slug {
	if other, ok := a.but[r.id]; ok {
		return other
	}
	if a.answer == slugNotFound && !r.named() && r.parent {
		return slugMethodNotAllowed
	}
	return a.answer
}

// attacks are all of them: first who asks, then what they may, then what is sent.
var attacks = append(append(append([]attack{}, onIdentity...), onRights...), onContent...)

// Which routes.
var (
	every     = func(route) bool { return true }
	closed    = func(r route) bool { return !r.open }
	withBody  = func(r route) bool { return r.media != "" }
	withJSON  = route.json
	withNames = func(r route) bool { return r.json() && r.member != "" }
	withID    = func(r route) bool { return r.named() }
)

func bearing(token func(*siege) string) func(*siege, route, *attempt) {
	return func(s *siege, _ route, q *attempt) { q.token = token(s) }
}

func forged(f ssotest.Forgery) func(*siege, route, *attempt) {
	return bearing(func(s *siege) string {
		f.Tenant, f.Resource, f.Client, f.ObjectID = home, serviceID, serviceID, ada
		return s.entra.Forge(f)
	})
}

// onIdentity are attacks on who is asking.
var onIdentity = []attack{
	{name: "no token", sent: "neither token nor cookie", on: closed, answer: slugSignInRequired,
		change: bearing(func(*siege) string { return "" })},
	{name: "made-up token", sent: "text that is no token", on: closed, answer: slugSignInRequired,
		change: bearing(func(*siege) string { return planted + ".x.y" })},
	{name: "changed token", sent: "an administrator's token whose claims were changed after it was signed", on: closed, answer: slugSignInRequired,
		change: forged(ssotest.Forgery{Signing: ssotest.SignTampered})},
	{name: "unsigned token", sent: "an administrator's token with `alg` none", on: closed, answer: slugSignInRequired,
		change: forged(ssotest.Forgery{Signing: ssotest.SignNone})},
	{name: "token signed by others", sent: "an administrator's token under the right key's id, signed with another key", on: closed, answer: slugSignInRequired,
		change: forged(ssotest.Forgery{Signing: ssotest.SignStranger})},
	{name: "expired token", sent: "an administrator's token of 2001", on: closed, answer: slugSignInRequired,
		change: forged(ssotest.Forgery{Claims: map[string]any{"exp": 1_000_000_000, "nbf": 999_990_000, "iat": 999_990_000}})},
	{name: "token for somebody else", sent: "a genuine token of an administrator, for another service", on: closed, answer: slugSignInRequired,
		change: forged(ssotest.Forgery{Claims: map[string]any{"aud": "22222222-0000-4000-8000-00000000000b"}})},
	{name: "organisation not admitted", sent: "a genuine token of an administrator of an organisation that is not admitted", on: closed, answer: slugNotAdmitted,
		change: bearing(func(s *siege) string { return s.token(outside, mallory) })},
	{name: "nobody here", sent: "a genuine token of somebody who is in no agent table and has no role", on: closed, answer: slugAgentUnknown,
		change: bearing(func(s *siege) string { return s.token(home, nina) })},
	{name: "two tokens", sent: "two `Authorization` headers with the same good token", on: closed, answer: slugSignInRequired,
		change: func(_ *siege, _ route, q *attempt) { q.header.Set("Authorization", "Bearer "+q.token) }},
	{name: "another scheme", sent: "`Authorization: Basic` with the good token as the password", on: closed, answer: slugSignInRequired,
		change: func(_ *siege, _ route, q *attempt) {
			q.header.Set("Authorization", "Basic "+q.token)
			q.token = ""
		}},
	{name: "token in the address", sent: "the good token as the parameter `access_token`", on: closed, answer: slugSignInRequired,
		change: func(_ *siege, _ route, q *attempt) {
			q.query("access_token", q.token)
			q.token = ""
		}},
	{name: "made-up cookie", sent: "a session cookie with a secret that nobody was given", on: closed, answer: slugSignInRequired,
		change: func(s *siege, _ route, q *attempt) {
			name, _, _ := strings.Cut(s.cookie, "=")
			q.header.Set("Cookie", name+"="+planted)
			q.token = ""
		}},
	{name: "another site's write", sent: "an agent's good cookie with `Sec-Fetch-Site: cross-site`",
		on: func(r route) bool { return !r.open && !r.reads() }, answer: slugTokenNotAllowed, change: crossSite("Sec-Fetch-Site", "cross-site")},
	{name: "a sandboxed frame's write", sent: "an agent's good cookie with `Origin: null`",
		on: func(r route) bool { return !r.open && !r.reads() }, answer: slugTokenNotAllowed, change: crossSite("Origin", "null")},
}

func crossSite(name, value string) func(*siege, route, *attempt) {
	return func(s *siege, _ route, q *attempt) {
		q.token = ""
		q.header.Set("Cookie", s.cookie)
		q.header.Set(name, value)
	}
}

// onRights are attacks by people who are known.
var onRights = []attack{
	{name: "role too low", sent: "an agent's good token where a role is needed", on: func(r route) bool { return r.role != "" }, answer: slugRoleRequired,
		change: bearing(func(s *siege) string { return s.token(home, anja) })},
	{name: "a supervisor acts", sent: "a supervisor's good token for a call that they may look at", on: route.command, answer: slugRoleRequired,
		change: bearing(func(s *siege) string { return s.token(home, sofia) })},
	{name: "an administrator looks", sent: "an administrator's good token for somebody's call", on: route.interaction, answer: slugNotFound,
		change: bearing(func(s *siege) string { return s.token(home, ada) })},
	{name: "a colleague's call", sent: "the good token of an agent who has no part in the call", on: route.interaction, answer: slugNotFound,
		change: bearing(func(s *siege) string { return s.token(home, ben) })},
	{name: "a colleague's reservation", sent: "the good token of an agent who has not made it", on: func(r route) bool { return r.below("/reservations/") }, answer: slugNotFound,
		change: bearing(func(s *siege) string { return s.token(home, ben) })},
	{name: "another organisation's ids", sent: "ids of this organisation with a good token of another admitted one",
		// The row that an administrator makes under an id is of their own organisation.
		on: func(r route) bool { return !r.open && r.named() && r.id != "adminPutAgent" }, answer: slugNotFound, change: stranger,
		but: map[string]slug{"deleteFavourite": harmless}},
	{name: "another organisation's lists", sent: "a good token of another admitted organisation, to see what lists show",
		on: func(r route) bool { return !r.open && !r.named() && r.reads() }, answer: harmless, change: stranger},
}

// stranger is somebody of the other organisation who may use the route there.
func stranger(s *siege, r route, q *attempt) {
	q.token, q.stranger = s.token(partner, berta), true
	if r.role == sso.RoleAdmin {
		q.token = s.token(partner, petra)
	}
}

const (
	tooLarge = 6 << 20 // more than any route takes
	tooDeep  = 20_000  // lists in lists
)

// onContent are attacks by what is sent.
var onContent = []attack{
	{name: "another method", sent: "`PATCH`", on: every, answer: slugMethodNotAllowed,
		change: func(_ *siege, _ route, q *attempt) { q.method = http.MethodPatch }},
	{name: "TRACE", sent: "`TRACE`, which would show headers", on: every, answer: slugMethodNotAllowed,
		change: func(_ *siege, _ route, q *attempt) { q.method = http.MethodTrace }},
	{name: "another type", sent: "the good body as `text/plain`, which any site can make a browser send", on: withBody, answer: slugUnsupportedMediaType,
		change: typed("text/plain")},
	{name: "a form", sent: "the good body as `application/x-www-form-urlencoded`", on: withBody, answer: slugUnsupportedMediaType,
		change: typed("application/x-www-form-urlencoded")},
	{name: "too large", sent: "6 MiB", on: withBody, answer: slugTooLarge,
		change: func(_ *siege, _ route, q *attempt) { q.body += strings.Repeat(" ", tooLarge) }},
	{name: "no JSON", sent: "JSON that stops in the middle", on: withJSON, answer: slugMalformed,
		change: saying(`{"` + planted + `":`)},
	{name: "two documents", sent: "the good body twice", on: withJSON, answer: slugMalformed,
		change: func(_ *siege, _ route, q *attempt) { q.body += q.body }},
	{name: "too deep", sent: "20,000 lists in lists", on: withJSON, answer: slugMalformed,
		change: saying(strings.Repeat("[", tooDeep) + strings.Repeat("]", tooDeep))},
	{name: "not UTF-8", sent: "a member whose name is no UTF-8", on: withJSON, answer: slugMalformed,
		change: member("\xff\xfe"+planted, `"x"`)},
	{name: "a member twice", sent: "a member of the good body twice, the second time escaped", on: withNames, answer: slugMalformed,
		change: twice},
	{name: "another kind of JSON", sent: "a list instead of an object", on: withJSON, answer: slugRequestInvalid,
		change: saying(`["` + planted + `"]`)},
	{name: "unknown member", sent: "the good body with one more member", on: withJSON, answer: slugRequestInvalid,
		change: member(planted, `"`+planted+`"`)},
	{name: "poisoned member", sent: "the good body with a member `__proto__`", on: withJSON, answer: slugRequestInvalid,
		change: member("__proto__", `{"`+planted+`":true}`)},
	{name: "member in capitals", sent: "the good body with one of its members in capitals as well", on: withNames, answer: slugRequestInvalid,
		change: capitals},
	{name: "path upwards", sent: "`..%2f..%2f` and a name for the id, else below the route", on: every, answer: slugNotFound, but: unfit,
		change: naming("..%2f..%2f" + planted)},
	{name: "control characters", sent: "`%00`, `%0d%0a` and a header for the id, else below the route", on: every, answer: slugNotFound, but: unfit,
		change: naming("%00%0d%0aSet-Cookie:%20" + planted)},
	{name: "SQL", sent: "`' OR '1'='1` for the id, else below the route", on: every, answer: slugNotFound, but: unfit,
		change: naming("'%20OR%20'1'='1';DROP%20TABLE%20" + planted)},
	{name: "a page for an id", sent: "`<script>` for the id, else below the route", on: every, answer: slugNotFound, but: unfit,
		change: naming("%3Cscript%3E" + planted + "%3C%2Fscript%3E")},
	{name: "a long id", sent: "4,000 characters for the id", on: withID, answer: slugNotFound, but: overlong,
		change: naming(strings.Repeat("a", 4000) + planted)},
	{name: "parameter of another type", sent: "text for a number or a truth value", on: func(r route) bool { return len(r.typed) > 0 }, answer: slugRequestInvalid,
		change: func(_ *siege, r route, q *attempt) { q.query(r.typed[0], planted) }},
	{name: "SQL in a search", sent: "`%' OR 1=1 --` in every text parameter", on: func(r route) bool { return len(r.texts) > 0 }, answer: harmless,
		change: func(_ *siege, r route, q *attempt) {
			q.target, _, _ = strings.Cut(q.target, "?")
			for _, name := range r.texts {
				q.query(name, "%25'%20OR%201=1%20--"+planted)
			}
		}},
	{name: "made-up cursor", sent: "a cursor that nobody was given", on: func(r route) bool { return r.cursor }, answer: slugRequestInvalid,
		change: func(_ *siege, _ route, q *attempt) { q.query("cursor", planted+".3") }},
	{name: "key that cannot be printed", sent: "an `Idempotency-Key` of 300 characters", on: route.command, answer: slugRequestInvalid,
		change: header("Idempotency-Key", strings.Repeat("k", 300)+planted)},
	{name: "no version", sent: "an `If-Match` with a list", on: route.command, answer: slugMalformed,
		change: header("If-Match", `"1", "`+planted+`"`)},
}

// unfit are the other answers to an id that no id looks like: an administrator
// chooses the ids of agents and is told; a favourite who is none stays none.
var unfit = map[string]slug{"adminPutAgent": slugRequestInvalid, "deleteFavourite": harmless}

// overlong are the other answers to a long id.
var overlong = map[string]slug{
	"adminPutAgent": slugRequestInvalid, "adminGetAgent": slugRequestInvalid, "adminDeleteAgent": slugRequestInvalid, "deleteFavourite": harmless,
}

func typed(media string) func(*siege, route, *attempt) { return header("Content-Type", media) }

func header(name, value string) func(*siege, route, *attempt) {
	return func(_ *siege, _ route, q *attempt) { q.header.Set(name, value) }
}

func saying(body string) func(*siege, route, *attempt) {
	return func(_ *siege, _ route, q *attempt) { q.body = body }
}

// member adds a member to the good body.
func member(name, value string) func(*siege, route, *attempt) {
	return func(_ *siege, _ route, q *attempt) {
		q.body = strings.Replace(strings.Replace(q.body, "{", `{"`+name+`":`+value+`,`, 1), ",}", "}", 1)
	}
}

// capitals adds a known member in another case.
func capitals(s *siege, r route, q *attempt) {
	member(strings.ToUpper(r.member), `"`+planted+`"`)(s, r, q)
}

// twice says a known member in two ways, once escaped, before the good body.
func twice(s *siege, r route, q *attempt) {
	member(`\u00`+strconv.FormatInt(int64(r.member[0]), 16)+r.member[1:], `"`+planted+`"`)(s, r, q)
	member(r.member, `"`+planted+`"`)(s, r, q)
}

// naming puts text, percent-encoded, where an id belongs; where none does, below
// the route.
func naming(text string) func(*siege, route, *attempt) {
	return func(_ *siege, r route, q *attempt) {
		q.target = r.with(text)
		if !r.named() {
			q.target += "/" + text
		}
	}
}
