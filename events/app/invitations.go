package app

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
)

// Invitations are the use cases of those who run an event and invite to it.
type Invitations struct{ Deps }

// CreateInvitations is the input of Invitations.Create.
type CreateInvitations struct {
	Event    uuid.UUID
	Invitees domain.Invitees
}

// Invited is what one request has invited.
type Invited struct {
	Batch uuid.UUID
	Count int // of people who were not invited before
}

// Create invites people to an event that the caller manages. The members of a group are invited by those who may list them. A repeated
// request invites no further people and returns what the first one has.
func (s *Invitations) Create(ctx context.Context, by authz.Actor, in CreateInvitations) (Invited, error) {
	invitees, err := in.Invitees.Checked()
	if err != nil {
		return Invited{}, err
	}
	in.Invitees = invitees
	if _, err := s.requireManaged(ctx, by, in.Event); err != nil {
		return Invited{}, err
	}
	if err := s.mayListMembers(ctx, in.Invitees.Groups); err != nil {
		return Invited{}, err
	}
	return idempotency.Once(ctx, s.Once, "createInvitations", in, func(ctx context.Context) (Invited, error) {
		return s.create(ctx, by, in)
	}, func(i Invited) uuid.UUID { return i.Batch }, func(ctx context.Context, batch uuid.UUID) (Invited, error) {
		n, err := s.Deps.Invitations.CountBatch(ctx, batch)
		return Invited{Batch: batch, Count: n}, err
	})
}

// mayListMembers refuses callers who may not list the members of all groups.
func (s *Invitations) mayListMembers(ctx context.Context, groups []authz.Scope) error {
	if len(groups) == 0 {
		return nil
	}
	checks := make([]authz.Check, len(groups))
	for i, group := range groups {
		checks[i] = authz.Check{Permission: domain.PermissionListMembers[group.Type], Scope: group}
	}
	answers, err := s.Access.CheckAll(ctx, checks)
	if err != nil {
		return err
	}
	if denied := slices.Index(answers, false); denied >= 0 {
		return authz.Denied(checks[denied].Permission)
	}
	return nil
}

func (s *Invitations) create(ctx context.Context, by authz.Actor, in CreateInvitations) (Invited, error) {
	event, err := s.lock(ctx, in.Event, nil)
	if err != nil {
		return Invited{}, err
	}
	if err := event.AcceptsInvitations(); err != nil {
		return Invited{}, err
	}
	members, err := s.Members.List(ctx, in.Invitees.Groups, domain.MaxInvitations+1)
	if err != nil {
		return Invited{}, err
	}
	users := slices.DeleteFunc(unique(append(slices.Clone(in.Invitees.Users), members...)), event.HostedBy)
	existing, err := s.Deps.Invitations.Existing(ctx, in.Event, users, in.Invitees.Addresses)
	if err != nil {
		return Invited{}, err
	}
	knownUsers, knownAddresses := map[uuid.UUID]bool{}, map[string]bool{}
	made := Invited{Batch: uuid.New()}
	now := s.Clock.Now()
	guests := 0
	for _, was := range existing {
		knownUsers[was.UserID], knownAddresses[was.Address] = true, true
		if !was.Withdrawn {
			continue
		}
		again := was.Again(by, now)
		again.Batch = made.Batch
		if err := s.Deps.Invitations.Update(ctx, again); err != nil {
			return Invited{}, err
		}
		made.Count++
		if again.Guest {
			guests++
		}
	}
	slug := reqctx.From(ctx).TenantSlug
	var added []domain.Invitation
	for _, user := range users {
		if !knownUsers[user] {
			added = append(added, event.Invite(by, slug, user, "", domain.NewInvitationToken(), now))
		}
	}
	for _, address := range in.Invitees.Addresses {
		if !knownAddresses[address] {
			added, guests = append(added, event.Invite(by, slug, uuid.Nil, address, domain.NewInvitationToken(), now)), guests+1
		}
	}
	for i := range added {
		added[i].Batch = made.Batch
	}
	if err := s.bounded(ctx, by, in.Event, len(added), guests); err != nil {
		return Invited{}, err
	}
	if err := s.Deps.Invitations.Add(ctx, added...); err != nil {
		return Invited{}, err
	}
	if made.Count += len(added); made.Count == 0 {
		return made, nil
	}
	entry := invitationEntry("invitations.created", event)
	entry.Metadata["count"] = made.Count
	return made, s.Audit.Write(ctx, entry)
}

// bounded refuses more invitations than an event may have, and more addresses than an organiser may invite in a day.
func (s *Invitations) bounded(ctx context.Context, by authz.Actor, event uuid.UUID, added, guests int) error {
	stored, err := s.Deps.Invitations.Count(ctx, event)
	if err != nil {
		return err
	}
	if stored+added > domain.MaxInvitations {
		return domain.ErrTooManyInvitations
	}
	if guests == 0 {
		return nil
	}
	invited, err := s.Deps.Invitations.CountAddresses(ctx, by.User, s.Clock.Now().Add(-domain.AddressesPer))
	if err == nil && invited+guests > domain.MaxAddresses {
		err = domain.ErrTooManyAddresses.WithRetryAfter(domain.ResendPause)
	}
	return err
}

func unique(list []uuid.UUID) []uuid.UUID {
	seen := make(map[uuid.UUID]bool, len(list))
	return slices.DeleteFunc(list, func(id uuid.UUID) bool {
		known := seen[id] || id == uuid.Nil
		seen[id] = true
		return known
	})
}

// List returns who is invited to an event that the caller manages, the latest first.
func (s *Invitations) List(ctx context.Context, by authz.Actor, event uuid.UUID, p page.Request) (page.Page[domain.Invitation], error) {
	if _, err := s.requireManaged(ctx, by, event); err != nil {
		return page.Page[domain.Invitation]{}, err
	}
	var before uuid.UUID
	if _, err := page.Decode("invitations", p.Cursor, &before); err != nil {
		return page.Page[domain.Invitation]{}, err
	}
	return page.Fetch(p.Limit, func(limit int) ([]domain.Invitation, error) {
		return s.Deps.Invitations.Page(ctx, event, before, limit)
	}, func(last domain.Invitation) string { return page.Encode("invitations", last.ID) })
}

// Resend lets the mail of an invitation be sent again.
func (s *Invitations) Resend(ctx context.Context, by authz.Actor, event, id uuid.UUID) (domain.Invitation, error) {
	return s.change(ctx, by, event, id, "invitation.resent", func(_ context.Context, e domain.Event, was domain.Invitation) (domain.Invitation, bool, error) {
		if err := e.AcceptsInvitations(); err != nil {
			return was, false, err
		}
		i, err := was.Resend(s.Clock.Now())
		return i, true, err
	})
}

// Withdraw takes an invitation back, with the answers of the person about dates to come, so that others get the seats.
func (s *Invitations) Withdraw(ctx context.Context, by authz.Actor, event, id uuid.UUID) error {
	_, err := s.change(ctx, by, event, id, "invitation.withdrawn", func(ctx context.Context, e domain.Event, was domain.Invitation) (domain.Invitation, bool, error) {
		i, changed := was.Withdraw(s.Clock.Now())
		if !changed {
			return i, false, nil
		}
		return i, true, s.withdrawAnswers(ctx, by, e, i)
	})
	return err
}

// change locks an invitation to an event that the caller manages, and stores and records its change.
func (s *Invitations) change(
	ctx context.Context, by authz.Actor, event, id uuid.UUID, action string,
	fn func(context.Context, domain.Event, domain.Invitation) (domain.Invitation, bool, error),
) (changed domain.Invitation, err error) {
	if _, err := s.requireManaged(ctx, by, event); err != nil {
		return domain.Invitation{}, err
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		e, err := s.lock(ctx, event, nil)
		if err != nil {
			return err
		}
		was, err := s.Deps.Invitations.Lock(ctx, event, id)
		if err != nil {
			return err
		}
		var did bool
		if changed, did, err = fn(ctx, e, was); err != nil || !did {
			return err
		}
		if err := s.Deps.Invitations.Update(ctx, changed); err != nil {
			return err
		}
		entry := invitationEntry(action, e)
		if !changed.Guest {
			entry = about(entry, changed.UserID)
		}
		entry.Metadata["invitation_id"] = id.String()
		return s.Audit.Write(ctx, entry)
	})
	return changed, err
}

func invitationEntry(action string, event domain.Event) audit.Entry {
	return entryOf(action, domain.Change{Event: event})
}

func (s *Invitations) withdrawAnswers(ctx context.Context, by authz.Actor, event domain.Event, i domain.Invitation) error {
	dates, err := s.Occurrences.List(ctx, event.ID())
	if err != nil {
		return err
	}
	now := s.Clock.Now()
	ids := make([]uuid.UUID, 0, len(dates))
	for _, o := range dates {
		if event.TakesPlace(o, now) {
			ids = append(ids, o.ID())
		}
	}
	answers, err := s.Answers.OfUser(ctx, i.UserID, ids...)
	if err != nil {
		return err
	}
	ids = slices.DeleteFunc(ids, func(id uuid.UUID) bool {
		a, ok := answers[id]
		return !ok || a.Status == domain.AnswerWithdrawn
	})
	if len(ids) == 0 {
		return nil
	}
	answer := domain.Answer{UserID: i.UserID, Status: domain.AnswerWithdrawn, By: by.User, At: now, Guest: i.Guest}
	if _, err := s.Answers.SetAll(ctx, event, answer, ids...); err != nil {
		return err
	}
	return s.Publisher.Publish(ctx, domain.RSVPChanged{Change: domain.Change{Event: event, By: by.User}, Answer: answer, Series: true})
}
