package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
)

// Reminders are the use cases of what members choose to be reminded of.
type Reminders struct{ Deps }

// Settings returns what the caller has chosen for all events; nil when each event decides.
func (s *Reminders) Settings(ctx context.Context, by authz.Actor) (*[]int, error) {
	return s.Deps.Reminders.Settings(ctx, by.User)
}

// SetSettings stores what the caller has chosen for all events; with nil each event decides.
func (s *Reminders) SetSettings(ctx context.Context, by authz.Actor, minutes *[]int) (*[]int, error) {
	minutes, err := checkedReminders(minutes)
	if err != nil {
		return nil, err
	}
	return minutes, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Deps.Reminders.SetSettings(ctx, by.User, minutes) })
}

func checkedReminders(minutes *[]int) (*[]int, error) {
	if minutes == nil {
		return nil, nil
	}
	fields := errs.Fields{}
	list := domain.Reminders(fields, "minutes", *minutes)
	return &list, fields.Err()
}

// Choice returns what the caller has chosen for an event that the caller sees.
func (s *Reminders) Choice(ctx context.Context, by authz.Actor, id uuid.UUID) (domain.ReminderChoice, error) {
	event, _, err := s.load(ctx, by, id)
	if err != nil {
		return domain.ReminderChoice{}, err
	}
	return s.choice(ctx, by, event)
}

func (s *Reminders) choice(ctx context.Context, by authz.Actor, event domain.Event) (choice domain.ReminderChoice, err error) {
	if choice.Own, err = s.Deps.Reminders.Choice(ctx, event.ID(), by.User); err != nil {
		return choice, err
	}
	settings, err := s.Deps.Reminders.Settings(ctx, by.User)
	choice.Otherwise = event.Data().Reminders
	if settings != nil {
		choice.Otherwise = *settings
	}
	return choice, err
}

// SetChoice stores what the caller has chosen for an event that the caller sees; with nil the caller's settings decide.
func (s *Reminders) SetChoice(ctx context.Context, by authz.Actor, id uuid.UUID, minutes *[]int) (domain.ReminderChoice, error) {
	minutes, err := checkedReminders(minutes)
	if err != nil {
		return domain.ReminderChoice{}, err
	}
	event, _, err := s.load(ctx, by, id)
	if err != nil {
		return domain.ReminderChoice{}, err
	}
	if err := s.Tx.Do(ctx, func(ctx context.Context) error { return s.Deps.Reminders.SetChoice(ctx, id, by.User, minutes) }); err != nil {
		return domain.ReminderChoice{}, err
	}
	return s.choice(ctx, by, event)
}

const (
	looksAtOnce  = 100 // dates of one read
	remindAtOnce = 200 // reminders of one read
)

// AccountSuspended stores whether an account is suspended or banned, as identity's event tells.
func (s *Lifecycle) AccountSuspended(ctx context.Context, user uuid.UUID, suspended bool) error {
	return s.Accounts.SetSuspended(ctx, user, suspended)
}

// AccountDeleted removes what is known of an account that is gone, as identity's event tells.
func (s *Lifecycle) AccountDeleted(ctx context.Context, user uuid.UUID) error {
	return errors.Join(s.Accounts.SetSuspended(ctx, user, false), s.Accounts.SetSystemAdmin(ctx, user, false))
}

// SystemAdminChanged stores whether an account is that of a system administrator, as identity's events tell.
func (s *Lifecycle) SystemAdminChanged(ctx context.Context, user uuid.UUID, admin bool) error {
	return s.Accounts.SetSystemAdmin(ctx, user, admin)
}

// Remind reminds members of all tenants of dates that come. First the dates at which a reminder can be due are looked at: in one
// transaction the reminders of a date are queued, and the date is put off until the next can be due. Then each queued reminder is told
// of, in the transaction that removes it. So each is told of once, however many instances there are and whenever one of them ends.
func (s *Lifecycle) Remind(ctx context.Context) error {
	return errors.Join(s.queueReminders(ctx), s.tellReminders(ctx))
}

func (s *Lifecycle) queueReminders(ctx context.Context) error {
	for {
		looks, err := s.Reminders.ListLooks(ctx, s.Clock.Now(), looksAtOnce)
		if err != nil {
			return err
		}
		var failed []error
		for _, l := range looks {
			ctx := reqctx.With(ctx, reqctx.Context{TenantID: l.Tenant})
			failed = append(failed, s.Tx.Do(ctx, func(ctx context.Context) error { return s.lookForReminders(ctx, l) }))
		}
		if err := errors.Join(failed...); err != nil || len(looks) < looksAtOnce {
			return err
		}
	}
}

func (s *Lifecycle) lookForReminders(ctx context.Context, l ports.OccurrenceOfTenant) error {
	event, err := s.Events.Lock(ctx, l.Event)
	if err != nil {
		return unlessGone(err)
	}
	o, err := s.Occurrences.Find(ctx, l.Event, l.Occurrence)
	if err != nil {
		return unlessGone(err)
	}
	o, due, looked := event.LookForReminders(o, s.Clock.Now())
	if !looked {
		return nil
	}
	if err := s.Occurrences.Update(ctx, o); err != nil || len(due) == 0 {
		return err
	}
	return s.Reminders.Queue(ctx, event, o, due)
}

// unlessGone is no error for an event or a date that was deleted.
func unlessGone(err error) error {
	if errs.KindOf(err) == errs.NotFound {
		return nil
	}
	return err
}

func (s *Lifecycle) tellReminders(ctx context.Context) error {
	for {
		due, err := s.Reminders.ListDue(ctx, remindAtOnce)
		if err != nil {
			return err
		}
		for _, r := range due {
			if err := s.tellReminder(reqctx.With(ctx, reqctx.Context{TenantID: r.Tenant}), r); err != nil {
				return err // access is away, or the database: the next run goes on
			}
		}
		if len(due) < remindAtOnce {
			return nil
		}
	}
}

// tellReminder tells of a reminder, unless it has come to nothing. Access is asked before the transaction.
func (s *Lifecycle) tellReminder(ctx context.Context, r ports.DueReminder) error {
	event, err := s.Events.Find(ctx, r.Event)
	if err != nil {
		return unlessGone(err)
	}
	guest, err := s.Invitations.Guest(ctx, r.Event, r.User)
	if err != nil {
		return err
	}
	sees := guest != nil && !guest.Withdrawn
	if guest == nil {
		if sees, err = s.mayBeReminded(ctx, event, r.User); err != nil {
			return err
		}
	}
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		if taken, err := s.Reminders.Take(ctx, r); err != nil || !taken || !sees {
			return err
		}
		event, err := s.Events.Find(ctx, r.Event)
		if err != nil {
			return err
		}
		o, err := s.Occurrences.Find(ctx, r.Event, r.Occurrence)
		if err != nil {
			return err
		}
		answers, err := s.Answers.OfUser(ctx, r.User, r.Occurrence)
		now := s.Clock.Now()
		if now.Before(r.Due) { // the clock of the instance that queued it is ahead of this one
			now = r.Due
		}
		if err != nil || !event.Reminds(o, answers[r.Occurrence], r.Minutes, now) {
			return err
		}
		reminder := domain.ReminderDue{Change: domain.Change{Event: event, Occurrence: &o}, UserID: r.User, Minutes: r.Minutes}
		mail := domain.ReminderMail{ReminderDue: reminder, ID: valid.NewID(), Guest: guest}
		if guest != nil { // whom no other service knows
			return s.Publisher.Publish(ctx, mail)
		}
		return s.Publisher.Publish(ctx, reminder, mail)
	})
}

// mayBeReminded reports whether a member may still see an event.
func (s *Lifecycle) mayBeReminded(ctx context.Context, event domain.Event, user uuid.UUID) (bool, error) {
	d := event.Data()
	asking, err := s.onBehalf(reqctx.With(ctx, reqctx.Context{TenantID: d.TenantID, TenantSlug: d.TenantSlug}), user)
	if err != nil || reqctx.From(asking).Flags.Suspended {
		return false, err
	}
	_, _, err = s.accessTo(asking, authz.Actor{Tenant: d.TenantID, User: user}, event)
	if errors.Is(err, domain.ErrEventNotFound) {
		return false, nil
	}
	return err == nil, err
}
