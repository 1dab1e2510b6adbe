package sso_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"teamsbridge/sso"
	"teamsbridge/sso/tokentest"
)

// TestARequestWaitsForNewerKeysAsLongAsItsPatienceLasts: an issuer that does not
// answer holds up whom the keys at hand can judge for that long, and no longer.
func TestARequestWaitsForNewerKeysAsLongAsItsPatienceLasts(t *testing.T) {
	for name, tt := range map[string]struct{ patience, waits time.Duration }{
		"a second, if nothing is said": {0, time.Second},
		"what is said":                 {3 * time.Second, 3 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := &tokentest.Authority{URL: "http://127.0.0.1", Now: time.Now}
				a.Publish(a.Key(0))
				silent := false
				client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
					if silent {
						<-r.Context().Done()
						return nil, r.Context().Err()
					}
					answer := httptest.NewRecorder()
					a.ServeHTTP(answer, r)
					return answer.Result(), nil
				})}
				v, err := sso.NewVerifier(a.Config(), sso.Deps{Agents: agents(t), HTTPClient: client, Patience: tt.patience})
				if err != nil {
					t.Fatal(err)
				}
				wantGood(t, v, a.Sign(t, a.Key(0), a.V2()))
				silent = true
				time.Sleep(time.Hour) // the bubble's time: the keys are old
				began := time.Now()
				wantGood(t, v, a.Sign(t, a.Key(0), a.V2()))
				if waited := time.Since(began); waited != tt.waits {
					t.Errorf("waited %v, want %v", waited, tt.waits)
				}
				time.Sleep(time.Minute) // what was asked in the background has ended too
			})
		})
	}
}
