package idempotency

import (
	"context"

	"github.com/google/uuid"
)

// Requests remembers the results of creates: [Store], or one in memory.
type Requests interface {
	Once(ctx context.Context, operation string, input any, create func(ctx context.Context) (uuid.UUID, error)) (uuid.UUID, error)
}

// Once is [Store.Once] for a create that returns what it made. Only a repeated request, for which create does not run, loads
// it by its id. What it loads is what is stored now.
func Once[T any](
	ctx context.Context, requests Requests, operation string, input any,
	create func(ctx context.Context) (T, error), id func(T) uuid.UUID, load func(ctx context.Context, id uuid.UUID) (T, error),
) (T, error) {
	var made T
	created := false
	first, err := requests.Once(ctx, operation, input, func(ctx context.Context) (uuid.UUID, error) {
		var err error
		if made, err = create(ctx); err != nil {
			return uuid.Nil, err
		}
		created = true
		return id(made), nil
	})
	switch {
	case err != nil:
		var none T
		return none, err
	case created:
		return made, nil
	}
	return load(ctx, first)
}
