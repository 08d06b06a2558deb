package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
)

// Telling are the use cases of the service itself: it records what events mean, and tells people of it when it is due.
type Telling struct{ Deps }

const (
	noticesAtOnce = 50  // of one read
	peopleAtOnce  = 100 // of one batch: as many as access answers in one request
	kept          = 90 * 24 * time.Hour
)

// Record stores what an event means, in the transaction of the event. No one is told yet, because access is not asked in a transaction.
func (s Telling) Record(ctx context.Context, told domain.Told) error {
	now := s.Clock.Now()
	for _, n := range told.Notices {
		if len(n.Usernames) > 0 {
			mentioned, err := s.People.Named(ctx, n.Usernames)
			if err != nil {
				return err
			}
			n.Persons = append(n.Persons, mentioned...)
		}
		if err := s.Notices.Put(ctx, n.Normalized(valid.NewID(), now), told.Replaces); err != nil {
			return err
		}
	}
	var failed []error
	for _, subject := range told.Withdrawn {
		failed = append(failed, s.Notices.DropSubject(ctx, subject), s.Inbox.Withdraw(ctx, subject, uuid.Nil))
	}
	for _, cause := range told.Unsaid {
		failed = append(failed, s.Notices.Drop(ctx, cause), s.Inbox.Unsay(ctx, cause))
	}
	for _, left := range told.Left {
		failed = append(failed, s.Inbox.Withdraw(ctx, left.Subject, left.Person))
	}
	for _, moved := range told.Moved {
		failed = append(failed, s.Inbox.Move(ctx, moved))
	}
	for _, m := range told.Members {
		failed = append(failed, s.People.SetMember(ctx, m))
	}
	for _, a := range told.Attendees {
		failed = append(failed, s.People.SetAttendance(ctx, a))
	}
	for _, group := range told.Closed {
		failed = append(failed, s.People.Close(ctx, group))
	}
	if told.Slug != "" {
		failed = append(failed, s.People.SetSlug(ctx, told.Slug))
	}
	if len(told.Notices) > 0 {
		s.Tx.AfterCommit(ctx, s.Wake)
	}
	return errors.Join(failed...)
}

// RecordForAccount stores a notice for an account in every tenant that it belongs to. ctx is across tenants.
func (s Telling) RecordForAccount(ctx context.Context, account uuid.UUID, n domain.Notice) error {
	tenants, err := s.People.Tenants(ctx, account)
	if err != nil {
		return err
	}
	n.To, n.Persons = domain.Named, []uuid.UUID{account}
	for _, tenant := range tenants {
		n.Tenant = tenant
		if err := s.Record(reqctx.With(ctx, reqctx.Context{TenantID: tenant}), domain.Told{Notices: []domain.Notice{n}}); err != nil {
			return err
		}
	}
	return nil
}

// BlockAccount stores whether an account may not sign in: it is not told of anything.
func (s Telling) BlockAccount(ctx context.Context, account uuid.UUID, blocked bool) error {
	return s.People.SetBlocked(ctx, account, blocked)
}

// RenameAccount stores the name by which an account is mentioned.
func (s Telling) RenameAccount(ctx context.Context, account uuid.UUID, username string) error {
	return s.People.SetUsername(ctx, account, strings.ToLower(username))
}

// ForgetAccount removes what is known of an account that was deleted.
func (s Telling) ForgetAccount(ctx context.Context, account uuid.UUID) error {
	return s.People.Forget(ctx, account)
}

// Tell tells people of all tenants what is due. Each batch of a notice is told in the transaction that stores how far the notice has come, and each
// person only of a cause that the person was not told of. So a person is told once, however many instances there are and whenever one of them ends.
func (s Telling) Tell(ctx context.Context) error {
	for {
		due, err := s.Notices.Due(ctx, s.Clock.Now(), noticesAtOnce)
		if err != nil {
			return err
		}
		for _, n := range due {
			if err := s.tell(reqctx.With(ctx, reqctx.Context{RequestID: n.ID.String(), TenantID: n.Tenant}), n); err != nil {
				return err // access is away, or the database: the next run goes on
			}
		}
		if len(due) < noticesAtOnce {
			return nil
		}
	}
}

// tell tells one notice to all its audience. Access is asked before the transaction of each batch.
func (s Telling) tell(ctx context.Context, n domain.Notice) error {
	if !s.Clock.Now().Before(n.Expires) {
		return s.Tx.Do(ctx, func(ctx context.Context) error { return s.Notices.Drop(ctx, n.Cause) })
	}
	for {
		people, err := s.People.Next(ctx, n, peopleAtOnce)
		if err != nil {
			return err
		}
		done, last := len(people) < peopleAtOnce, n.After
		if len(people) > 0 {
			last = people[len(people)-1]
		}
		people = slices.DeleteFunc(people, func(person uuid.UUID) bool { return person == n.Actor })
		if len(people) > 0 && !n.Sight.Personal() {
			if people, err = s.Access.AllowedUsers(ctx, n.Sight.Check(), people); err != nil {
				return err
			}
		}
		goesOn := false
		err = s.Tx.Do(ctx, func(ctx context.Context) error {
			mine, err := s.Notices.Advance(ctx, n, last, done)
			if err != nil || !mine {
				return err
			}
			goesOn = !done
			return s.tellPeople(ctx, n, people)
		})
		if err != nil || !goesOn {
			return err
		}
		n.After = last
	}
}

func (s Telling) tellPeople(ctx context.Context, n domain.Notice, people []uuid.UUID) error {
	if len(people) == 0 {
		return nil
	}
	now := s.Clock.Now()
	wishes, err := s.Preferences.Wishes(ctx, n, people, now)
	if err != nil {
		return err
	}
	var told []domain.Notification
	atOnce := map[uuid.UUID]domain.Channels{}
	for _, person := range people {
		wish := wishes[person]
		channels := domain.ChannelsOf(n.Kind, wish.Choices, wish.Muted)
		if channels.None() {
			continue
		}
		digest := wish.Settings.Frequency != domain.AtOnce
		told = append(told, n.NewNotification(valid.NewID(), person, channels, digest, now))
		channels.Email = channels.Email && !digest
		atOnce[person] = channels
	}
	first, err := s.Inbox.Tell(ctx, n, told)
	if err != nil {
		return err
	}
	return s.deliver(ctx, first, atOnce)
}

// deliver sends what is new over the other channels. What joins an unread notification is not sent again.
func (s Telling) deliver(ctx context.Context, told []domain.Notification, by map[uuid.UUID]domain.Channels) error {
	slug, err := s.People.Slug(ctx)
	if err != nil {
		return err
	}
	now := s.Clock.Now()
	for _, n := range told {
		if by[n.Person].Push {
			if err := s.Browsers.Queue(ctx, n.Person, s.Texts.Message(n), now, now.Add(pushLasts)); err != nil {
				return err
			}
		}
		if by[n.Person].Email && slug != "" {
			if err := s.Mails.Send(ctx, domain.Mail{ID: valid.NewID(), Person: n.Person, Slug: slug, Items: []domain.Notification{n}}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Forget removes what was told long ago.
func (s Telling) Forget(ctx context.Context) error {
	return s.Inbox.Forget(ctx, s.Clock.Now().Add(-kept))
}
