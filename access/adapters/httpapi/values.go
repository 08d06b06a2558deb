package httpapi

import (
	"time"

	"github.com/oapi-codegen/nullable"
)

func value[T any](p *T) (v T) { return valueOr(p, v) }

func valueOr[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

// get is zero for what is null or was left out.
func get[T any](n nullable.Nullable[T]) (v T) {
	if n.IsSpecified() && !n.IsNull() {
		return n.MustGet()
	}
	return v
}

// edit is nil for what was left out, and zero for null.
func edit[T any](n nullable.Nullable[T]) *T {
	if !n.IsSpecified() {
		return nil
	}
	v := get(n)
	return &v
}

// orNull is null for the value that stands for none.
func orNull[T comparable](v T) nullable.Nullable[T] {
	if v == *new(T) {
		return nullable.NewNullNullable[T]()
	}
	return nullable.NewNullableWithValue(v)
}

func timeOrNull(t time.Time) nullable.Nullable[time.Time] {
	if t.IsZero() {
		return nullable.NewNullNullable[time.Time]()
	}
	return nullable.NewNullableWithValue(t.UTC())
}

// instant is a moment as the database keeps it.
func instant(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC().Truncate(time.Microsecond)
}

func each[A, B any](list []A, convert func(A) B) []B {
	out := make([]B, len(list))
	for i, a := range list {
		out[i] = convert(a)
	}
	return out
}
