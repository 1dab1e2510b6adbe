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

// BenchmarkPresences asks for one full batch in three ways, in turns: as the
// product does (the SDK's adapter, an own small model), through the SDK's model,
// and with nothing but net/http and encoding/json. Once with the simulated Graph
// over loopback and TLS, once with its recorded answer from memory, where
// nothing else is in the figure.
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

// compare reports what each way takes and how many times the plain one that is.
func compare(b *testing.B, client *msgraph.Client, plain *plainGraph, ids []graph.UserID) {
	b.Helper()
	ways := []struct {
		name string
		ask  func() (int, error)
		took time.Duration
	}{
		{name: "plain", ask: func() (int, error) { return count(plain.Presences(b.Context(), contoso, ids)) }},
		{name: "lean", ask: func() (int, error) { return count(client.Presences(b.Context(), contoso, ids)) }},
		{name: "sdk", ask: func() (int, error) { return client.SDKModel(b.Context(), contoso, ids) }},
	}
	ask := func(i int) time.Duration {
		began := time.Now()
		found, err := ways[i].ask()
		if err != nil || found != len(ids) {
			b.Fatalf("%s: %d presences, %v", ways[i].name, found, err)
		}
		return time.Since(began)
	}
	for i := range ways {
		ask(i) // all are connected now
	}
	n := 0
	for b.Loop() {
		for k := range ways {
			i := (n + k) % len(ways) // whoever comes after the SDK pays for its garbage
			ways[i].took += ask(i)
		}
		n++
	}
	b.ReportMetric(0, "ns/op")
	for _, way := range ways {
		b.ReportMetric(float64(way.took.Microseconds())/float64(n), way.name+"_µs")
	}
	b.ReportMetric(float64(ways[1].took)/float64(ways[0].took), "lean_ratio")
	b.ReportMetric(float64(ways[2].took)/float64(ways[0].took), "sdk_ratio")
}

func count(observed []presence.Observation, err error) (int, error) { return len(observed), err }

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
