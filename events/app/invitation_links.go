package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
)

// InvitationLinks are the use cases of people who were invited. They have no session: a secret names the invitation, and shows and
// changes nothing but what it is for. A member answers with the rights that the member has at that time.
type InvitationLinks struct{ Deps }

// InvitedView is the event of an invitation, as its person sees it.
type InvitedView struct {
	EventView
	Guest bool
}

// invited is the person of an invitation.
type invited struct {
	ports.InvitationOfTenant
	by authz.Actor
}

// open finds the invitation of a secret, and returns a context of its tenant and its person.
func (s *InvitationLinks) open(ctx context.Context, token domain.InvitationToken) (context.Context, invited, error) {
	found, err := s.Invitations.FindByToken(ctx, token)
	if err != nil {
		return ctx, invited{}, err
	}
	rc := reqctx.From(ctx)
	rc.TenantID, rc.TenantSlug = found.Tenant, found.Slug
	ctx = reqctx.With(ctx, rc)
	if !found.Guest {
		if ctx, err = s.onBehalf(ctx, found.UserID); err != nil {
			return ctx, invited{}, err
		}
	}
	if found.Withdrawn {
		return ctx, invited{}, domain.ErrInvitationWithdrawn
	}
	return ctx, invited{found, authz.Actor{Tenant: found.Tenant, User: found.UserID}}, nil
}

// find returns the event and what the person may do with it.
func (s *InvitationLinks) find(ctx context.Context, i invited) (domain.Event, domain.EventAccess, error) {
	event, err := s.Events.Find(ctx, i.EventID)
	if err != nil {
		return domain.Event{}, domain.EventAccess{}, err
	}
	access, err := s.accessOf(ctx, i, event)
	return event, access, err
}

// accessOf returns what the person may do with the event. A guest has no rights that access knows of: the invitation lets the guest see
// and answer what is no draft and not hidden.
func (s *InvitationLinks) accessOf(ctx context.Context, i invited, event domain.Event) (domain.EventAccess, error) {
	if !i.Guest {
		access, _, err := s.accessTo(ctx, i.by, event)
		return access, err
	}
	if d := event.Data(); d.Hidden || d.Status == domain.StatusDraft {
		return domain.EventAccess{}, domain.ErrEventNotFound
	}
	return domain.EventAccess{CanRead: true, CanAnswer: true}, nil
}

// Show returns the event of an invitation on the date that is on or comes next.
func (s *InvitationLinks) Show(ctx context.Context, token domain.InvitationToken) (InvitedView, error) {
	ctx, i, err := s.open(ctx, token)
	if err != nil {
		return InvitedView{}, err
	}
	event, access, err := s.find(ctx, i)
	if err != nil {
		return InvitedView{}, err
	}
	view, err := s.shown(ctx, i.by, event, access, nil)
	return InvitedView{EventView: view, Guest: i.Guest}, err
}

// AnswerInvitation is the input of InvitationLinks.Answer.
type AnswerInvitation struct {
	Token      domain.InvitationToken
	Occurrence *uuid.UUID // nil is the event, of a series all dates to come
	Answer     domain.AnswerDraft
}

// Answer sets the answer of the person of an invitation.
func (s *InvitationLinks) Answer(ctx context.Context, in AnswerInvitation) (InvitedView, error) {
	ctx, i, err := s.open(ctx, in.Token)
	if err != nil {
		return InvitedView{}, err
	}
	return s.answer(ctx, i, in)
}

func (s *InvitationLinks) answer(ctx context.Context, i invited, in AnswerInvitation) (InvitedView, error) {
	event, _, err := s.find(ctx, i)
	if err != nil {
		return InvitedView{}, err
	}
	answers := Answers{s.Deps}
	view, err := answers.set(ctx, i.by, SetAnswer{
		Event: i.EventID, Occurrence: in.Occurrence, Series: in.Occurrence == nil && event.Data().Schedule.Recurs(), Answer: in.Answer, guest: i.Guest,
	}, func(ctx context.Context, event domain.Event) (domain.EventAccess, error) {
		return s.accessOf(ctx, i, event)
	})
	return InvitedView{EventView: view, Guest: i.Guest}, err
}

// Received is what became of a mail.
type Received struct {
	Answered bool
	Reason   string // why nothing was changed: duplicate or outdated
}

// Reply sets the answers of a calendar program's mail. A mail counts once, by its Message-ID; answers to an older state of the event
// than the person was told of are passed over.
func (s *InvitationLinks) Reply(ctx context.Context, r domain.MailReply) (Received, error) {
	ctx, i, err := s.open(ctx, r.Token)
	if err != nil {
		return Received{}, err
	}
	event, _, err := s.find(ctx, i)
	if err != nil {
		return Received{}, err
	}
	if err := i.Accepts(event, r); err != nil {
		return Received{}, err
	}
	known, err := s.Inbound.Known(ctx, r.MessageID)
	if err != nil || known {
		return Received{Reason: "duplicate"}, err
	}
	dates, err := s.Occurrences.List(ctx, i.EventID)
	if err != nil {
		return Received{}, err
	}
	result := Received{Reason: "outdated"}
	for _, a := range r.Answers {
		if i.Outdated(a) {
			continue
		}
		in := AnswerInvitation{Answer: domain.AnswerDraft{Status: a.Status}}
		if a.On != nil {
			o, err := a.On.Find(dates)
			if err != nil {
				return Received{}, err
			}
			in.Occurrence = new(o.ID())
		}
		if _, err := s.answer(ctx, i, in); err != nil {
			return Received{}, err
		}
		result = Received{Answered: true}
	}
	return result, s.Inbound.Remember(ctx, r.MessageID, s.Clock.Now())
}
