package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
)

const (
	mailEventsAtOnce = 20 // events of one run
	mailsAtOnce      = 50 // of one transaction
	addressesKept    = 90 * 24 * time.Hour
	inboundKept      = 30 * 24 * time.Hour
)

// tellInvited lets those who are invited hear of a change of the event.
func (d Deps) tellInvited(ctx context.Context, was, event domain.Event) error {
	mail, ok := event.MailAbout(was, d.Clock.Now())
	if !ok {
		return nil
	}
	return d.Invitations.Tell(ctx, event.ID(), mail)
}

// inviteToBoth lets those who are invited to an event that was divided hear that it ends earlier, and invites them to the event that
// has taken over the following dates.
func (d Deps) inviteToBoth(ctx context.Context, was, first, second domain.Event) error {
	if err := d.tellInvited(ctx, was, first); err != nil {
		return err
	}
	list, err := d.Invitations.Copies(ctx, was.ID())
	if err != nil {
		return err
	}
	copies := make([]domain.Invitation, len(list))
	for i, invitation := range list {
		copies[i] = invitation.Copy(second, domain.NewInvitationToken(), d.Clock.Now())
	}
	return d.Invitations.Add(ctx, copies...)
}

// uninviteAll asks for the mails that cancel an event which is about to be deleted, in batches: an event has a bounded number of
// invitations, and afterwards there is nothing that a job could read.
func (d Deps) uninviteAll(ctx context.Context, event domain.Event) error {
	subject := domain.MailSubject{Now: d.Clock.Now()}
	subject.Event, _, _ = event.Cancel("", subject.Now)
	for after := uuid.Nil; ; {
		list, err := d.Invitations.TakeTold(ctx, event.ID(), after, mailsAtOnce)
		if err != nil || len(list) == 0 {
			return err
		}
		if subject.Dates == nil {
			if subject.Dates, err = d.Occurrences.List(ctx, event.ID()); err != nil {
				return err
			}
		}
		var mails []domain.InvitationMail
		for _, i := range list {
			if event.Data().Status == domain.StatusCancelled && i.Mail.Method != domain.MailCancel {
				continue // was told already
			}
			mails = append(mails, domain.InvitationMail{ID: valid.NewID(), Invitation: i, About: domain.EventOff})
		}
		if err := d.Mails.Ask(ctx, subject, mails...); err != nil {
			return err
		}
		after = list[len(list)-1].ID
	}
}

// MailInvitations asks for the mails of invitations of all tenants that are due. A mail is asked for in the transaction that notes it, so
// each is sent once, by one of any number of instances.
func (s *Lifecycle) MailInvitations(ctx context.Context) error {
	now := s.Clock.Now()
	due, err := s.Invitations.ListDue(ctx, now, mailEventsAtOnce)
	if err != nil {
		return err
	}
	var failed []error
	for _, e := range due {
		ctx := reqctx.With(ctx, reqctx.Context{TenantID: e.Tenant})
		failed = append(failed, s.Tx.Do(ctx, func(ctx context.Context) error { return s.mailInvitations(ctx, e.Event, now) }))
	}
	return errors.Join(failed...)
}

// mailInvitations reads the event after it has locked the invitations: a change that commits later waits for them and makes its mails
// due anew.
func (s *Lifecycle) mailInvitations(ctx context.Context, id uuid.UUID, now time.Time) error {
	list, err := s.Invitations.Take(ctx, id, now, mailsAtOnce)
	if err != nil || len(list) == 0 {
		return err
	}
	event, err := s.Events.Find(ctx, id)
	if err != nil {
		return err
	}
	dates, err := s.Occurrences.List(ctx, id)
	if err != nil {
		return err
	}
	subject := domain.MailSubject{Event: event, Dates: dates, Now: now}
	var mails []domain.InvitationMail
	var sent []domain.DomainEvent
	for n, i := range list {
		for _, mail := range subject.Mails(i) {
			mails, list[n].MessageID = append(mails, mail), mail.ID
			if mail.About == domain.Invited {
				sent = append(sent, domain.InvitationSent{Change: domain.Change{Event: event, By: i.By}, Invitation: i})
			}
		}
	}
	if err := s.Publisher.Publish(ctx, sent...); err != nil {
		return err
	}
	if err := s.Mails.Ask(ctx, subject, mails...); err != nil {
		return err
	}
	return s.Invitations.Mailed(ctx, event.Data().Sequence, now, list...)
}

// mailSeat tells a guest who waited of the seat.
func (s *Lifecycle) mailSeat(ctx context.Context, event domain.Event, o domain.Occurrence, guest domain.Invitation) error {
	subject := domain.MailSubject{Event: event, Dates: []domain.Occurrence{o}, Now: s.Clock.Now()}
	return s.Mails.Ask(ctx, subject, domain.InvitationMail{ID: valid.NewID(), Invitation: guest, About: domain.SeatFree})
}

// MailDone notes what became of a mail that was asked for.
func (s *Lifecycle) MailDone(ctx context.Context, message uuid.UUID, outcome domain.MailOutcome) error {
	return s.Invitations.Delivered(ctx, message, outcome)
}

// MembershipChanged follows the members of portal's communities and teams.
func (s *Lifecycle) MembershipChanged(ctx context.Context, group authz.Scope, user uuid.UUID, member bool) error {
	return s.Members.Put(ctx, group, user, member)
}

// ForgetInvited removes addresses of people who were invited to events that are long over, and which mails were read long ago.
func (s *Lifecycle) ForgetInvited(ctx context.Context) error {
	now := s.Clock.Now()
	return errors.Join(s.Invitations.ForgetAddresses(ctx, now.Add(-addressesKept)), s.Inbound.Forget(ctx, now.Add(-inboundKept)))
}
