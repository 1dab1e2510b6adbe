package msgraph

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/authentication"

	"teamsbridge/graph"
)

// signer puts the service's token on requests. The SDK's own provider takes
// bare host names only and sends requests elsewhere silently without a token;
// this one refuses them.
type signer struct {
	base       *url.URL
	scope      string
	credential azcore.TokenCredential
}

var _ authentication.AuthenticationProvider = (*signer)(nil)

// AuthenticateRequest implements the SDK's interface. The additional context
// may hold the claims of a challenge, which ask for a new token.
func (s *signer) AuthenticateRequest(ctx context.Context, request *abstractions.RequestInformation, additional map[string]any) error {
	target, err := request.GetUri()
	if err != nil {
		return fmt.Errorf("address of the request: %w", err)
	}
	if !within(s.base, target) {
		return errForeignLink
	}
	token, err := s.credential.GetToken(ctx, policy.TokenRequestOptions{
		Scopes: []string{s.scope}, Claims: challenge(additional),
	})
	if err != nil {
		return refusedToken(ctx, err)
	}
	request.Headers.Remove("Authorization") // a challenge signs the same request twice
	request.Headers.Add("Authorization", "Bearer "+token.Token)
	return nil
}

// challenge is what Graph demands of a new token when it refused the last one;
// the header that the SDK hands on has it in base64.
func challenge(additional map[string]any) string {
	encoded, _ := additional["claims"].(string)
	claims, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return "" // a token without the claims is refused again, and that is said
	}
	return string(claims)
}

// errForeignLink refuses a link that leaves the configured address. It counts
// as a link that is no longer good: the mirror starts over from the right one,
// which also heals a moved address.
var errForeignLink = fmt.Errorf("link leaves the configured address: %w", graph.ErrResyncRequired)

// within tells whether a request stays on Graph: the same scheme, host and
// port, below the same path.
func within(base, target *url.URL) bool {
	return target.Scheme == base.Scheme &&
		strings.EqualFold(target.Host, base.Host) &&
		target.User == nil &&
		strings.HasPrefix(target.Path, base.Path+"/") &&
		!slices.Contains(strings.Split(target.Path, "/"), "..")
}

var (
	entraCode  = regexp.MustCompile(`AADSTS[0-9]+`)
	entraTrace = regexp.MustCompile(`(?i)trace[ _]id"?: *"?([0-9a-f-]{36})`)
)

// transientCodes are refusals of Entra that pass by themselves.
var transientCodes = []string{"AADSTS90033", "AADSTS90024", "AADSTS90014", "AADSTS50196"}

// refusedToken translates a failed token request. Entra's refusals are read
// by their code, because azidentity's error type is not this package's to know.
func refusedToken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if known(err) {
		return err // who acts on behalf of people speaks this package's words
	}
	text := err.Error()
	code := entraCode.FindString(text)
	if code == "" || slices.Contains(transientCodes, code) {
		return errors.Join(graph.ErrUnavailable, errors.New("no token from Entra"))
	}
	denied := &graph.DeniedError{Code: code}
	if m := entraTrace.FindStringSubmatch(text); m != nil {
		denied.RequestID = m[1]
	}
	return denied
}
