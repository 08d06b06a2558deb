package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/voting/domain"
)

// CopyPoll is the input of Polls.Copy.
type CopyPoll struct {
	PollID uuid.UUID
	Title  *string // default: that of the poll
}

// Copy makes a draft with the texts, rules, questions and options of a poll that the caller reads.
func (s *Polls) Copy(ctx context.Context, by authz.Actor, in CopyPoll) (PollView, error) {
	original, err := s.Polls.Find(ctx, in.PollID)
	if err != nil {
		return PollView{}, err
	}
	held, err := authorizer{s.Deps}.requireVisible(ctx, by, original, domain.PermissionPollCreate)
	if err != nil {
		return PollView{}, err
	}
	if !held[domain.PermissionPollCreate] {
		return PollView{}, authz.Denied(domain.PermissionPollCreate)
	}
	poll, err := idempotency.Once(ctx, s.Once, "copyPoll", in, func(ctx context.Context) (domain.Poll, error) {
		return s.copyOf(ctx, by, original, in.Title)
	}, domain.Poll.ID, s.Polls.Find)
	if err != nil {
		return PollView{}, err
	}
	return s.view(ctx, poll)
}

func (s *Polls) copyOf(ctx context.Context, by authz.Actor, original domain.Poll, title *string) (domain.Poll, error) {
	if err := groups.RequireActive(ctx, s.Groups, original.Data().Scope); err != nil {
		return domain.Poll{}, err
	}
	questionnaire, err := s.Questionnaires.Find(ctx, original.ID())
	if err != nil {
		return domain.Poll{}, err
	}
	poll, err := domain.NewPoll(by, original.Draft(title), s.Clock.Now())
	if err != nil {
		return domain.Poll{}, err
	}
	if questionnaire, err = (domain.Questionnaire{}).AddAll(poll.ID(), questionnaire.Drafts()); err != nil {
		return domain.Poll{}, err
	}
	if err := s.store(ctx, poll, questionnaire); err != nil {
		return domain.Poll{}, err
	}
	return poll, s.record(ctx, domain.PollCreated{PollEvent: domain.PollEvent{Poll: poll, By: by.User}})
}
