package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
)

// NominationFilter selects nominations. Zero fields match everything.
type NominationFilter struct {
	Status    domain.NominationStatus
	Nominator uuid.UUID
	Scopes    []authz.Scope // of the achievements; nil for all
}

// Nominations stores nominations.
type Nominations interface {
	// Find returns a nomination, or domain.ErrNominationNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.Nomination, error)
	// Lock is Find, and makes other changes of the nomination wait until Tx.Do ends.
	Lock(ctx context.Context, id uuid.UUID) (domain.Nomination, error)
	// CountOpen counts the open nominations that a member has made. Another transaction that counts them waits until Tx.Do ends.
	CountOpen(ctx context.Context, nominator uuid.UUID) (int, error)
	// Page lists nominations that match, newest first, from those before an id, unless it is zero.
	Page(ctx context.Context, filter NominationFilter, before uuid.UUID, limit int) ([]domain.Nomination, error)
	// Forget removes the nominations of all tenants that were decided before a time.
	Forget(ctx context.Context, before time.Time) error
	// Add stores a new nomination. A second open one of the same member by the same nominator is domain.ErrNominated.
	Add(ctx context.Context, nomination domain.Nomination) error
	Delete(ctx context.Context, id uuid.UUID) error
	Update(ctx context.Context, nomination domain.Nomination) error
}
