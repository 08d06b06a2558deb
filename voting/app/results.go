package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/voting/domain"
)

// Results are the use cases of the results of polls.
type Results struct{ Deps }

// Get returns the results of a poll.
func (s *Results) Get(ctx context.Context, by authz.Actor, id uuid.UUID) (domain.Results, error) {
	poll, err := s.Polls.Find(ctx, id)
	if err != nil {
		return domain.Results{}, err
	}
	if err := s.requireResults(ctx, by, poll); err != nil {
		return domain.Results{}, err
	}
	return s.count(ctx, poll)
}

// Export returns the results of a poll for those who manage it.
func (s *Results) Export(ctx context.Context, by authz.Actor, id uuid.UUID) (domain.Results, error) {
	if _, err := s.requireManaged(ctx, by, id); err != nil {
		return domain.Results{}, err
	}
	poll, err := s.Polls.Find(ctx, id)
	if err != nil {
		return domain.Results{}, err
	}
	return s.count(ctx, poll)
}

func (s *Results) count(ctx context.Context, poll domain.Poll) (domain.Results, error) {
	id := poll.ID()
	questionnaire, err := s.Questionnaires.Find(ctx, id)
	if err != nil {
		return domain.Results{}, err
	}
	tally, err := s.Ballots.Tally(ctx, id)
	if err != nil {
		return domain.Results{}, err
	}
	voters, err := s.Ballots.Voters(ctx, id)
	if err != nil {
		return domain.Results{}, err
	}
	results := questionnaire.Results(poll, tally, voters)
	if poll.Data().Visibility != authz.VisibilityPrivate {
		return results, nil
	}
	participants, err := s.Participants.List(ctx, id)
	return results.WithEligible(poll, participants), err
}

func (s *Results) requireResults(ctx context.Context, by authz.Actor, poll domain.Poll) error {
	auth := authorizer{s.Deps}
	if poll.ResultsArePublic() {
		return auth.require(ctx, by, poll, domain.PermissionResultsRead)
	}
	access, err := auth.loadAccess(ctx, by, poll, domain.PermissionResultsRead)
	switch {
	case err != nil:
		return err
	case !access.held[domain.PermissionResultsRead]:
		return authz.Denied(domain.PermissionResultsRead)
	case !access.CanReadEarlyResults:
		return domain.ErrResultsHidden
	}
	return nil
}
