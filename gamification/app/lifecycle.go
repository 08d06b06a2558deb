package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/libs/groups"
)

// Lifecycle are the use cases that work without a user: they follow portal's groups, identity's
// members and the calendar.
type Lifecycle struct{ Deps }

// NewLifecycle returns the use cases.
func NewLifecycle(d Deps) *Lifecycle { return &Lifecycle{d} }

// GroupChanged stores the state of a community or a team. The achievements of a deleted one leave the lists. It runs in the
// transaction of portal's event.
func (s *Lifecycle) GroupChanged(ctx context.Context, group groups.Group) error {
	if err := s.Groups.Put(ctx, group); err != nil || group.State != groups.Deleted {
		return err
	}
	ids, err := s.Achievements.ListByGroup(ctx, group.Scope)
	if err != nil {
		return err
	}
	if err := s.dropBoards(ctx, group.Scope.ID); err != nil {
		return err
	}
	for _, id := range ids {
		achievement, err := s.Achievements.Lock(ctx, id)
		if err != nil {
			return err
		}
		removed := achievement.Remove(s.Clock.Now())
		if err := s.Achievements.Update(ctx, removed); err != nil {
			return err
		}
		if err := s.Audit.Write(ctx, achievementEntry("achievement.removed", removed)); err != nil {
			return err
		}
	}
	return nil
}

// MemberChanged stores that a user became a member of the tenant, or is none any more.
func (s *Lifecycle) MemberChanged(ctx context.Context, user uuid.UUID, active bool) error {
	if err := s.lockPersons(ctx, user); err != nil {
		return err
	}
	if err := s.Members.Put(ctx, user, active); err != nil {
		return err
	}
	return s.Points.Show(ctx, user)
}

// GroupMemberChanged puts a member of a community or a team on its leaderboards, or takes the person off them.
func (s *Lifecycle) GroupMemberChanged(ctx context.Context, user, scope uuid.UUID, version int64, active bool) error {
	if err := s.lockPersons(ctx, user); err != nil {
		return err
	}
	return s.Points.Join(ctx, user, scope, version, active)
}

// dropBoards deletes the leaderboards of a community or a team that is deleted.
func (s *Lifecycle) dropBoards(ctx context.Context, scope uuid.UUID) error {
	if err := s.Facts.LockTenant(ctx, true); err != nil {
		return err
	}
	return s.Points.Drop(ctx, scope)
}

// TenantChanged stores the name of the tenant, which badges name as their issuer.
func (s *Lifecycle) TenantChanged(ctx context.Context, name string) error {
	return s.Issuers.PutName(ctx, name)
}

const expireAtOnce = 1000 // grants of one run

// ExpireGrants ends the grants of all tenants whose time is over.
func (s *Lifecycle) ExpireGrants(ctx context.Context) error {
	for {
		ended, err := s.Grants.Expire(ctx, s.Clock.Now(), expireAtOnce)
		if err != nil || ended < expireAtOnce {
			return err
		}
	}
}

// CountHolders counts who has which achievement, in all tenants.
func (s *Lifecycle) CountHolders(ctx context.Context) error { return s.Achievements.CountHolders(ctx) }

// historyYears is how long grants that have ended and nominations that are decided are kept.
const historyYears = 3

// Forget removes the history of all tenants that is older.
func (s *Lifecycle) Forget(ctx context.Context) error {
	before := s.Clock.Now().AddDate(-historyYears, 0, 0)
	return errors.Join(s.Grants.Forget(ctx, before), s.Badges.Forget(ctx), s.Nominations.Forget(ctx, before))
}
