// Package app holds the use cases of groups. Each one checks the caller's permission, lets the domain decide, and stores the
// result with its events and audit entries in one transaction.
package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/page"
	"go.updspace.com/portal/groups/domain"
	"go.updspace.com/portal/groups/ports"
)

// Deps are the ports that the use cases of groups are built on.
type Deps struct {
	Access        authz.Checker
	Groups        ports.Groups
	Cards         ports.Cards
	Queues        ports.Queue
	Members       ports.Memberships
	JoinRequests  ports.JoinRequests
	Invites       ports.Invites
	Links         ports.InviteLinks
	Pending       ports.Pending
	Bans          ports.Bans
	TenantMembers ports.TenantMembers
	Traces        ports.Traces
	Events        ports.Events
	Audit         ports.AuditLog
	Sync          ports.AccessSync
	Tx            ports.Tx
	Once          idempotency.Requests
	Clock         ports.Clock
}

type changes = []domain.MembershipChange

// decide returns the membership changes of a group, and stores what else changes with them.
type decide func(ctx context.Context, group domain.GroupInCommunity, now time.Time) (changes, error)

// change locks the community of a group, calls decide and stores its result.
func (d Deps) change(ctx context.Context, by authz.Actor, group uuid.UUID, decide decide) error {
	return d.Tx.Do(ctx, func(ctx context.Context) error {
		locked, err := d.Groups.Lock(ctx, group)
		if err != nil {
			return err
		}
		changes, err := decide(ctx, locked, d.Clock.Now())
		if err != nil {
			return err
		}
		return d.apply(ctx, by, changes)
	})
}

// userIn is one user in the locked community of a group.
type userIn struct {
	domain.UserMemberships
	scope authz.Scope // the group
	now   time.Time
}

// changeUser is change for the memberships of one user. It returns the user's membership in the group after the change.
func (d Deps) changeUser(
	ctx context.Context, by authz.Actor, group, user uuid.UUID, decide func(context.Context, userIn) (changes, error),
) (after domain.Membership, err error) {
	err = d.change(ctx, by, group, func(ctx context.Context, g domain.GroupInCommunity, now time.Time) (changes, error) {
		m, err := d.Members.OfUser(ctx, g, user)
		if err != nil {
			return nil, err
		}
		changes, err := decide(ctx, userIn{m, g.Group.Scope(), now})
		after = m.After(g.Group.Scope(), changes)
		return changes, err
	})
	return after, err
}

// create runs make once for a request, while the community of a group is locked, and returns the id of what it made.
func (d Deps) create(
	ctx context.Context, operation string, group uuid.UUID, input any,
	make func(ctx context.Context, g domain.GroupInCommunity, now time.Time) (uuid.UUID, error),
) (uuid.UUID, error) {
	key := struct {
		Group uuid.UUID
		Input any
	}{group, input}
	return d.Once.Once(ctx, operation, key, func(ctx context.Context) (uuid.UUID, error) {
		locked, err := d.Groups.Lock(ctx, group)
		if err != nil {
			return uuid.Nil, err
		}
		return make(ctx, locked, d.Clock.Now())
	})
}

// apply stores the changes, closes join requests and invitations that they settle, and publishes events and audit entries.
// Access is updated after the commit, so that the changes hold when the caller gets the answer.
func (d Deps) apply(ctx context.Context, by authz.Actor, changes changes) error {
	if len(changes) == 0 {
		return nil
	}
	memberships := make([]domain.Membership, len(changes))
	published := make([]domain.Event, len(changes))
	entries := make([]audit.Entry, len(changes))
	for i, change := range changes {
		memberships[i] = change.Membership
		published[i] = domain.MembershipEvent{Happened: change.Happened(), Group: change.Group, Membership: change.Membership, By: by.User}
		entries[i] = membershipEntry(change)
	}
	if err := d.Members.Store(ctx, memberships...); err != nil {
		return err
	}
	for _, change := range changes {
		if change.Happened() != domain.Added {
			continue
		}
		m := change.Membership.Data()
		if err := d.Pending.Settle(ctx, m.Scope.ID, m.UserID, by.User, d.Clock.Now()); err != nil {
			return err
		}
	}
	if err := d.Events.Publish(ctx, published...); err != nil {
		return err
	}
	d.Tx.AfterCommit(ctx, func() { d.Sync.Sync(ctx, memberships...) })
	return d.Audit.Write(ctx, entries...)
}

// publishGroupEvent publishes what happened to a group and writes it into the audit log.
func (d Deps) publishGroupEvent(
	ctx context.Context, by authz.Actor, group domain.Group, happened domain.Happened, metadata map[string]any,
) error {
	if err := d.Events.Publish(ctx, domain.GroupEvent{Happened: happened, Group: group, By: by.User}); err != nil {
		return err
	}
	return d.record(ctx, string(happened), group.Scope(), metadata)
}

// requireTenantMember refuses to add or invite a user who is not known as a member of the tenant.
func (d Deps) requireTenantMember(ctx context.Context, user uuid.UUID) error {
	member, known, err := d.TenantMembers.Membership(ctx, user)
	if err != nil {
		return err
	}
	fields := errs.Fields{}
	fields.Check(member && known, "user_id", why.NotFound("must be a member of the tenant"))
	return fields.Err()
}

// requireStillTenantMember refuses a user who is known to have left the tenant. Users who act for themselves may be so new
// that identity's event has not arrived yet; the gateway has checked them.
func (d Deps) requireStillTenantMember(ctx context.Context, user uuid.UUID) error {
	member, known, err := d.TenantMembers.Membership(ctx, user)
	if err == nil && known && !member {
		err = domain.ErrNotTenantMember
	}
	return err
}

// WithGroup is a membership, a join request or an invitation with the name of its group.
type WithGroup[T any] struct {
	Of        T
	GroupName string
}

type scoped interface{ Scope() authz.Scope }

// withGroups adds the names of groups to what belongs to them.
func withGroups[T scoped](ctx context.Context, d Deps, list ...T) ([]WithGroup[T], error) {
	ids := make([]uuid.UUID, len(list))
	for i, v := range list {
		ids[i] = v.Scope().ID
	}
	names, err := d.Groups.Names(ctx, ids...)
	if err != nil {
		return nil, err
	}
	named := make([]WithGroup[T], len(list))
	for i, v := range list {
		named[i] = WithGroup[T]{v, names[ids[i]]}
	}
	return named, nil
}

// withGroup adds the name of its group to what was found.
func withGroup[T scoped](ctx context.Context, d Deps, found T, err error) (WithGroup[T], error) {
	if err != nil {
		return WithGroup[T]{}, err
	}
	named, err := withGroups(ctx, d, found)
	if err != nil {
		return WithGroup[T]{}, err
	}
	return named[0], nil
}

// listWithGroups is listByID with the names of the groups.
func listWithGroups[T scoped](
	ctx context.Context, d Deps, list string, in page.Request, id func(T) uuid.UUID, read func(after uuid.UUID, limit int) ([]T, error),
) (page.Page[WithGroup[T]], error) {
	found, err := listByID(list, in, id, read)
	if err != nil {
		return page.Page[WithGroup[T]]{}, err
	}
	named, err := withGroups(ctx, d, found.Items...)
	return page.Page[WithGroup[T]]{Items: named, Next: found.Next}, err
}

// listByID reads a page of a list that is ordered by an id.
func listByID[T any](
	list string, in page.Request, id func(T) uuid.UUID, read func(after uuid.UUID, limit int) ([]T, error),
) (page.Page[T], error) {
	var after uuid.UUID
	if _, err := page.Decode(list, in.Cursor, &after); err != nil {
		return page.Page[T]{}, err
	}
	return page.Fetch(in.Limit, func(limit int) ([]T, error) { return read(after, limit) },
		func(last T) string { return page.Encode(list, id(last)) })
}
