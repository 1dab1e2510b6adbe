package msgraph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"teamsbridge/graph"
	"teamsbridge/graph/msgraph"
	"teamsbridge/presence"
)

// BenchmarkPresences asks for one full batch through the SDK and, in turns,
// through nothing but net/http and encoding/json: what the SDK costs us. Once
// with the simulated Graph over loopback and TLS, once with its recorded
// answer from memory, where nothing else is in the figure.
//
//	go test -run - -bench Presences -benchtime 50x ./graph/msgraph
func BenchmarkPresences(b *testing.B) {
	w := newWorld(b, 2*presence.MaxBatch)
	ids := make([]graph.UserID, presence.MaxBatch)
	for i := range ids {
		ids[i] = w.id(i)
	}
	token := must(w.token(b.Context()))(b)
	b.Run("loopback", func(b *testing.B) {
		compare(b, w.Client, &plainGraph{w.http, w.url + "/v1.0", token}, ids)
	})
	b.Run("memory", func(b *testing.B) {
		recorded := &http.Client{Transport: &recording{from: w.http.Transport}}
		client := must(msgraph.New(msgraph.Config{BaseURL: w.url + "/v1.0"}, msgraph.Deps{
			Credential: func(string) (azcore.TokenCredential, error) { return fixed(token), nil },
			HTTPClient: recorded,
		}))(b)
		compare(b, client, &plainGraph{recorded, w.url + "/v1.0", token}, ids)
	})
}

func compare(b *testing.B, ours, rival presence.Source, ids []graph.UserID) {
	b.Helper()
	ask := func(s presence.Source) time.Duration {
		began := time.Now()
		observed, err := s.Presences(b.Context(), contoso, ids)
		took := time.Since(began)
		if err != nil || len(observed) != len(ids) {
			b.Fatalf("%T: %d presences, %v", s, len(observed), err)
		}
		return took
	}
	ask(ours)
	ask(rival) // both are connected now
	var sdk, plain time.Duration
	n := 0
	for b.Loop() {
		sdk += ask(ours)
		plain += ask(rival)
		n++
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(sdk.Microseconds())/float64(n), "sdk_µs")
	b.ReportMetric(float64(plain.Microseconds())/float64(n), "plain_µs")
	b.ReportMetric(float64(sdk)/float64(plain), "ratio")
}

// plainGraph reads presences with the standard library alone.
type plainGraph struct {
	http  *http.Client
	base  string
	token string
}

func (p *plainGraph) Presences(ctx context.Context, _ graph.TenantID, ids []graph.UserID) ([]presence.Observation, error) {
	body, err := json.Marshal(map[string]any{"ids": ids})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.base+"/communications/getPresencesByUserId", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+p.token)
	response, err := p.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", response.StatusCode)
	}
	var answer struct {
		Value []struct {
			ID           string `json:"id"`
			Availability string `json:"availability"`
			Activity     string `json:"activity"`
			Sequence     string `json:"sequenceNumber"`
			OutOfOffice  struct {
				IsOutOfOffice bool `json:"isOutOfOffice"`
			} `json:"outOfOfficeSettings"`
		} `json:"value"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return nil, err
	}
	observed := make([]presence.Observation, 0, len(answer.Value))
	for _, v := range answer.Value {
		observed = append(observed, presence.Observation{
			ID: graph.UserID(strings.ToLower(v.ID)), Availability: v.Availability, Activity: v.Activity,
			Sequence: v.Sequence, OutOfOffice: v.OutOfOffice.IsOutOfOffice,
		})
	}
	return observed, nil
}

// recording gives the first answer again and again.
type recording struct {
	from http.RoundTripper
	head http.Header
	body []byte
}

func (r *recording) RoundTrip(request *http.Request) (*http.Response, error) {
	if r.body == nil {
		first, err := r.from.RoundTrip(request)
		if err != nil {
			return nil, err
		}
		defer func() { _ = first.Body.Close() }()
		if r.body, err = io.ReadAll(first.Body); err != nil {
			return nil, err
		}
		r.head = first.Header
	} else if _, err := io.Copy(io.Discard, request.Body); err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: r.head.Clone(), Body: io.NopCloser(bytes.NewReader(r.body)), ContentLength: int64(len(r.body)),
		Request: request, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

// fixed is a credential that has its token already.
type fixed string

func (f fixed) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: string(f), ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// token is the service's own in the first organisation.
func (w *world) token(ctx context.Context) (string, error) {
	c := &credential{client: w.http, endpoint: w.url + "/" + contoso + "/oauth2/v2.0/token"}
	token, err := c.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{"https://graph.microsoft.com/.default"}})
	return token.Token, err
}

// must gives a value or ends the benchmark; for set-up.
func must[T any](v T, err error) func(testing.TB) T {
	return func(tb testing.TB) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return v
	}
}
