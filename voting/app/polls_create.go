package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/voting/domain"
)

// CreatePoll is what the maker of a poll sends.
type CreatePoll struct {
	Poll      domain.PollDraft // its Scope is set by ScopeType and ScopeID
	ScopeType domain.ScopeType // default the tenant
	ScopeID   string
	Status    domain.Status // default draft
	Questions []domain.QuestionDraft
}

// Validate checks what can be told without looking anything up.
func (in CreatePoll) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.ScopeType == "" || in.ScopeType.Valid(), "scope_type", "must be TENANT, COMMUNITY, TEAM, EVENT or POST")
	fields.Check(len(in.Questions) <= domain.MaxQuestions, "nominations", "must be at most 100")
	fields.Check(in.Status == "" || in.Status.Valid(), "status", "must be draft or active")
	if err := fields.Err(); err != nil {
		return err
	}
	if in.Status == domain.StatusClosed {
		return domain.ErrInvalidStatus
	}
	return nil
}

// Create makes a poll with the questions and options that come with it, all or nothing, and publishes it if asked to.
func (s *Polls) Create(ctx context.Context, by domain.Actor, in CreatePoll) (PollView, error) {
	if err := in.Validate(); err != nil {
		return PollView{}, err
	}
	scope, err := domain.NewScope(by.Tenant, in.ScopeType, in.ScopeID)
	if err != nil {
		return PollView{}, err
	}
	allowed, err := s.gate.access.Allowed(ctx, domain.Ask{Permission: domain.PermissionPollCreate, Scope: scope.ForAccess(by.Tenant)})
	if err != nil {
		return PollView{}, err
	}
	if !allowed {
		return PollView{}, domain.ErrForbidden
	}
	id, err := s.once.Once(ctx, "createPoll", in, func(ctx context.Context) (uuid.UUID, error) {
		in.Poll.Scope = scope
		return s.create(ctx, by, in)
	})
	if err != nil {
		return PollView{}, err
	}
	poll, err := s.polls.Find(ctx, id)
	if err != nil {
		return PollView{}, err
	}
	return s.view(ctx, poll)
}

func (s *Polls) create(ctx context.Context, by domain.Actor, in CreatePoll) (uuid.UUID, error) {
	now := s.clock.Now()
	poll, err := domain.NewPoll(by, in.Poll, now)
	if err != nil {
		return uuid.Nil, err
	}
	paper, err := domain.Paper{}.Write(poll.ID(), in.Questions)
	if err != nil {
		return uuid.Nil, err
	}
	happened := []domain.Event{domain.PollCreated{PollEvent: domain.PollEvent{Poll: poll, By: by.User}}}
	if in.Status == domain.StatusActive {
		if poll, _, err = poll.Move(domain.StatusActive, paper, now); err != nil {
			return uuid.Nil, err
		}
		happened = append(happened, moved(poll, by))
	}
	if err := s.polls.Add(ctx, poll); err != nil {
		return uuid.Nil, err
	}
	if err := s.papers.AddQuestions(ctx, paper.Questions()...); err != nil {
		return uuid.Nil, err
	}
	if err := s.papers.AddOptions(ctx, paper.Options()...); err != nil {
		return uuid.Nil, err
	}
	return poll.ID(), s.events.Publish(ctx, happened...)
}
