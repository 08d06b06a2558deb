// Package portstest holds what tests of achievements share: the suite that every implementation of a port must pass, and an implementation
// in memory.
package portstest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
)

// Grants is the part of ports.Grants that the suite is about. What a grant depends on is asked of PostgreSQL only.
type Grants interface {
	Find(ctx context.Context, id uuid.UUID) (domain.Grant, error)
	Lock(ctx context.Context, id uuid.UUID) (domain.Grant, error)
	Current(ctx context.Context, achievement, recipient uuid.UUID) (domain.Grant, error)
	Holds(ctx context.Context, achievement, user uuid.UUID) (bool, error)
	Page(ctx context.Context, filter ports.GrantFilter, after *ports.GrantKey, limit int) ([]domain.Grant, error)
	PageOf(ctx context.Context, recipient uuid.UUID, viewer authz.Viewer, after *ports.GrantKey, limit int) ([]domain.Grant, error)
	Expire(ctx context.Context, now time.Time, limit int) (int, error)
	Forget(ctx context.Context, before time.Time) error
	Add(ctx context.Context, grants ...domain.Grant) error
	Update(ctx context.Context, grant domain.Grant) error
}

// Store is the repositories of one store.
type Store struct {
	Categories   ports.Categories
	Achievements ports.Achievements
	Grants       Grants
	Nominations  ports.Nominations
	Rewards      ports.Rewards
	Tx           ports.Tx

	// WholeSuite needs these, too.
	Members   ports.Members
	Images    ports.Images
	Facts     ports.Facts
	Rules     ports.Rules
	Points    ports.Points
	Levels    ports.Levels
	Seasons   ports.Seasons
	Badges    ports.Badges
	BadgeKeys ports.BadgeKeys
	Issuers   ports.Issuers
	Across    func(context.Context) context.Context // of all tenants
}

// Noon is the time of the suite.
var Noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Suite tests a store.
func Suite(t *testing.T, open func(*testing.T) Store) {
	t.Helper()
	run(t, open, map[string]func(*testing.T, world){
		"categories are stored whole and in order":     categories,
		"a category is kept while it is used":          usedCategories,
		"an achievement is stored whole":               achievementRoundTrip,
		"viewers see the achievements that they may":   visibleAchievements,
		"filters select achievements":                  filteredAchievements,
		"a grant is stored whole":                      grantRoundTrip,
		"grants are listed for those who may see them": listedGrants,
		"grants expire and are forgotten":              endedGrants,
		"nominations":                                  nominations,
		"rewards":                                      rewards,
	})
}

// WholeSuite tests what only PostgreSQL stores: what rules count, points, pictures and badges. Use cases over these ports are tested with
// the whole service, because another implementation would be the same sums and ranges once more.
func WholeSuite(t *testing.T, open func(*testing.T) Store) {
	t.Helper()
	run(t, open, map[string]func(*testing.T, world){
		"members":                     members,
		"images":                      images,
		"facts are stored once":       facts,
		"facts are listed by persons": listedFacts,
		"attendees":                   attendees,
		"rules":                       rules,
		"what rules have counted":     ruleStates,
		"grants by rules":             ruleGrants,
		"points are added up":         points,
		"boards are listed in pages":  boards,
		"boards of groups":            groupBoards,
		"seasons":                     seasons,
		"boards of seasons":           seasonBoards,
		"levels":                      levels,
		"badges":                      badges,
		"badges are in status lists":  statusLists,
		"keys of badges":              badgeKeys,
		"issuers":                     issuers,
	})
}

func run(t *testing.T, open func(*testing.T) Store, tests map[string]func(*testing.T, world)) {
	t.Helper()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			by := authz.Actor{Tenant: uuid.New(), User: uuid.New()}
			test(t, world{open(t), by, as(t.Context(), by.Tenant), as(t.Context(), uuid.New())})
		})
	}
}

// world is a store with a user of a new tenant.
type world struct {
	Store
	by           authz.Actor
	ctx, another context.Context // of the tenant and of another one
}

func as(ctx context.Context, tenant uuid.UUID) context.Context {
	return reqctx.With(ctx, reqctx.Context{TenantID: tenant, TenantSlug: "aef"})
}

func (w world) do(t *testing.T, fn func(ctx context.Context) error) {
	t.Helper()
	require.NoError(t, w.Tx.Do(w.ctx, fn))
}

func (w world) category(t *testing.T, slug string, order int) domain.Category {
	t.Helper()
	c, err := domain.NewCategory(w.by, domain.CategoryDraft{Slug: slug, Names: domain.Texts{"en": slug, "ru": "К " + slug}, Order: order}, Noon)
	require.NoError(t, err)
	w.do(t, func(ctx context.Context) error { return w.Categories.Add(ctx, c) })
	return c
}

func categories(t *testing.T, w world) {
	b, a, first := w.category(t, "b", 10), w.category(t, "a_b", 10), w.category(t, "z", 1)
	all, err := w.Categories.List(w.ctx)
	require.NoError(t, err)
	require.Equal(t, []domain.Category{first, a, b}, all)
	none, err := w.Categories.List(w.another)
	require.NoError(t, err)
	require.Empty(t, none)
	require.ErrorIs(t, w.Tx.Do(w.ctx, func(ctx context.Context) error { return w.Categories.Add(ctx, b) }), domain.ErrCategoryExists)
	changed, err := b.Edit(domain.CategoryEdit{Names: domain.Texts{"en": "Other"}, Order: new(3), Active: new(false)}, Noon.Add(time.Hour))
	require.NoError(t, err)
	w.do(t, func(ctx context.Context) error {
		locked, err := w.Categories.Lock(ctx, "b")
		require.NoError(t, err)
		require.Equal(t, b, locked)
		return w.Categories.Update(ctx, changed)
	})
	got, err := w.Categories.Find(w.ctx, b.ID())
	require.NoError(t, err)
	require.Equal(t, changed, got)
	require.Error(t, w.Tx.Do(w.ctx, func(ctx context.Context) error { return w.Categories.Update(ctx, changed) }), "without its lock")
	_, err = w.Categories.Find(w.another, b.ID())
	require.ErrorIs(t, err, domain.ErrCategoryNotFound)
	for range 2 {
		err = w.Tx.Do(w.ctx, func(ctx context.Context) error { return w.Categories.Delete(ctx, first.ID()) })
	}
	require.ErrorIs(t, err, domain.ErrCategoryNotFound)
}

func usedCategories(t *testing.T, w world) {
	from, into := w.category(t, "from", 0), w.category(t, "into", 0)
	a := w.achievement(t, from, func(*domain.AchievementData) {})
	require.ErrorIs(t, w.Tx.Do(w.ctx, func(ctx context.Context) error { return w.Categories.Delete(ctx, from.ID()) }), domain.ErrCategoryUsed)
	w.do(t, func(ctx context.Context) error {
		n, err := w.Categories.MoveAchievements(ctx, from.ID(), into.ID())
		require.Equal(t, 1, n)
		return err
	})
	got, err := w.Achievements.Find(w.ctx, a.ID())
	require.NoError(t, err)
	require.Equal(t, []any{"into", a.Version() + 1}, []any{got.Data().Category.Slug, got.Version()})
	w.do(t, func(ctx context.Context) error { return w.Categories.Delete(ctx, from.ID()) })
}

// achievement stores one.
func (w world) achievement(t *testing.T, in domain.Category, change func(*domain.AchievementData)) domain.Achievement {
	t.Helper()
	draft := domain.AchievementDraft{
		Names: domain.Texts{"en": "Expert", "ru": "Знаток"}, Status: domain.StatusPublished, Images: domain.Images{Small: "https://example.com/s.png"}, Scope: authz.TenantScope(w.by.Tenant),
	}
	made, err := domain.NewAchievement(w.by, draft, in, Noon)
	require.NoError(t, err)
	d := made.Data()
	change(&d)
	made = domain.RestoreAchievement(d)
	w.do(t, func(ctx context.Context) error { return w.Achievements.Add(ctx, made) })
	return made
}

func achievementRoundTrip(t *testing.T, w world) {
	in, basis := w.category(t, "skill", 0), uuid.New()
	full := w.achievement(t, in, func(d *domain.AchievementData) {
		d.Description, d.Descriptions = "Won.", domain.Texts{"ru": "Победа."}
		d.Images, d.ImageAlt = domain.Images{Small: "https://a.test/s", Medium: "https://a.test/m", Large: "https://a.test/l"}, "A knight"
		d.Rules = domain.Rules{
			Tier: domain.TierGold, Rarity: domain.RarityEpic, Secret: true, Kind: domain.KindLimited, MaxGrants: 3, IssuerDailyLimit: 5, ExpiresAfterDays: 30,
			Prerequisites: []uuid.UUID{basis},
		}
	})
	got, err := w.Achievements.Find(w.ctx, full.ID())
	require.NoError(t, err)
	require.Equal(t, full, got)
	d := full.Data()
	d.Description, d.Version, d.Removed, d.Status = "Changed.", 2, true, domain.StatusHidden
	w.do(t, func(ctx context.Context) error {
		locked, err := w.Achievements.Lock(ctx, full.ID())
		require.NoError(t, err)
		require.Equal(t, full, locked)
		return w.Achievements.Update(ctx, domain.RestoreAchievement(d))
	})
	require.Error(t, w.Tx.Do(w.ctx, func(ctx context.Context) error { return w.Achievements.Update(ctx, full) }), "an older version")
	all, err := w.Achievements.FindAll(w.ctx, []uuid.UUID{full.ID(), basis})
	require.NoError(t, err)
	require.Equal(t, map[uuid.UUID]domain.Achievement{full.ID(): domain.RestoreAchievement(d)}, all)
	missing, err := w.Achievements.Missing(w.ctx, []uuid.UUID{full.ID(), basis})
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{basis}, missing)
	_, err = w.Achievements.Find(w.another, full.ID())
	require.ErrorIs(t, err, domain.ErrAchievementNotFound)
	for range 2 {
		err = w.Tx.Do(w.ctx, func(ctx context.Context) error { return w.Achievements.Delete(ctx, full.ID()) })
	}
	require.ErrorIs(t, err, domain.ErrAchievementNotFound)
}

// What a list shows is what domain.NewAchievementAccess allows, for any viewer and any achievements.
func visibleAchievements(t *testing.T, w world) {
	in := w.category(t, "skill", 0)
	tenant, chess, team := authz.TenantScope(w.by.Tenant), authz.CommunityScope(uuid.New()), authz.TeamScope(uuid.New())
	scopes := []authz.Scope{tenant, chess, team}
	holder, other := uuid.New(), uuid.New()
	for _, scope := range scopes {
		for _, status := range []domain.Status{domain.StatusDraft, domain.StatusPublished, domain.StatusHidden, domain.StatusArchived} {
			for _, secret := range []bool{false, true} {
				for _, removed := range []bool{false, true} {
					a := w.achievement(t, in, func(d *domain.AchievementData) {
						d.Scope, d.Status, d.Rules.Secret, d.Removed = scope, status, secret, removed
					})
					w.grant(t, a, holder, domain.GrantPublic)
				}
			}
		}
	}
	all, err := w.Achievements.Page(w.ctx, ports.AchievementFilter{}, authz.Viewer{
		Actor: w.by, Holds: map[authz.Permission][]authz.Scope{domain.PermissionRead: scopes},
	}, nil, 100)
	require.NoError(t, err)
	require.Len(t, all, 48, "the author sees everything")
	rapid.Check(t, func(draw *rapid.T) {
		some := func(label string) []authz.Scope {
			return rapid.SliceOfDistinct(rapid.SampledFrom(scopes), rapid.ID).Draw(draw, label)
		}
		viewer := authz.Viewer{
			Actor: authz.Actor{Tenant: w.by.Tenant, User: rapid.SampledFrom([]uuid.UUID{w.by.User, holder, other}).Draw(draw, "user")},
			Holds: map[authz.Permission][]authz.Scope{domain.PermissionRead: some("read"), domain.PermissionViewPrivate: some("view private")},
		}
		for _, scope := range some("audience") {
			viewer.Audiences = append(viewer.Audiences, authz.Audience{Scope: scope, Visibility: domain.VisibilityOf(scope)})
		}
		var want []uuid.UUID
		for _, a := range all {
			held := domain.HeldBy(viewer, a)
			held.Holder = viewer.Actor.User == holder
			if domain.NewAchievementAccess(a, viewer.Actor, held).CanRead {
				want = append(want, a.ID())
			}
		}
		var got []uuid.UUID
		var after *ports.AchievementKey
		for {
			page, err := w.Achievements.Page(w.ctx, ports.AchievementFilter{}, viewer, after, 7)
			require.NoError(draw, err)
			for _, a := range page {
				got = append(got, a.ID())
				after = &ports.AchievementKey{CreatedAt: a.Data().CreatedAt, ID: a.ID()}
			}
			if len(page) < 7 {
				break
			}
		}
		require.Equal(draw, want, got)
	})
}

func filteredAchievements(t *testing.T, w world) {
	skill, events := w.category(t, "skill", 0), w.category(t, "events", 0)
	chess := authz.CommunityScope(uuid.New())
	first := w.achievement(t, skill, func(d *domain.AchievementData) { d.Names = domain.Texts{"ru": "Ёлка 100%"} })
	second := w.achievement(t, events, func(d *domain.AchievementData) {
		d.Scope, d.Status, d.CreatedAt, d.CreatedBy = chess, domain.StatusHidden, Noon.Add(time.Hour), uuid.New()
	})
	viewer := authz.Viewer{Actor: w.by, Holds: map[authz.Permission][]authz.Scope{
		domain.PermissionRead: {authz.TenantScope(w.by.Tenant), chess}, domain.PermissionViewPrivate: {authz.TenantScope(w.by.Tenant), chess},
	}}
	both := []uuid.UUID{second.ID(), first.ID()}
	for _, c := range []struct {
		filter ports.AchievementFilter
		want   []uuid.UUID
	}{
		{ports.AchievementFilter{}, both},
		{ports.AchievementFilter{Statuses: []domain.Status{domain.StatusHidden}}, both[:1]},
		{ports.AchievementFilter{Statuses: []domain.Status{domain.StatusHidden, domain.StatusPublished}}, both},
		{ports.AchievementFilter{Categories: []string{"skill", "unknown"}}, both[1:]},
		{ports.AchievementFilter{IDs: []uuid.UUID{first.ID(), uuid.New()}}, both[1:]},
		{ports.AchievementFilter{Query: " ЁЛКА 100% "}, both[1:]},
		{ports.AchievementFilter{Query: "ёлка_100"}, nil},
		{ports.AchievementFilter{CreatedBy: w.by.User}, both[1:]},
		{ports.AchievementFilter{Scope: chess}, both[:1]},
	} {
		page, err := w.Achievements.Page(w.ctx, c.filter, viewer, nil, 10)
		require.NoError(t, err)
		var got []uuid.UUID
		for _, a := range page {
			got = append(got, a.ID())
		}
		require.Equal(t, c.want, got, "%+v", c.filter)
		audiences, err := w.Achievements.Audiences(w.ctx, c.filter)
		require.NoError(t, err)
		require.Len(t, audiences, len(c.want))
	}
	ids, err := w.Achievements.ListByGroup(w.ctx, chess)
	require.NoError(t, err)
	require.Equal(t, both[:1], ids)
}
