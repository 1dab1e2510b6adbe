package logging

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Redacted stands in a log line where a secret would have stood.
const Redacted = "[redacted]"

// Config is the log part of the configuration.
type Config struct {
	Level  string `koanf:"level"`  // "debug", "info", "warn" or "error"; empty means info
	Format string `koanf:"format"` // "json" or "text"; empty means json
}

// Validate reports every problem, each with the key it belongs to.
func (c Config) Validate() error {
	var problems []error
	if _, err := c.level(); err != nil {
		problems = append(problems, err)
	}
	switch c.Format {
	case "", "json", "text":
	default:
		problems = append(problems, errors.New("format: must be json or text"))
	}
	return errors.Join(problems...)
}

func (c Config) level() (slog.Level, error) {
	switch c.Level {
	case "debug":
		return slog.LevelDebug, nil
	case "", "info":
		return slog.LevelInfo, nil
	case "warn":
		return slog.LevelWarn, nil
	case "error":
		return slog.LevelError, nil
	}
	return 0, errors.New("level: must be debug, info, warn or error")
}

// New makes a logger that writes to w. The error is Config.Validate's.
func New(w io.Writer, c Config) (*slog.Logger, error) {
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("logging: %w", err)
	}
	level, err := c.level()
	if err != nil {
		return nil, fmt.Errorf("logging: %w", err)
	}
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: redact}
	if c.Format == "text" {
		return slog.New(slog.NewTextHandler(w, options)), nil
	}
	return slog.New(slog.NewJSONHandler(w, options)), nil
}

// secretKeys are words that make an attribute a secret when they are the whole
// key or its last word: "token", "access_token", "client_secret".
var secretKeys = [...]string{
	"token", "secret", "password", "passwd", "authorization", "cookie", "assertion", "verifier", "private_key", "credential_value",
}

func redact(_ []string, a slog.Attr) slog.Attr {
	key := strings.ToLower(strings.ReplaceAll(a.Key, "-", "_"))
	for _, secret := range secretKeys {
		if key == secret || strings.HasSuffix(key, "_"+secret) {
			return slog.String(a.Key, Redacted)
		}
	}
	return a
}
