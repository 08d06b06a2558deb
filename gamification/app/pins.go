package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// Pin chooses what the showcase of the caller begins with, in its order.
func (s *Grants) Pin(ctx context.Context, by authz.Actor, ids []uuid.UUID) error {
	if err := s.require(ctx, by, domain.PermissionRead); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		found, err := s.Grants.FindAll(ctx, ids)
		if err != nil {
			return err
		}
		fields, seen := errs.Fields{}, map[uuid.UUID]bool{}
		fields.Check(len(ids) <= domain.MaxPins, "grant_ids", why.TooMany(domain.MaxPins))
		for _, id := range ids {
			grant, ok := found[id]
			fields.Check(ok && grant.Pinnable(by.User), "grant_ids", why.NotFound("must be current public grants of your own"))
			fields.Check(!seen[id], "grant_ids", why.Duplicate("must name each grant once"))
			seen[id] = true
		}
		if err := fields.Err(); err != nil {
			return err
		}
		return s.Grants.Pin(ctx, by.User, ids)
	})
}

// ListPinned lists what a member has pinned, with the achievements that the caller sees.
func (s *Grants) ListPinned(ctx context.Context, by authz.Actor, user uuid.UUID) ([]HeldAchievement, error) {
	viewer, err := s.viewerOf(ctx, by, user)
	if err != nil {
		return nil, err
	}
	grants, err := s.Grants.Pinned(ctx, user, viewer)
	if err != nil {
		return nil, err
	}
	return s.withAchievements(ctx, by, viewer, grants)
}

// viewerOf asks access what the caller may see of what a member has.
func (s *Grants) viewerOf(ctx context.Context, by authz.Actor, user uuid.UUID) (authz.Viewer, error) {
	audiences, err := s.Achievements.Audiences(ctx, ports.AchievementFilter{})
	if err != nil {
		return authz.Viewer{}, err
	}
	return authz.RequireViewer(ctx, s.Access, by, authz.ViewerQuery{
		Read: domain.PermissionRead, Also: domain.Checked, Scope: authz.TenantScope(by.Tenant), Audiences: audiences, Named: user == by.User,
	})
}

func (s *Grants) withAchievements(ctx context.Context, by authz.Actor, viewer authz.Viewer, grants []domain.Grant) ([]HeldAchievement, error) {
	ids := make([]uuid.UUID, len(grants))
	for i, g := range grants {
		ids[i] = g.Data().AchievementID
	}
	achievements, err := s.Achievements.FindAll(ctx, ids)
	held := make([]HeldAchievement, len(grants))
	for i, g := range grants {
		a := achievements[g.Data().AchievementID]
		held[i] = HeldAchievement{g, viewOf(a, by, domain.HeldBy(viewer, a))}
	}
	return held, err
}
