package ssotest

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// refusal is an answer of Entra's that is no success, by its AADSTS code.
type refusal struct {
	code     int
	status   int    // of the token endpoint's answer
	oauth    string // error of RFC 6749
	suberror string
	text     string
}

func (r *refusal) Error() string { return r.tag() + ": " + r.text }

// tag is the code as people search for it.
func (r *refusal) tag() string { return fmt.Sprintf("AADSTS%d", r.code) }

// refusals lists the codes this simulator knows. The texts are its own and only
// carry what people look for in them; programs must go by the code.
var refusals = map[int]refusal{
	// the person
	50020: {oauth: "invalid_request", text: "User account '%s' does not exist in tenant '%s' and cannot access it; it must be invited first."},
	50034: {oauth: "invalid_grant", text: "The user account %s does not exist in the %s directory."},
	50057: {oauth: "invalid_grant", text: "The user account is disabled."},
	50058: {oauth: "login_required", text: "A silent sign-in request was sent but no user is signed in."},
	50076: {oauth: "invalid_grant", suberror: "basic_action", text: "Multi-factor authentication is required to access the resource."},
	50105: {oauth: "invalid_grant", text: "The application '%s' is set to admit assigned users only, and the signed-in user is not assigned to it."},
	50126: {oauth: "invalid_grant", text: "Invalid username or password."},
	50196: {oauth: "invalid_grant", text: "The server stopped an operation because it looked like a loop; tokens are to be kept and used again."},
	50173: {oauth: "invalid_grant", suberror: "bad_token", text: "The grant was revoked; a fresh sign-in is needed."},
	53003: {oauth: "invalid_grant", suberror: "message_only", text: "Access was blocked by conditional access policies."},
	65001: {oauth: "invalid_grant", suberror: "consent_required", text: "The user or administrator has not consented to use the application with ID '%s'."},
	65004: {oauth: "access_denied", text: "The user declined to consent."},
	90094: {oauth: "access_denied", text: "An administrator must consent for this organization; '%s' is none."},

	// the tenant and the apps
	50011:   {oauth: "invalid_request", text: "The redirect URI '%s' does not match those configured for the application '%s'."},
	50059:   {oauth: "invalid_request", text: "No tenant-identifying information was found in the request."},
	90002:   {oauth: "invalid_tenant", text: "Tenant '%s' was not found."},
	500011:  {oauth: "invalid_resource", text: "The resource principal named %s was not found in the tenant named %s."},
	500014:  {oauth: "invalid_resource", text: "The service principal for resource '%s' is disabled."},
	650053:  {oauth: "invalid_client", text: "The application asked for scope '%s' that does not exist on the resource '%s'."},
	700016:  {oauth: "unauthorized_client", text: "Application with identifier '%s' was not found in the directory '%s'."},
	700054:  {oauth: "unsupported_response_type", text: "response_type '%s' is not enabled for the application."},
	900971:  {oauth: "invalid_request", text: "No reply address was provided."},
	7000112: {status: http.StatusUnauthorized, oauth: "unauthorized_client", text: "Application '%s' is disabled."},
	7000229: {status: http.StatusUnauthorized, oauth: "invalid_client", text: "The client application %s is missing a service principal in the tenant %s."},

	// the client's proof
	50012:   {status: http.StatusUnauthorized, oauth: "invalid_client", text: "The client assertion's audience does not match this endpoint."},
	50027:   {status: http.StatusUnauthorized, oauth: "invalid_client", text: "The client assertion is no valid token, or lacks a claim."},
	700211:  {status: http.StatusUnauthorized, oauth: "invalid_client", text: "No matching federated identity record found for presented assertion issuer '%s'."},
	700212:  {status: http.StatusUnauthorized, oauth: "invalid_client", text: "No matching federated identity record found for presented assertion audience '%s'."},
	700213:  {status: http.StatusUnauthorized, oauth: "invalid_client", text: "No matching federated identity record found for presented assertion subject '%s'."},
	700021:  {status: http.StatusUnauthorized, oauth: "invalid_client", text: "The client assertion's issuer and subject do not match the 'client_id' parameter."},
	700024:  {status: http.StatusUnauthorized, oauth: "invalid_client", text: "The client assertion is not within its valid time range."},
	700025:  {status: http.StatusUnauthorized, oauth: "invalid_client", text: "Client is public, so neither 'client_assertion' nor 'client_secret' should be presented."},
	700027:  {status: http.StatusUnauthorized, oauth: "invalid_client", text: "The client assertion's certificate is not registered on the application, or its signature is invalid."},
	7000215: {status: http.StatusUnauthorized, oauth: "invalid_client", text: "Invalid client secret provided."},
	7000218: {status: http.StatusUnauthorized, oauth: "invalid_client", text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."},
	7000222: {status: http.StatusUnauthorized, oauth: "invalid_client", text: "The provided client secret keys for app '%s' are expired."},

	// the grant
	50013:   {oauth: "invalid_grant", text: "Assertion failed signature validation: %s."},
	54005:   {oauth: "invalid_grant", text: "The authorization code was already redeemed."},
	70000:   {oauth: "invalid_grant", text: "The provided grant is invalid: %s."},
	70008:   {oauth: "invalid_grant", text: "The provided authorization code or refresh token has expired."},
	500112:  {oauth: "invalid_client", text: "The reply address '%s' does not match the one provided when the authorization code was requested."},
	500131:  {oauth: "invalid_grant", text: "The assertion's audience does not match the client app presenting it. It was '%s', expected '%s'."},
	500133:  {oauth: "invalid_grant", text: "The assertion is not within its valid time range."},
	501481:  {oauth: "invalid_grant", text: "The code_verifier does not match the code_challenge supplied in the authorization request."},
	7000114: {oauth: "invalid_grant", text: "Application '%s' is not allowed to make application on-behalf-of calls."},

	// the request
	28000:   {oauth: "invalid_request", text: "The scope '%s' asks for more than one resource."},
	70003:   {oauth: "unsupported_grant_type", text: "The grant_type '%s' is not supported."},
	70007:   {oauth: "unsupported_response_type", text: "'%s' is not a supported value of 'response_mode'."},
	70011:   {oauth: "invalid_scope", text: "The scope '%s' is not valid."},
	90023:   {oauth: "invalid_request", text: "Unsupported value '%s' of '%s'."},
	900144:  {oauth: "invalid_request", text: "The request must contain the following parameter: '%s'."},
	1002012: {oauth: "invalid_scope", text: "The scope '%s' is not valid for client credentials; it must end with '/.default'."},
	9001023: {oauth: "invalid_request", text: "This grant type is not supported over the /common or /consumers endpoints."},
	9002313: {oauth: "invalid_request", text: "The request is malformed or invalid."},
	9002325: {oauth: "invalid_request", text: "Proof Key for Code Exchange with S256 is required."},

	// weather
	90033: {status: http.StatusServiceUnavailable, oauth: "temporarily_unavailable", text: "A transient error has occurred. Please try again."},
	90055: {status: http.StatusTooManyRequests, oauth: "temporarily_unavailable", text: "Too many requests. Please try again later."},
}

// refuse is refusalOf for whoever answers with an error.
func refuse(code int, details ...any) error { return refusalOf(code, details...) }

// refusalOf makes the refusal of a code with the details its text wants.
func refusalOf(code int, details ...any) *refusal {
	r, ok := refusals[code]
	if !ok {
		r = refusal{oauth: "invalid_request", text: "The request was refused."}
	}
	r.code, r.status = code, cmp.Or(r.status, http.StatusBadRequest)
	if len(details) > 0 {
		r.text = fmt.Sprintf(r.text, details...)
	}
	return &r
}

// asRefusal reads the code of an error; anything else would be this simulator's
// own fault and is called a malformed request.
func asRefusal(err error) *refusal {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r
	}
	return refusalOf(9002313)
}

// failure is the body of an error answer.
type failure struct {
	Error         string `json:"error"`
	Description   string `json:"error_description"`
	Codes         []int  `json:"error_codes"`
	Timestamp     string `json:"timestamp"`
	TraceID       string `json:"trace_id"`
	CorrelationID string `json:"correlation_id"`
	URI           string `json:"error_uri"`
	Suberror      string `json:"suberror,omitempty"`
	Claims        string `json:"claims,omitempty"`
}

// describe fills the body for one request; ids are those its headers carry.
func (e *Entra) describe(r *refusal, ids requestIDs) failure {
	at := e.now().Format("2006-01-02 15:04:05Z")
	f := failure{
		Error: r.oauth,
		Description: fmt.Sprintf("%s Trace ID: %s Correlation ID: %s Timestamp: %s",
			r.Error(), ids.trace, ids.correlation, at),
		Codes: []int{r.code}, Timestamp: at,
		TraceID: ids.trace, CorrelationID: ids.correlation,
		URI:      fmt.Sprintf("%s/error?code=%d", e.options.TLSURL, r.code),
		Suberror: r.suberror,
	}
	if r.code == 50076 || r.code == 53003 {
		f.Claims = `{"access_token":{"capolids":{"essential":true,"values":["` + e.ids.guid("policy") + `"]}}}`
	}
	return f
}

// writeRefusal answers as the token endpoint does.
func (e *Entra) writeRefusal(w http.ResponseWriter, req *http.Request, err error) {
	r := asRefusal(err)
	writeJSON(w, r.status, e.describe(r, e.stamp(w, req)))
}

// writeFault answers what an injected fault wants.
func (e *Entra) writeFault(w http.ResponseWriter, req *http.Request, f Fault) {
	code := f.Code
	if code == 0 {
		code = 90033
		if f.Status == http.StatusTooManyRequests {
			code = 90055
		}
	}
	r := asRefusal(refuse(code))
	if strings.Contains(r.text, "%s") {
		r.text = "The request was refused." // an injected refusal has no details
	}
	writeJSON(w, f.Status, e.describe(r, e.stamp(w, req)))
}

// explainCode is where error_uri leads.
func (e *Entra) explainCode(w http.ResponseWriter, r *http.Request) {
	code, err := strconv.Atoi(r.URL.Query().Get("code"))
	if _, known := refusals[code]; err != nil || !known {
		http.NotFound(w, r)
		return
	}
	why := asRefusal(refuse(code))
	why.text = strings.ReplaceAll(why.text, "%s", "…")
	e.site.refuse(w, r, http.StatusOK, why.Error())
}

// requestIDs are what support asks for.
type requestIDs struct{ trace, correlation string }

// stamp sets the headers that every answer carries.
func (e *Entra) stamp(w http.ResponseWriter, req *http.Request) requestIDs {
	ids := requestIDs{trace: e.ids.guid("trace", random()), correlation: req.Header.Get("client-request-id")}
	if ids.correlation == "" {
		ids.correlation = req.URL.Query().Get("client-request-id")
	}
	if ids.correlation == "" {
		ids.correlation = e.ids.guid("correlation", random())
	}
	h := w.Header()
	h.Set("x-ms-request-id", ids.trace)
	h.Set("x-ms-ests-server", "simulated")
	h.Set("client-request-id", ids.correlation)
	h.Set("Cache-Control", "no-store, no-cache")
	h.Set("Pragma", "no-cache")
	return ids
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	// An error here means that the client has gone; nobody is left to tell.
	_ = json.NewEncoder(w).Encode(v)
}
