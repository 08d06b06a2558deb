package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
)

// People keeps what is stored about single people in the tenant of ctx, as far
// as it is not shown by the ports that administration uses.
type People interface {
	// Memberships lists what was told about a person's memberships, those that
	// ended included, ordered by scope.
	Memberships(ctx context.Context, person uuid.UUID, after *domain.Scope, limit int) ([]domain.StoredMembership, error)
	// Delete removes the bindings, overrides and memberships of a person.
	Delete(ctx context.Context, person uuid.UUID) (domain.Erased, error)
	// Redact takes the person out of up to limit entries of the journal, as
	// domain.Entry.Redact does, and out of as many bindings and overrides of
	// others. Fewer of both means that nothing is left.
	Redact(ctx context.Context, person uuid.UUID, limit int) (domain.Redaction, error)
}
