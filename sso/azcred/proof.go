package azcred

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"teamsbridge/internal/cloud"
)

// proof gives what is shown at a token endpoint in place of a secret: a client
// assertion of RFC 7521. It is asked for each token anew, which is why a renewed
// certificate or token file needs no restart.
type proof func(ctx context.Context, endpoint string) (assertion string, err error)

type notedKey struct{}

// noting keeps why nothing could be shown: azidentity keeps only the text.
func noting(ctx context.Context, why *error) context.Context {
	return context.WithValue(ctx, notedKey{}, why)
}

// at asks for the assertion for one endpoint.
func (p proof) at(endpoint string) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		assertion, err := p(ctx, endpoint)
		if why, ok := ctx.Value(notedKey{}).(*error); ok && err != nil {
			*why = err
		}
		return assertion, err
	}
}

// certificateProof signs with whatever certificate current gives.
func certificateProof(clientID string, current func() *certificate) proof {
	return func(_ context.Context, endpoint string) (string, error) {
		return current().assertion(clientID, endpoint, time.Now())
	}
}

// federatedProof reads the token that another issuer keeps fresh in the file.
func federatedProof(file string) proof {
	return func(context.Context, string) (string, error) {
		data, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("federated_token_file: %w", err)
		}
		token := strings.TrimSpace(string(data))
		if token == "" {
			return "", errors.New("federated_token_file: is empty")
		}
		return token, nil
	}
}

// managedProof asks the machine's managed identity for a token that the
// application trusts. azidentity keeps it until it ends.
func managedProof(clientID string, own cloud.Cloud, options azcore.ClientOptions) (proof, error) {
	options.Transport = withoutProxy(options.Transport)
	identity, err := azidentity.NewManagedIdentityCredential(&azidentity.ManagedIdentityCredentialOptions{
		ClientOptions: options, ID: azidentity.ClientID(clientID),
	})
	if err != nil {
		return nil, err
	}
	wanted := policy.TokenRequestOptions{Scopes: []string{own.Exchange + "/.default"}}
	return func(ctx context.Context, _ string) (string, error) {
		token, err := identity.GetToken(ctx, wanted)
		if err != nil {
			return "", fmt.Errorf("managed_identity: %w", err)
		}
		return token.Token, nil
	}, nil
}

// withoutProxy asks directly: the address of managed identities is the machine's
// own, which no proxy reaches.
func withoutProxy(transport policy.Transporter) policy.Transporter {
	client, ok := transport.(*http.Client)
	if !ok {
		return transport
	}
	shared, ok := client.Transport.(*http.Transport)
	if !ok {
		return transport
	}
	direct := shared.Clone()
	direct.Proxy = nil
	return &http.Client{Transport: direct, Timeout: client.Timeout}
}
