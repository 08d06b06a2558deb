package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/voting/domain"
)

// Polls are the use cases of whole polls.
type Polls struct{ Deps }

// PollView is a poll as it is shown: with the number of its ballots.
type PollView struct {
	Poll  domain.Poll
	Votes int64
	Phase domain.Phase
}

// PollInfo is everything that a page about a poll shows to one user.
type PollInfo struct {
	PollView
	Questionnaire domain.Questionnaire
	Standing      domain.Standing
}

// Get returns one poll.
func (s *Polls) Get(ctx context.Context, by authz.Actor, id uuid.UUID) (PollView, error) {
	poll, err := s.Polls.Find(ctx, id)
	if err != nil {
		return PollView{}, err
	}
	if _, err := (authorizer{s.Deps}).requireVisible(ctx, by, poll); err != nil {
		return PollView{}, err
	}
	return s.view(ctx, poll)
}

// Info returns one poll with its questionnaire and what the caller can do.
func (s *Polls) Info(ctx context.Context, by authz.Actor, id uuid.UUID) (PollInfo, error) {
	poll, err := s.Polls.Find(ctx, id)
	if err != nil {
		return PollInfo{}, err
	}
	access, err := authorizer{s.Deps}.loadAccess(ctx, by, poll, domain.PermissionVoteCast, domain.PermissionResultsRead)
	if err != nil {
		return PollInfo{}, err
	}
	view, err := s.view(ctx, poll)
	if err != nil {
		return PollInfo{}, err
	}
	questionnaire, err := s.Questionnaires.Find(ctx, id)
	if err != nil {
		return PollInfo{}, err
	}
	mine, err := s.Ballots.ListByUser(ctx, id, by.User)
	if err != nil {
		return PollInfo{}, err
	}
	return PollInfo{PollView: view, Questionnaire: questionnaire, Standing: access.standing(poll, questionnaire.Progress(mine), s.Clock.Now())}, nil
}

func (s *Polls) view(ctx context.Context, poll domain.Poll) (PollView, error) {
	totals, err := s.Ballots.Totals(ctx, poll)
	return PollView{Poll: poll, Votes: totals[poll.ID()], Phase: poll.Phase(s.Clock.Now())}, err
}
