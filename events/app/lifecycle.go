package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/reqctx"
)

// Lifecycle are the use cases that work without a user: they follow portal's groups and the calendar.
type Lifecycle struct{ Deps }

// NewLifecycle returns the use cases.
func NewLifecycle(d Deps) *Lifecycle { return &Lifecycle{d} }

const (
	extendAtOnce = 100 // series of one run
	tellAtOnce   = 200 // promotions of one run
	aheadDays    = 90  // dates are added when those that are stored end sooner; domain.NewSchedule refuses rules that are too dense for it
)

// GroupChanged stores the state of a community or a team. The events of a deleted one are hidden. It runs in the transaction of
// portal's event.
func (s *Lifecycle) GroupChanged(ctx context.Context, group groups.Group) error {
	if err := s.Groups.Put(ctx, group); err != nil || group.State != groups.Deleted {
		return err
	}
	if err := s.Members.RemoveAll(ctx, group.Scope); err != nil {
		return err
	}
	ids, err := s.Events.ListByGroup(ctx, group.Scope)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.hide(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// MemberChanged stores that a user became a member of the tenant, or is none any more.
func (s *Lifecycle) MemberChanged(ctx context.Context, user uuid.UUID, active bool) error {
	return s.TenantMembers.Put(ctx, user, active)
}

func (s *Lifecycle) hide(ctx context.Context, id uuid.UUID) error {
	was, err := s.Events.Lock(ctx, id)
	if errors.Is(err, domain.ErrEventNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	event, changed := was.Hide(s.Clock.Now())
	if !changed {
		return nil
	}
	if err := s.Events.Update(ctx, event); err != nil {
		return err
	}
	return s.record(ctx, domain.EventUpdated{Change: domain.Change{Event: event}, Fields: []string{"hidden"}})
}

// Extend adds further dates to the series of all tenants that go on after those that are stored. A series that cannot be extended
// does not keep the others from it.
func (s *Lifecycle) Extend(ctx context.Context) error {
	now := s.Clock.Now()
	due, err := s.Events.ListContinuing(ctx, now.AddDate(0, 0, aheadDays), extendAtOnce)
	if err != nil {
		return err
	}
	var failed []error
	for _, e := range due {
		ctx := reqctx.With(ctx, reqctx.Context{TenantID: e.Tenant})
		failed = append(failed, s.Tx.Do(ctx, func(ctx context.Context) error { return s.extend(ctx, e.Event) }))
	}
	return errors.Join(failed...)
}

func (s *Lifecycle) extend(ctx context.Context, id uuid.UUID) error {
	event, err := s.Events.Lock(ctx, id)
	if errors.Is(err, domain.ErrEventNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	stored, err := s.Occurrences.List(ctx, id)
	if err != nil {
		return err
	}
	extended, added, changed := event.Extend(stored, s.Clock.Now())
	if !changed {
		return nil
	}
	if err := s.Events.Update(ctx, extended); err != nil {
		return err
	}
	return s.addDates(ctx, id, added...)
}

// TellPromotions tells of members of all tenants who got a seat while they waited: each is told of once, by one instance. A seat that
// the member has given up since, or on a date that is cancelled or over, is not told of.
func (s *Lifecycle) TellPromotions(ctx context.Context) error {
	due, err := s.Answers.ListPromotions(ctx, tellAtOnce)
	if err != nil {
		return err
	}
	var failed []error
	for _, p := range due {
		ctx := reqctx.With(ctx, reqctx.Context{TenantID: p.Tenant})
		failed = append(failed, s.Tx.Do(ctx, func(ctx context.Context) error { return s.tell(ctx, p) }))
	}
	return errors.Join(failed...)
}

func (s *Lifecycle) tell(ctx context.Context, p ports.Promotion) error {
	if taken, err := s.Answers.TakePromotion(ctx, p.ID); err != nil || !taken {
		return err
	}
	event, err := s.Events.Find(ctx, p.Event)
	if err != nil {
		return err
	}
	o, err := s.Occurrences.Find(ctx, p.Event, p.Occurrence)
	if err != nil {
		return err
	}
	answers, err := s.Answers.OfUser(ctx, p.User, p.Occurrence)
	if err != nil {
		return err
	}
	if answer := answers[p.Occurrence]; answer.Status != domain.AnswerGoing || answer.Waiting || !event.TakesPlace(o, s.Clock.Now()) {
		return nil
	}
	guest, err := s.Invitations.Guest(ctx, p.Event, p.User)
	if err != nil {
		return err
	}
	if guest != nil {
		return s.mailSeat(ctx, event, o, *guest)
	}
	return s.Publisher.Publish(ctx, domain.WaitlistPromoted{Change: domain.Change{Event: event, Occurrence: &o}, UserID: p.User})
}
