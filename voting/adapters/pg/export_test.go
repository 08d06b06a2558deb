package pg

import (
	"context"
	"slices"

	"go.updspace.com/voting/domain"
)

// CastAll casts ballots as one batch and returns the outcome of each.
func CastAll(ctx context.Context, r *Ballots, poll domain.Poll, ballots ...domain.Ballot) ([]string, []error) {
	casts := make([]*cast, len(ballots))
	for i, ballot := range ballots {
		var err error
		if casts[i], err = r.newCast(ctx, ballot, poll); err != nil {
			return nil, []error{err}
		}
	}
	if err := r.castAll(ctx, pollKey{}, slices.Clone(casts)); err != nil {
		return nil, []error{err}
	}
	outcomes, errs := make([]string, len(casts)), make([]error, len(casts))
	for i, c := range casts {
		outcomes[i], errs[i] = c.outcome, c.err
	}
	return outcomes, errs
}
