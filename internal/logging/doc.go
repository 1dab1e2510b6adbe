// Package logging makes the process's one *slog.Logger from configuration.
//
// Invariants:
//   - What is known to be a secret by its name (token, password, cookie ...) is
//     written as [Redacted], whatever group it stands in and whoever logged it.
//     This is the last line of defence; types that hold secrets redact
//     themselves (slog.LogValuer).
//
// It does not set slog's default logger: loggers are handed on, never found.
package logging
