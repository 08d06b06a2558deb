package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// Polls are the use cases around whole polls.
type Polls struct {
	gate    gate
	polls   ports.Polls
	papers  ports.Papers
	ballots ports.Ballots
	events  ports.Events
	tx      ports.Tx
	once    ports.Once
	clock   ports.Clock
}

// NewPolls needs everything but its own rules from outside.
func NewPolls(access ports.Access, polls ports.Polls, papers ports.Papers, ballots ports.Ballots, events ports.Events, tx ports.Tx, once ports.Once, clock ports.Clock) *Polls {
	return &Polls{gate: gate{access}, polls: polls, papers: papers, ballots: ballots, events: events, tx: tx, once: once, clock: clock}
}

// PollView is a poll as it is shown: with the number of its ballots.
type PollView struct {
	Poll  domain.Poll
	Votes int64
}

// PollInfo is everything a page about a poll shows to one user.
type PollInfo struct {
	PollView
	Paper    domain.Paper
	HasVoted bool // has a ballot in the poll
	CanVote  bool // may still cast one or change one
}

// Get returns one poll.
func (s *Polls) Get(ctx context.Context, by domain.Actor, id uuid.UUID) (PollView, error) {
	poll, err := s.polls.Find(ctx, id)
	if err != nil {
		return PollView{}, err
	}
	if _, err := s.gate.see(ctx, by, poll); err != nil {
		return PollView{}, err
	}
	return s.view(ctx, poll)
}

// Info returns one poll with its paper and what the caller can do.
func (s *Polls) Info(ctx context.Context, by domain.Actor, id uuid.UUID) (PollInfo, error) {
	poll, err := s.polls.Find(ctx, id)
	if err != nil {
		return PollInfo{}, err
	}
	held, err := s.gate.see(ctx, by, poll, domain.PermissionVoteCast)
	if err != nil {
		return PollInfo{}, err
	}
	view, err := s.view(ctx, poll)
	if err != nil {
		return PollInfo{}, err
	}
	paper, err := s.papers.Find(ctx, id)
	if err != nil {
		return PollInfo{}, err
	}
	mine, err := s.ballots.Of(ctx, id, by.User)
	if err != nil {
		return PollInfo{}, err
	}
	return PollInfo{
		PollView: view, Paper: paper,
		HasVoted: len(mine) > 0,
		CanVote:  held[domain.PermissionVoteCast] && poll.MayVote(paper, mine, s.clock.Now()),
	}, nil
}

func (s *Polls) view(ctx context.Context, poll domain.Poll) (PollView, error) {
	totals, err := s.ballots.Totals(ctx, poll)
	return PollView{Poll: poll, Votes: totals[poll.ID()]}, err
}
