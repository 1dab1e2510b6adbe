package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"teamsbridge/sso"
)

// BenchmarkRequest measures what the whole stack costs a request, without a
// network: ids, headers, limits, routing, the check of who asks, the answer and
// the metrics, for GET /api/v1/session; beside it a handler that only gives the
// same answer.
func BenchmarkRequest(b *testing.B) {
	w := newWorld(b)
	now := time.Now()
	secret := "a-browser-session"
	sum := sha256.Sum256([]byte(secret))
	key := hex.EncodeToString(sum[:])
	fatal(b, w.sessions.PutSession(b.Context(), sso.Session{
		Key: key, Refresh: w.sealer.Seal("0.refresh", key), Tenant: home, EntraID: anja, Name: "Anja", StartedAt: now, SeenAt: now, ExpiresAt: now.Add(time.Hour),
	}))
	stack := w.server.Handler()
	bearer := httptest.NewRequest(http.MethodGet, w.url+"/api/v1/session", http.NoBody)
	bearer.Header.Set("Authorization", "Bearer "+w.token(home, anja))
	cookie := httptest.NewRequest(http.MethodGet, w.url+"/api/v1/session", http.NoBody)
	cookie.AddCookie(&http.Cookie{Name: w.server.cookieName(cookie), Value: secret})

	first := httptest.NewRecorder()
	stack.ServeHTTP(first, bearer)
	content := first.Body.Bytes()
	bare := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(content)
	})
	for _, c := range []struct {
		name    string
		handler http.Handler
		request *http.Request
	}{
		{"bearer", stack, bearer}, {"session", stack, cookie}, {"bare", bare, bearer},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				answer := httptest.NewRecorder()
				c.handler.ServeHTTP(answer, c.request)
				if answer.Code != http.StatusOK {
					b.Fatalf("%d %s", answer.Code, answer.Body)
				}
			}
		})
	}
}
