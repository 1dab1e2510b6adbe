package ua

import (
	"context"
	"log/slog"
	"slices"
)

// quietHandler lets sipgo speak at debug only: what it calls errors is mostly
// other people's malformed messages, which our metrics count. Of what it says
// only harmless attributes are let through: others quote messages, with
// passwords, keys of encrypted audio and numbers in them.
type quietHandler struct{ slog.Handler }

// harmless are the attributes of sipgo that never quote a message.
var harmless = []string{
	"caller", "network", "addr", "laddr", "raddr", "local", "remote", "ip", "src", "dst", "ref", "tx", "dur", "host", "proto",
}

func (h quietHandler) Enabled(ctx context.Context, _ slog.Level) bool {
	return h.Handler.Enabled(ctx, slog.LevelDebug)
}

func (h quietHandler) Handle(ctx context.Context, r slog.Record) error {
	let := slog.NewRecord(r.Time, slog.LevelDebug, r.Message, r.PC)
	r.Attrs(func(a slog.Attr) bool {
		if slices.Contains(harmless, a.Key) {
			let.AddAttrs(a)
		}
		return true
	})
	return h.Handler.Handle(ctx, let)
}

func (h quietHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	let := slices.DeleteFunc(slices.Clone(attrs), func(a slog.Attr) bool { return !slices.Contains(harmless, a.Key) })
	return quietHandler{h.Handler.WithAttrs(let)}
}

func (h quietHandler) WithGroup(name string) slog.Handler {
	return quietHandler{h.Handler.WithGroup(name)}
}
