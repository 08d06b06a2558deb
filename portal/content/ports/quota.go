package ports

import (
	"context"

	"github.com/google/uuid"
)

// The rules of Quota, by name.
const (
	RulePreviews = "previews" // of posts
	RuleSearches = "searches"
)

// Quota limits how often a user does what costs much and stores nothing.
type Quota interface {
	// Take counts a use, or returns errs.RateLimited.
	Take(ctx context.Context, rule string, user uuid.UUID) error
}
