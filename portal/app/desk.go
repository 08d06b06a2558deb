package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Desk is where memberships are changed, whatever the reason: under the lock of the community, with everything that
// goes with a change in the same transaction, and with Access told before the answer.
type Desk struct {
	gate     gate
	groups   ports.Groups
	members  ports.Memberships
	requests ports.Requests
	invites  ports.Invites
	profiles ports.Profiles
	events   ports.Events
	journal  ports.Journal
	roster   ports.Roster
	tx       ports.Tx
	once     ports.Once
	clock    ports.Clock
}

// NewDesk needs everything but its own rules from outside.
func NewDesk(
	access ports.Access, groups ports.Groups, members ports.Memberships, requests ports.Requests, invites ports.Invites,
	profiles ports.Profiles, events ports.Events, journal ports.Journal, roster ports.Roster, tx ports.Tx, once ports.Once, clock ports.Clock,
) *Desk {
	return &Desk{
		gate: gate{access}, groups: groups, members: members, requests: requests, invites: invites,
		profiles: profiles, events: events, journal: journal, roster: roster, tx: tx, once: once, clock: clock,
	}
}

// decide says which memberships change at a place, and stores whatever else changes with them.
type decide func(ctx context.Context, place domain.Place, now time.Time) ([]domain.Move, error)

// change locks a place, has it decided what changes there, and makes it so.
func (d *Desk) change(ctx context.Context, by domain.Actor, scope domain.Scope, decide decide) error {
	var moves []domain.Move
	err := d.tx.Do(ctx, func(ctx context.Context) error {
		place, err := d.groups.Lock(ctx, scope)
		if err != nil {
			return err
		}
		if moves, err = decide(ctx, place, d.clock.Now()); err != nil {
			return err
		}
		return d.apply(ctx, by, moves)
	})
	if err == nil {
		d.tell(ctx, moves)
	}
	return err
}

// create makes a thing at a place, once for a request.
func (d *Desk) create(
	ctx context.Context, operation string, input any, scope domain.Scope,
	fn func(ctx context.Context, place domain.Place, now time.Time) (uuid.UUID, error),
) (uuid.UUID, error) {
	return d.once.Once(ctx, operation, input, func(ctx context.Context) (uuid.UUID, error) {
		place, err := d.groups.Lock(ctx, scope)
		if err != nil {
			return uuid.Nil, err
		}
		return fn(ctx, place, d.clock.Now())
	})
}

// apply stores moves, settles what they were waited for by, and says what happened.
func (d *Desk) apply(ctx context.Context, by domain.Actor, moves []domain.Move) error {
	if len(moves) == 0 {
		return nil
	}
	now := d.clock.Now()
	memberships := make([]domain.Membership, len(moves))
	events := make([]domain.Event, len(moves))
	entries := make([]domain.Entry, len(moves))
	for i, m := range moves {
		memberships[i], events[i], entries[i] = m.Membership, m.Event(by.User), m.Entry(by.User, now)
	}
	if err := d.members.Store(ctx, memberships...); err != nil {
		return err
	}
	for _, m := range moves {
		if err := d.settle(ctx, by, m, now); err != nil {
			return err
		}
	}
	if err := d.events.Publish(ctx, events...); err != nil {
		return err
	}
	return d.journal.Write(ctx, entries...)
}

// settle closes the open request and invitation of somebody who got in by another way.
func (d *Desk) settle(ctx context.Context, by domain.Actor, m domain.Move, now time.Time) error {
	if m.Was != domain.Nobody {
		return nil
	}
	at := m.Membership.Data()
	if request, err := d.requests.Open(ctx, at.Scope, at.UserID); err == nil {
		if request, err = request.Decide(domain.RequestApproved, by.User, now); err != nil {
			return err
		}
		if err := d.requests.Update(ctx, request); err != nil {
			return err
		}
	} else if !errors.Is(err, domain.ErrRequestNotFound) {
		return err
	}
	invite, err := d.invites.Open(ctx, at.Scope, at.UserID)
	if errors.Is(err, domain.ErrInviteNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if invite, err = invite.Decide(domain.InviteAccepted, now); err != nil { // expired: it stays what it is
		return nil //nolint:nilerr // nothing to settle
	}
	return d.invites.Update(ctx, invite)
}

// said tells the others and the journal what happened to a group.
func (d *Desk) said(ctx context.Context, by domain.Actor, group domain.Group, action string, event domain.Event, metadata map[string]any) error {
	if err := d.events.Publish(ctx, event); err != nil {
		return err
	}
	return d.journal.Write(ctx, domain.NewEntry(by.User, action, group.Scope(), metadata, d.clock.Now()))
}

// known refuses to bring in anybody but members of the tenant. Whoever comes himself, the gateway knows to be one; of the
// others identity tells, and their profiles say so.
func (d *Desk) known(ctx context.Context, user uuid.UUID) error {
	profile, err := d.profiles.Find(ctx, user)
	if err != nil && !errors.Is(err, domain.ErrProfileNotFound) {
		return err
	}
	fields := errs.Fields{}
	fields.Check(err == nil && profile.Data().Member, "user_id", "must be a member of the tenant")
	return fields.Err()
}

// tell makes moves hold in Access before the caller hears of them.
func (d *Desk) tell(ctx context.Context, moves []domain.Move) {
	if len(moves) == 0 {
		return
	}
	memberships := make([]domain.Membership, len(moves))
	for i, m := range moves {
		memberships[i] = m.Membership
	}
	d.roster.Tell(ctx, memberships...)
}
