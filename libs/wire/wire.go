// Package wire converts between the types of generated API code and those of domains: optional and nullable fields,
// lists and enumerations.
package wire

import (
	"time"

	"github.com/oapi-codegen/nullable"
)

// Each converts a list. The result is never nil, because null is not a list on the wire.
func Each[A, B any](list []A, convert func(A) B) []B {
	converted := make([]B, len(list))
	for i, item := range list {
		converted[i] = convert(item)
	}
	return converted
}

// Value returns the value of an optional field, or the zero value when it is absent.
func Value[T any](p *T) (v T) { return ValueOr(p, v) }

// ValueOr returns the value of an optional field, or another value when it is absent.
func ValueOr[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

// Get returns the value of a nullable field, or the zero value when it is null or absent.
func Get[T any](n nullable.Nullable[T]) (v T) {
	if got, err := n.Get(); err == nil {
		v = got
	}
	return v
}

// Given returns the value of a nullable field, or nil when it is null or absent.
func Given[T any](n nullable.Nullable[T]) *T {
	if v, err := n.Get(); err == nil {
		return &v
	}
	return nil
}

// Edit converts a nullable field of a partial update: nil when it is absent, a pointer to the zero value when it is null.
func Edit[T any](n nullable.Nullable[T]) *T {
	if !n.IsSpecified() {
		return nil
	}
	v := Get(n)
	return &v
}

// As changes the type of an optional enumeration.
func As[B, A ~string](p *A) *B {
	if p == nil {
		return nil
	}
	v := B(*p)
	return &v
}

// OrNull converts a value to a nullable field: null for the zero value.
func OrNull[T comparable](v T) nullable.Nullable[T] {
	var zero T
	if v == zero {
		return nullable.NewNullNullable[T]()
	}
	return nullable.NewNullableWithValue(v)
}

// TimeOrNull is OrNull for times, in UTC.
func TimeOrNull(t time.Time) nullable.Nullable[time.Time] {
	if t.IsZero() {
		return nullable.NewNullNullable[time.Time]()
	}
	return nullable.NewNullableWithValue(t.UTC())
}
