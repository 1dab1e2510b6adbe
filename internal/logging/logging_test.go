package logging_test

import (
	"log/slog"
	"strings"
	"testing"

	"teamsbridge/internal/logging"
)

func TestSecretsAreRedactedByTheirName(t *testing.T) {
	for _, format := range []string{"json", "text"} {
		t.Run("in "+format, func(t *testing.T) {
			var out strings.Builder
			logger, err := logging.New(&out, logging.Config{Format: format})
			if err != nil {
				t.Fatal(err)
			}
			logger.WithGroup("request").InfoContext(t.Context(), "answered",
				"token", "xyzzy-1", "access_token", "xyzzy-2", "Authorization", "Bearer xyzzy-3",
				"client-secret", "xyzzy-4", slog.Group("form", "password", "xyzzy-5", "Set-Cookie", "xyzzy-6"),
				"route", "/healthz", "tokens", 3)
			if strings.Contains(out.String(), "xyzzy") {
				t.Errorf("a secret was written: %s", out.String())
			}
			for _, kept := range []string{"/healthz", "tokens", logging.Redacted} {
				if !strings.Contains(out.String(), kept) {
					t.Errorf("%q is missing in %s", kept, out.String())
				}
			}
		})
	}
}

func TestLevelDecidesWhatIsWritten(t *testing.T) {
	var out strings.Builder
	logger, err := logging.New(&out, logging.Config{Level: "warn"})
	if err != nil {
		t.Fatal(err)
	}
	logger.InfoContext(t.Context(), "quiet")
	logger.WarnContext(t.Context(), "loud")
	if got := out.String(); strings.Contains(got, "quiet") || !strings.Contains(got, "loud") {
		t.Errorf("level warn wrote %q", got)
	}
}

func TestEveryProblemOfTheConfigurationIsNamed(t *testing.T) {
	_, err := logging.New(&strings.Builder{}, logging.Config{Level: "chatty", Format: "xml"})
	if err == nil {
		t.Fatal("a wrong configuration was accepted")
	}
	for _, key := range []string{"level:", "format:"} {
		if !strings.Contains(err.Error(), key) {
			t.Errorf("%q is not named in %v", key, err)
		}
	}
}

// What somebody sends may stand in a line, never begin one.
func TestATextCannotBeginALineOfItsOwn(t *testing.T) {
	for _, format := range []string{"json", "text"} {
		for _, text := range []string{"a\nlevel=ERROR msg=forged", "a\r\n{\"level\":\"ERROR\"}", "a\u2028b", "a\x1b[2Kb", `a" msg="forged`} {
			var out strings.Builder
			logger, err := logging.New(&out, logging.Config{Format: format})
			if err != nil {
				t.Fatal(err)
			}
			logger.InfoContext(t.Context(), "said", "text", text)
			if got := out.String(); strings.Count(got, "\n") != 1 || strings.ContainsAny(got, "\r\x1b\u2028") || strings.Contains(got, ` msg="forged`) {
				t.Errorf("%s: %q became %q", format, text, got)
			}
		}
	}
}
