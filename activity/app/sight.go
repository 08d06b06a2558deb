package app

import (
	"context"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/authz"
)

// Sight asks access what a member may see. Every use case that reads, counts or answers items goes through it.
type Sight struct{ access authz.Checker }

// NewSight returns the use case.
func NewSight(access authz.Checker) Sight { return Sight{access} }

// Of returns what the caller may see now, or refuses a caller who may read the feed nowhere.
func (s Sight) Of(ctx context.Context, by authz.Actor) (domain.Viewer, error) {
	answers, err := s.access.AllowedScopes(ctx, domain.ViewerQueries())
	if err != nil {
		return domain.Viewer{}, err
	}
	return domain.NewViewer(by, answers)
}
