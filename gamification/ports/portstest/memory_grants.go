package portstest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
)

// memoryGrants keeps grants. What a grant depends on is asked of PostgreSQL only, so ports.Grants has no implementation of Standing here.
type memoryGrants struct{ *Memory }

func (m memoryGrants) Find(ctx context.Context, id uuid.UUID) (domain.Grant, error) {
	return found[domain.Grant](domain.ErrGrantNotFound)(m.grants.Get(ctx, id))
}

func (m memoryGrants) Lock(ctx context.Context, id uuid.UUID) (domain.Grant, error) {
	return m.Find(ctx, id)
}

func (m memoryGrants) Current(ctx context.Context, achievement, recipient uuid.UUID) (domain.Grant, error) {
	return found[domain.Grant](domain.ErrGrantNotFound)(m.grants.First(ctx, func(g domain.Grant) bool {
		return g.Data().AchievementID == achievement && g.Data().RecipientID == recipient && g.Data().Single && !g.Ended()
	}))
}

func (m memoryGrants) Holds(ctx context.Context, achievement, user uuid.UUID) (bool, error) {
	_, holds := m.grants.First(ctx, func(g domain.Grant) bool {
		return g.Data().AchievementID == achievement && g.Data().RecipientID == user && !g.Ended()
	})
	return holds, nil
}

func part(list []domain.Grant, after *ports.GrantKey, limit int) []domain.Grant {
	list = slices.DeleteFunc(list, func(g domain.Grant) bool {
		return after != nil && cmp.Or(g.Data().CreatedAt.Compare(after.CreatedAt), compareIDs(g.ID(), after.ID)) >= 0
	})
	slices.SortFunc(list, func(a, b domain.Grant) int {
		return cmp.Or(b.Data().CreatedAt.Compare(a.Data().CreatedAt), compareIDs(b.ID(), a.ID()))
	})
	return list[:min(len(list), limit)]
}

func (m memoryGrants) Page(ctx context.Context, f ports.GrantFilter, after *ports.GrantKey, limit int) ([]domain.Grant, error) {
	return part(m.grants.All(ctx, func(g domain.Grant) bool {
		d := g.Data()
		return d.AchievementID == f.Achievement && (f.Visibility == "" || f.Visibility == d.Visibility) && (f.Ended || !g.Ended()) &&
			(f.SeenBy == uuid.Nil || f.SeenBy == d.RecipientID || d.Visibility == domain.GrantPublic)
	}), after, limit), nil
}

func (m memoryGrants) PageOf(ctx context.Context, recipient uuid.UUID, viewer authz.Viewer, after *ports.GrantKey, limit int) ([]domain.Grant, error) {
	return part(slices.DeleteFunc(m.grants.All(ctx, nil), func(g domain.Grant) bool {
		d := g.Data()
		a, _ := m.achievements.Get(ctx, d.AchievementID)
		private := viewer.Has(domain.PermissionViewPrivate, a.Data().Scope)
		return d.RecipientID != recipient || g.Ended() || recipient != viewer.Actor.User &&
			(!memoryAchievements(m).sees(ctx, viewer, a) || d.Visibility != domain.GrantPublic && !private)
	}), after, limit), nil
}

func (m memoryGrants) Expire(ctx context.Context, now time.Time, limit int) (n int, err error) {
	for _, g := range m.grants.All(ctx, nil) {
		if ended, over := g.Expire(now); over && n < limit {
			m.grants.Put(ctx, g.ID(), ended)
			n++
		}
	}
	return n, nil
}

func (m memoryGrants) Forget(ctx context.Context, before time.Time) error {
	m.grants.Delete(ctx, func(g domain.Grant) bool { return g.Ended() && g.Data().EndedAt.Before(before) })
	return nil
}

func (m memoryGrants) Add(ctx context.Context, grants ...domain.Grant) error {
	for _, g := range grants {
		m.grants.Put(ctx, g.ID(), g)
	}
	return nil
}

func (m memoryGrants) Update(ctx context.Context, g domain.Grant) error {
	if _, err := m.Find(ctx, g.ID()); err != nil {
		return err
	}
	return m.Add(ctx, g)
}
