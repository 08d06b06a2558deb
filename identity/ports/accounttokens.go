package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
)

// AccountTokens stores what is mailed to owners of accounts to be used once.
type AccountTokens interface {
	Insert(ctx context.Context, t domain.AccountToken) error
	ByToken(ctx context.Context, token domain.Hash) (domain.AccountToken, error) // else ErrLinkUnknown
	// Use marks a token used if it is unused and has not expired; else ErrLinkUsed.
	Use(ctx context.Context, id uuid.UUID, now time.Time) error
	// Discard deletes a user's tokens of a kind that have not been used and are not older than since.
	Discard(ctx context.Context, user uuid.UUID, kind domain.AccountTokenKind, since time.Time) error
	// Pending is the newest unused token of a kind that has not expired; nil if there is none.
	Pending(ctx context.Context, user uuid.UUID, kind domain.AccountTokenKind, now time.Time) (*domain.AccountToken, error)
}

// BreachedPasswords knows the passwords that were in leaks.
type BreachedPasswords interface{ Contains(password string) bool }
