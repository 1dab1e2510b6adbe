package azcred

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// What an Attempt means.
const (
	MeaningOK              = "ok"
	MeaningAppDisabled     = "app-disabled"     // an admin disabled the service principal
	MeaningAppMissing      = "app-missing"      // not installed in the tenant, or no such app
	MeaningConsentRequired = "consent-required" // nobody accepted the permissions
	MeaningCredential      = "credential"       // secret or certificate wrong or ended
	MeaningUnreachable     = "unreachable"      // Entra did not answer, or not now
	MeaningOther           = "other"
)

// Attempt is what one token request for Graph told.
type Attempt struct {
	OK        bool
	Code      string // AADSTS code without text, "unreachable" or "no-proof"; empty when OK
	Meaning   string // one of the Meaning constants
	RequestID string // Microsoft's, of the refusal; empty when OK or unreachable
}

// graphToken is what package msgraph asks for, letter by letter, so that a token
// fetched by Try is found in the cache there. Kiota asks for continuous access
// evaluation, which azidentity caches apart.
func (c *Credentials) graphToken() policy.TokenRequestOptions {
	return policy.TokenRequestOptions{Scopes: []string{c.scope}, EnableCAE: true}
}

// codeNoProof is the code of an attempt that ended here: the token file or the
// managed identity gave nothing to show.
const codeNoProof = "no-proof"

// Try requests a token for Graph in the tenant, past every cache, and reads the
// outcome. When it succeeds, the credential of For uses what Try got.
func (c *Credentials) Try(ctx context.Context, tenant string) Attempt {
	serving, err := c.of(tenant)
	if err != nil {
		return Attempt{Code: MeaningOther, Meaning: MeaningOther}
	}
	fresh, err := c.fresh(tenant, c.proof)
	if err != nil {
		return Attempt{Code: MeaningOther, Meaning: MeaningOther}
	}
	var withheld error
	if _, err := fresh.GetToken(noting(ctx, &withheld), c.graphToken()); err != nil {
		if withheld != nil {
			c.log.ErrorContext(ctx, "nothing to show to Microsoft", "kind", c.Kind(), "error", withheld)
			return Attempt{Code: codeNoProof, Meaning: MeaningCredential}
		}
		return read(err)
	}
	serving.current.Store(&fresh)
	return Attempt{OK: true, Meaning: MeaningOK}
}

// read finds Entra's answer in azidentity's error. Without one nobody was reached.
func read(err error) Attempt {
	failed, ok := errors.AsType[*azidentity.AuthenticationFailedError](err)
	if !ok || failed.RawResponse == nil {
		return Attempt{Code: MeaningUnreachable, Meaning: MeaningUnreachable}
	}
	response := failed.RawResponse
	var body struct {
		Codes   []int  `json:"error_codes"`
		TraceID string `json:"trace_id"`
	}
	raw, err := runtime.Payload(response)
	if err != nil || json.Unmarshal(raw, &body) != nil || len(body.Codes) == 0 {
		// Something answered that is not Entra: a proxy, most likely.
		return Attempt{Code: MeaningUnreachable, Meaning: MeaningUnreachable}
	}
	attempt := Attempt{
		Code: "AADSTS" + strconv.Itoa(body.Codes[0]), Meaning: meaning(body.Codes),
		RequestID: response.Header.Get("x-ms-request-id"),
	}
	if attempt.RequestID == "" {
		attempt.RequestID = body.TraceID
	}
	if response.StatusCode == http.StatusTooManyRequests || response.StatusCode >= http.StatusInternalServerError {
		attempt.Meaning = MeaningUnreachable
	}
	return attempt
}

// meanings reads the codes of Microsoft's list "Microsoft Entra authentication
// and authorization error codes" that an application's own token can meet.
var meanings = map[int]string{
	70001:   MeaningAppDisabled, // older spelling of the next
	7000112: MeaningAppDisabled,

	700011:  MeaningAppMissing,
	700016:  MeaningAppMissing,
	7000229: MeaningAppMissing,

	65001:  MeaningConsentRequired,
	500011: MeaningConsentRequired, // the resource is not there before consent

	50012:   MeaningCredential, // the assertion's audience
	70021:   MeaningCredential, // no trust in the token of another issuer, older spelling of the next three
	700211:  MeaningCredential, // its issuer
	700212:  MeaningCredential, // its audience
	700213:  MeaningCredential, // its subject
	700021:  MeaningCredential,
	700023:  MeaningCredential,
	700024:  MeaningCredential, // the assertion's times: also a clock that is wrong
	700027:  MeaningCredential, // the certificate is not registered
	7000215: MeaningCredential, // the secret is wrong
	7000216: MeaningCredential,
	7000218: MeaningCredential,
	7000222: MeaningCredential, // the secret has ended

	90033: MeaningUnreachable,
	90055: MeaningUnreachable,
}

// meaning takes the first code that says something; Entra may list several, the
// general one first (70002 before 50012).
func meaning(codes []int) string {
	for _, code := range codes {
		if m, ok := meanings[code]; ok {
			return m
		}
	}
	return MeaningOther
}
