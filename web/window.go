package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"teamsbridge/sso"
)

// windowPath is where a sign-in in a window ends: the page there tells the tab
// how, and has Teams close the window.
const windowPath = "/window"

// endWindow leads a window whose sign-in came to nothing there, with the reason;
// false for any other sign-in, and where the reader has more to learn than that.
func endWindow(w http.ResponseWriter, r *http.Request, goal string, err error) bool {
	ended, ok := errors.AsType[*sso.SignInError](err)
	if !ok || goal != windowPath {
		return false
	}
	http.Redirect(w, r, windowPath+"?refused="+url.QueryEscape(ended.Reason), http.StatusSeeOther)
	return true
}

// oneTimeCode passes from the window in which somebody signed in to their tab.
type oneTimeCode struct {
	Code string `json:"code" doc:"Good once, for two minutes" minLength:"1" maxLength:"100"`
}

type handOverRequest struct{ Body *emptyBody }

type takeOverRequest struct{ Body oneTimeCode }

// windows are the two ends of a sign-in in a window that Teams opens for a tab.
func (a *api) windows() {
	s := a.server
	tag := tagged("Session")
	handle(a, operation(http.MethodPost, "/session/hand-over", "handOverSignIn", "In the window: a one-time code for the sign-in that it has just made", tag),
		func(ctx context.Context, p sso.Principal, _ *handOverRequest) (*body[oneTimeCode], error) {
			code, err := s.deps.Verifier.HandOver(ctx, p)
			if err != nil {
				return nil, noSuchWindow(err)
			}
			return answerWith(oneTimeCode{Code: code}), nil
		})
	take := operation(http.MethodPost, "/session/take-over", "takeOverSignIn", "In the tab: use the window's sign-in, of the same person, with the tokens of this one", tag)
	take.DefaultStatus = http.StatusNoContent
	handle(a, take, func(ctx context.Context, p sso.Principal, in *takeOverRequest) (*struct{}, error) {
		return nil, noSuchWindow(s.deps.Verifier.TakeOver(ctx, p, in.Body.Code))
	})
}

// noSuchWindow says of a code or session that is none that it is not there: the
// caller is signed in, and signing in again would not help.
func noSuchWindow(err error) error {
	if errors.Is(err, sso.ErrTransactionNotFound) {
		return newProblem(slugNotFound)
	}
	return err
}
