package main

import (
	"net/http"
	"net/url"
	"strings"
)

// everyWayIn plants in whatever a request can hold, on every route and beside
// them, as nobody, with tokens that fail, as an agent and as an administrator.
func (v *visitor) everyWayIn(call string) {
	tenant := v.shown.Tenant
	tokens := map[string]string{
		"nobody": "", "no token at all": plantedSecret, "an administrator": v.admin,
		"a token of nobody's issuer":  forged(`{"iss":"https://` + plantedSecret + `.example/","aud":"` + plantedSecret + `","sub":"` + plantedSecret + `"}`),
		"a token of an unknown key":   forged(`{"iss":"https://login.microsoftonline.com/` + tenant + `/v2.0","tid":"` + tenant + `","oid":"` + plantedSecret + `"}`),
		"a token with another's mark": v.agent[:strings.LastIndex(v.agent, ".")+1] + strings.Repeat("A", 342),
	}
	bodies := []string{
		plantedSecret, `"` + plantedSecret + `"`, `{"` + plantedSecret + `":1}`, `{"target":{"kind":"` + plantedSecret + `"}}`,
		`{"name":{"x":"` + plantedSecret + `"}}`, `{"note":"` + plantedNote + `","code":"` + plantedSecret + `"}`, `{"reason":` + plantedNote + `}`,
	}
	for _, route := range v.routes() {
		method, path, _ := strings.Cut(route, " ")
		path = v.path(path, call) + "?q=" + plantedSearch + "&x=" + plantedSecret + "&from=" + plantedSecret + "&agent=" + plantedSecret
		for _, token := range tokens {
			if method == http.MethodGet {
				v.send(token, method, path, "")
				continue
			}
			for _, body := range bodies {
				v.send(token, method, path, body, "Idempotency-Key", plantedSecret, "If-Match", plantedSecret)
			}
		}
		v.send("", method, path, "", v.headers()...)
		v.send("", "PROPFIND", path, plantedSecret)
	}
	for _, path := range []string{
		"/" + plantedSecret, "/api/v1/" + plantedSecret, "/problems/" + plantedSecret, "/assets/" + plantedSecret + ".js",
		"/auth/login?provider=" + plantedSecret, "/auth/login?provider=entra&tenant=" + plantedSecret + "&return=" + plantedSecret,
		"/auth/callback?code=" + plantedSecret + "&state=" + plantedSecret, "/auth/callback?error=" + plantedSecret + "&error_description=" + plantedSecret,
		"/auth/consent?code=" + plantedSecret, "/auth/consent?state=" + plantedSecret + "&error=" + plantedSecret, "/auth/first-admin?code=" + plantedSecret,
		"/healthz?" + plantedSecret, "/readyz?" + plantedSecret,
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
			v.send("", method, path, "")
			v.send(v.agent, method, path, plantedSecret)
			v.send("", method, path, "", v.headers()...)
		}
	}
	form := url.Values{"logout_token": {forged(`{"iss":"` + plantedSecret + `"}`)}, "code": {plantedSecret}}.Encode()
	for _, path := range []string{"/auth/backchannel-logout", "/auth/logout", "/auth/first-admin", "/auth/consent"} {
		v.send("", http.MethodPost, path, form, "Content-Type", "application/x-www-form-urlencoded")
	}
	v.raw("GET /" + plantedSecret + " HTTP/9.9\r\nHost: " + plantedSecret + "\r\n\r\n")
	v.raw(plantedSecret + "\r\n\r\n")
	v.raw("GET /api/v1/session HTTP/1.1\r\nHost: x\r\n" + plantedSecret + "\x00: y\r\n\r\n")
	v.raw("POST /api/v1/dial-number/check HTTP/1.1\r\nHost: x\r\nContent-Length: " + plantedSecret + "\r\n\r\n")
}

// headers are all that a service may read, or a careless one write down.
func (v *visitor) headers() []string {
	var all []string
	for _, name := range []string{
		"Cookie", "X-Request-Id", "Referer", "User-Agent", "Accept-Language", "Accept", "Last-Event-Id", "If-Match", "Idempotency-Key",
		"Origin", "Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Traceparent", "Baggage", "Content-Type",
	} {
		all = append(all, name, plantedSecret)
	}
	return append(all, "Authorization", "Basic "+plantedSecret, "Cookie", "teamsbridge="+plantedSecret)
}

// journey is an agent's ordinary work with what is nobody else's business.
func (v *visitor) journey(call string) {
	at := "/api/v1/interactions/" + call
	v.must(200, "", http.MethodGet, "/api/v1/session", "", "Cookie", v.cookieHeader())
	v.must(200, v.agent, http.MethodGet, "/api/v1/experts?q="+plantedSearch, "")
	v.must(200, v.admin, http.MethodGet, "/api/v1/experts/missing?q="+plantedSearch, "")
	v.must(200, v.agent, http.MethodPost, "/api/v1/dial-number/check", `{"input":"`+plantedDialled+`"}`)
	v.must(200, v.agent, http.MethodPost, at+"/consult", `{"target":{"kind":"dialNumber","number":"`+plantedDialled+`"}}`)
	v.send(v.agent, http.MethodPost, at+"/consult", `{"target":{"kind":"dialNumber","number":"`+plantedDialled+` ext. 5"}}`)
	v.must(200, v.agent, http.MethodPost, at+"/consult/end", `{}`)
	v.must(200, v.agent, http.MethodPost, at+"/end", `{}`)
	v.send(v.agent, http.MethodPost, at+"/wrap-up", `{"code":"none-such","note":"`+plantedWrapUp+`"}`)
	v.must(200, v.agent, http.MethodPost, at+"/wrap-up", `{"code":"solved","note":"`+plantedWrapUp+`"}`)
}

// whileMicrosoftFails asks for what takes Microsoft, whose answers are errors now.
func (v *visitor) whileMicrosoftFails() {
	v.send(v.admin, http.MethodGet, "/api/v1/experts/missing?q="+plantedSearch, "")
	v.send(v.agent, http.MethodGet, "/api/v1/experts?q="+plantedSearch, "")
	v.send(v.admin, http.MethodPost, "/api/v1/admin/organization/check?deep=true", "")
	v.send("", http.MethodGet, "/auth/callback?code="+plantedSecret+"&state="+plantedSecret, "")
	v.send(forged(`{"iss":"https://login.microsoftonline.com/`+v.shown.Tenant+`/v2.0","tid":"`+v.shown.Tenant+`"}`), http.MethodGet, "/api/v1/session", "")
}

func (v *visitor) cookieHeader() string {
	return "teamsbridge-" + v.base[strings.LastIndexByte(v.base, ':')+1:] + "=" + v.cookie
}
