package web

import (
	"encoding/json"
	"reflect"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// timeLayout is RFC 3339 in UTC with exactly three decimals.
const timeLayout = "2006-01-02T15:04:05.000Z"

func formatTime(t time.Time) string { return t.UTC().Format(timeLayout) }

// orNull is null for the empty string.
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// timeOrNull is null for the zero time.
func timeOrNull(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return orNull(formatTime(t))
}

// seconds are whole ones, never negative: clocks of two machines may differ.
func seconds(d time.Duration) int64 { return max(0, int64(d/time.Second)) }

// secondsSince is null for the zero time.
func secondsSince(now, t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	age := seconds(now.Sub(t))
	return &age
}

// nonNil is a list that is never null in JSON.
func nonNil[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

// mapped converts a list; the result is never null in JSON.
func mapped[T, U any](items []T, convert func(T) U) []U {
	out := make([]U, 0, len(items))
	for _, item := range items {
		out = append(out, convert(item))
	}
	return out
}

// nullable is an object, or a word of a closed set, that may be null. A plain
// pointer would do for JSON, but the description would then say that it is never
// null.
type nullable[T any] struct{ value *T }

func orNullObject[T any](v *T) nullable[T] { return nullable[T]{v} }

// MarshalJSON writes the object or null.
func (n nullable[T]) MarshalJSON() ([]byte, error) { return json.Marshal(n.value) }

// UnmarshalJSON reads what MarshalJSON writes: a [Problem] can be read back.
func (n *nullable[T]) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, &n.value) }

// Schema is the object's or the word's, or null.
func (nullable[T]) Schema(r huma.Registry) *huma.Schema {
	s := r.Schema(reflect.TypeFor[T](), true, "")
	if s.Ref != "" {
		return &huma.Schema{OneOf: []*huma.Schema{s, {Type: "null"}}}
	}
	s.Nullable = true
	s.Enum = append(slices.Clone(s.Enum), nil)
	return s
}
