package portal_test

import (
	"github.com/oapi-codegen/nullable"
)

func some[T any](v T) nullable.Nullable[T] { return nullable.NewNullableWithValue(v) }

func null[T any]() nullable.Nullable[T] { return nullable.NewNullNullable[T]() }
