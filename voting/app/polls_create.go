package app

import (
	"context"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/voting/domain"
)

// CreatePoll is the input of Polls.Create.
type CreatePoll struct {
	Poll          domain.PollDraft // its Scope is set from ScopeType and ScopeID
	AllowRevoting *bool            // default: that of the template
	ScopeType     authz.ScopeType  // default: the tenant
	ScopeID       string
	Status        domain.Status   // default: draft
	Language      domain.Language // of the template's questions; default: Russian
	Questions     []domain.QuestionDraft
}

// Validate checks what needs no lookup.
func (in CreatePoll) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.ScopeType == "" || domain.ScopeTypes.Has(in.ScopeType), "scope_type", domain.ScopeTypes.NotAllowed())
	fields.Check(len(in.Questions) <= domain.MaxQuestions, "nominations", why.TooMany(domain.MaxQuestions))
	fields.Check(in.Status == "" || in.Status.Valid(), "status", why.NotAllowed("must be draft or active"))
	fields.Check(in.Language == "" || in.Language.Valid(), "language", why.NotAllowed("must be ru or en"))
	if err := fields.Err(); err != nil {
		return err
	}
	if in.Status == domain.StatusClosed {
		return domain.ErrInvalidStatus
	}
	return nil
}

// Create makes a poll with the questions and options that come with it, and publishes it when Status says so: all or
// nothing.
func (s *Polls) Create(ctx context.Context, by authz.Actor, in CreatePoll) (PollView, error) {
	if err := in.Validate(); err != nil {
		return PollView{}, err
	}
	scope, err := domain.ScopeTypes.Parse(by.Tenant, in.ScopeType, in.ScopeID)
	if err != nil {
		return PollView{}, err
	}
	create := authz.Check{Permission: domain.PermissionPollCreate, Scope: domain.AccessScope(scope, by.Tenant)}
	if err := authz.Require(ctx, s.Access, create); err != nil {
		return PollView{}, err
	}
	poll, err := idempotency.Once(ctx, s.Once, "createPoll", in, func(ctx context.Context) (domain.Poll, error) {
		in.Poll.Scope = scope
		return s.create(ctx, by, in)
	}, domain.Poll.ID, s.Polls.Find)
	if err != nil {
		return PollView{}, err
	}
	return s.view(ctx, poll)
}

func (s *Polls) create(ctx context.Context, by authz.Actor, in CreatePoll) (domain.Poll, error) {
	if err := groups.RequireActive(ctx, s.Groups, in.Poll.Scope); err != nil {
		return domain.Poll{}, err
	}
	template, err := domain.FindTemplate(in.Poll.Template)
	if err != nil {
		return domain.Poll{}, err
	}
	now := s.Clock.Now()
	poll, err := domain.NewPoll(by, template.Apply(in.Poll, in.AllowRevoting), now)
	if err != nil {
		return domain.Poll{}, err
	}
	questionnaire, err := domain.Questionnaire{}.AddAll(poll.ID(), append(template.Drafts(in.Language), in.Questions...))
	if err != nil {
		return domain.Poll{}, err
	}
	events := []domain.Event{domain.PollCreated{PollEvent: domain.PollEvent{Poll: poll, By: by.User}}}
	if in.Status == domain.StatusActive {
		if poll, _, err = poll.Transition(domain.StatusActive, questionnaire, now); err != nil {
			return domain.Poll{}, err
		}
		events = append(events, statusEvent(poll, by.User))
	}
	if err := s.store(ctx, poll, questionnaire); err != nil {
		return domain.Poll{}, err
	}
	return poll, s.record(ctx, events...)
}

// store adds the poll with its questions, options and owner.
func (s *Polls) store(ctx context.Context, poll domain.Poll, questionnaire domain.Questionnaire) error {
	if err := s.Polls.Add(ctx, poll); err != nil {
		return err
	}
	if err := s.Questionnaires.AddQuestions(ctx, questionnaire.Questions()...); err != nil {
		return err
	}
	if err := s.Questionnaires.AddOptions(ctx, questionnaire.Options()...); err != nil {
		return err
	}
	return s.Participants.Put(ctx, domain.Creator(poll))
}
