package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// Results are the use cases around what the ballots came to.
type Results struct {
	gate    gate
	polls   ports.Polls
	papers  ports.Papers
	ballots ports.Ballots
}

// NewResults needs everything but its own rules from outside.
func NewResults(access ports.Access, polls ports.Polls, papers ports.Papers, ballots ports.Ballots) *Results {
	return &Results{gate: gate{access}, polls: polls, papers: papers, ballots: ballots}
}

// Of returns the results of a poll, to those it shows them to.
func (s *Results) Of(ctx context.Context, by domain.Actor, id uuid.UUID) (domain.Results, error) {
	poll, err := s.polls.Find(ctx, id)
	if err != nil {
		return domain.Results{}, err
	}
	if err := s.gate.require(ctx, by, poll, domain.PermissionResultsRead); err != nil {
		return domain.Results{}, err
	}
	if poll.ShowsResults(domain.Standing{Sees: true}) != nil { // not to everybody: does he manage it?
		standing, _, err := s.gate.enter(ctx, by, poll)
		if err != nil {
			return domain.Results{}, err
		}
		if err := poll.ShowsResults(standing); err != nil {
			return domain.Results{}, err
		}
	}
	paper, err := s.papers.Find(ctx, id)
	if err != nil {
		return domain.Results{}, err
	}
	tally, err := s.ballots.Tally(ctx, id)
	if err != nil {
		return domain.Results{}, err
	}
	return paper.Results(id, tally), nil
}
