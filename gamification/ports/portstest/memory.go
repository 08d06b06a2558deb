package portstest

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
	"go.updspace.com/tools/devkit/testkit/memory"
)

// Memory keeps everything in memory. It passes the same suite as PostgreSQL does.
type Memory struct {
	*memory.DB

	categories   *memory.Table[uuid.UUID, domain.Category]
	achievements *memory.Table[uuid.UUID, domain.Achievement]
	grants       *memory.Table[uuid.UUID, domain.Grant]
	nominations  *memory.Table[uuid.UUID, domain.Nomination]
	rewards      *memory.Table[uuid.UUID, ownedReward]
	given        *memory.Table[uuid.UUID, domain.GivenReward]
}

// ownedReward is a reward with its tenant, for the jobs of all tenants.
type ownedReward struct {
	tenant uuid.UUID
	domain.Reward
}

// NewMemory is empty.
func NewMemory() *Memory {
	db := memory.New()
	return &Memory{
		DB: db, categories: memory.NewTable[uuid.UUID, domain.Category](db), achievements: memory.NewTable[uuid.UUID, domain.Achievement](db),
		grants: memory.NewTable[uuid.UUID, domain.Grant](db), nominations: memory.NewTable[uuid.UUID, domain.Nomination](db),
		rewards: memory.NewTable[uuid.UUID, ownedReward](db), given: memory.NewTable[uuid.UUID, domain.GivenReward](db),
	}
}

// Store is the memory as the repositories.
func (m *Memory) Store() Store {
	return Store{
		Categories: memoryCategories{m}, Achievements: memoryAchievements{m}, Grants: memoryGrants{m}, Nominations: memoryNominations{m},
		Rewards: memoryRewards{m}, Tx: m,
	}
}

type memoryCategories struct{ *Memory }

func (m memoryCategories) List(ctx context.Context) ([]domain.Category, error) {
	all := m.categories.All(ctx, nil)
	slices.SortFunc(all, domain.CompareCategories)
	return all, nil
}

func (m memoryCategories) LockAll(ctx context.Context) ([]domain.Category, error) { return m.List(ctx) }

func (m memoryCategories) Find(ctx context.Context, id uuid.UUID) (domain.Category, error) {
	return found[domain.Category](domain.ErrCategoryNotFound)(m.categories.Get(ctx, id))
}

func (m memoryCategories) Lock(ctx context.Context, slug string) (domain.Category, error) {
	return found[domain.Category](domain.ErrCategoryNotFound)(m.categories.First(ctx, func(c domain.Category) bool { return c.Data().Slug == slug }))
}

func (m memoryCategories) FindOpen(ctx context.Context, slug string) (domain.Category, error) {
	return m.Lock(ctx, slug)
}

func (m memoryCategories) Add(ctx context.Context, c domain.Category) error {
	if _, err := m.Lock(ctx, c.Data().Slug); err == nil {
		return domain.ErrCategoryExists
	}
	m.categories.Put(ctx, c.ID(), c)
	return nil
}

func (m memoryCategories) Update(ctx context.Context, categories ...domain.Category) error {
	for _, c := range categories {
		before, err := m.Find(ctx, c.ID())
		if err != nil || before.Data().Version >= c.Data().Version {
			return errs.Internalf("category %s was changed without its lock", c.ID())
		}
		m.categories.Put(ctx, c.ID(), c)
	}
	return nil
}

func (m memoryCategories) Delete(ctx context.Context, id uuid.UUID) error {
	if _, used := m.achievements.First(ctx, func(a domain.Achievement) bool { return a.Data().Category.ID == id }); used {
		return domain.ErrCategoryUsed
	}
	if m.categories.Delete(ctx, func(c domain.Category) bool { return c.ID() == id }) == 0 {
		return domain.ErrCategoryNotFound
	}
	return nil
}

func (m memoryCategories) MoveAchievements(ctx context.Context, from, into uuid.UUID) (int, error) {
	category, _ := m.categories.Get(ctx, into)
	moved := m.achievements.All(ctx, func(a domain.Achievement) bool { return a.Data().Category.ID == from })
	for _, a := range moved {
		d := a.Data()
		d.Category = domain.CategoryRef{ID: into, Slug: category.Data().Slug}
		d.Version++
		m.achievements.Put(ctx, a.ID(), domain.RestoreAchievement(d))
	}
	return len(moved), nil
}

// found is what a table has, or an error.
func found[T any](missing *errs.Error) func(T, bool) (T, error) {
	return func(row T, ok bool) (T, error) {
		if !ok {
			return row, missing
		}
		return row, nil
	}
}

type memoryAchievements struct{ *Memory }

func (m memoryAchievements) Find(ctx context.Context, id uuid.UUID) (domain.Achievement, error) {
	return found[domain.Achievement](domain.ErrAchievementNotFound)(m.achievements.Get(ctx, id))
}

func (m memoryAchievements) Lock(ctx context.Context, id uuid.UUID) (domain.Achievement, error) {
	return m.Find(ctx, id)
}

func (m memoryAchievements) matching(ctx context.Context, f ports.AchievementFilter) []domain.Achievement {
	all := m.achievements.All(ctx, func(a domain.Achievement) bool {
		d := a.Data()
		return (len(f.Statuses) == 0 || slices.Contains(f.Statuses, d.Status)) && (len(f.Categories) == 0 || slices.Contains(f.Categories, d.Category.Slug)) &&
			(len(f.IDs) == 0 || slices.Contains(f.IDs, d.ID)) && strings.Contains(d.Search(), strings.TrimSpace(valid.Fold(f.Query))) &&
			(f.CreatedBy == uuid.Nil || f.CreatedBy == d.CreatedBy) && (f.Scope == authz.Scope{} || f.Scope == d.Scope)
	})
	slices.SortFunc(all, func(a, b domain.Achievement) int {
		return cmp.Or(b.Data().CreatedAt.Compare(a.Data().CreatedAt), compareIDs(b.ID(), a.ID()))
	})
	return all
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

func (m memoryAchievements) Audiences(ctx context.Context, f ports.AchievementFilter) (list []authz.Audience, err error) {
	for _, a := range m.matching(ctx, f) {
		if !slices.Contains(list, a.Audience()) {
			list = append(list, a.Audience())
		}
	}
	return list, nil
}

// sees is the rule of domain.NewAchievementAccess.
func (m memoryAchievements) sees(ctx context.Context, viewer authz.Viewer, a domain.Achievement) bool {
	held := domain.HeldBy(viewer, a)
	held.Holder, _ = memoryGrants(m).Holds(ctx, a.ID(), viewer.Actor.User)
	return domain.NewAchievementAccess(a, viewer.Actor, held).CanRead
}

func (m memoryAchievements) Page(
	ctx context.Context, f ports.AchievementFilter, viewer authz.Viewer, after *ports.AchievementKey, limit int,
) ([]domain.Achievement, error) {
	list := slices.DeleteFunc(m.matching(ctx, f), func(a domain.Achievement) bool {
		d := a.Data()
		behind := after == nil || cmp.Or(d.CreatedAt.Compare(after.CreatedAt), compareIDs(d.ID, after.ID)) < 0
		return !behind || !m.sees(ctx, viewer, a)
	})
	return list[:min(len(list), limit)], nil
}

func (m memoryAchievements) Missing(ctx context.Context, ids []uuid.UUID) (missing []uuid.UUID, err error) {
	for _, id := range ids {
		if _, ok := m.achievements.Get(ctx, id); !ok {
			missing = append(missing, id)
		}
	}
	return missing, nil
}

func (m memoryAchievements) FindAll(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]domain.Achievement, error) {
	all := map[uuid.UUID]domain.Achievement{}
	for _, id := range ids {
		if a, ok := m.achievements.Get(ctx, id); ok {
			all[id] = a
		}
	}
	return all, nil
}

func (m memoryAchievements) ListByGroup(ctx context.Context, group authz.Scope) (ids []uuid.UUID, err error) {
	for _, a := range m.achievements.All(ctx, func(a domain.Achievement) bool { return a.Data().Scope == group && !a.Data().Removed }) {
		ids = append(ids, a.ID())
	}
	slices.SortFunc(ids, compareIDs)
	return ids, nil
}

// CountHolders does nothing: the suite is not about lists by how many hold an achievement.
func (m memoryAchievements) CountHolders(context.Context) error { return nil }

func (m memoryAchievements) Add(ctx context.Context, a domain.Achievement) error {
	m.achievements.Put(ctx, a.ID(), a)
	return nil
}

func (m memoryAchievements) Update(ctx context.Context, a domain.Achievement) error {
	before, err := m.Find(ctx, a.ID())
	if err != nil || before.Version() >= a.Version() {
		return errs.Internalf("achievement %s was changed without its lock", a.ID())
	}
	return m.Add(ctx, a)
}

func (m memoryAchievements) Delete(ctx context.Context, id uuid.UUID) error {
	if m.achievements.Delete(ctx, func(a domain.Achievement) bool { return a.ID() == id }) == 0 {
		return domain.ErrAchievementNotFound
	}
	m.rewards.Delete(ctx, func(r ownedReward) bool { return r.Achievement == id })
	return nil
}

type memoryNominations struct{ *Memory }

func (m memoryNominations) Find(ctx context.Context, id uuid.UUID) (domain.Nomination, error) {
	return found[domain.Nomination](domain.ErrNominationNotFound)(m.nominations.Get(ctx, id))
}

func (m memoryNominations) Lock(ctx context.Context, id uuid.UUID) (domain.Nomination, error) {
	return m.Find(ctx, id)
}

func open(n domain.Nomination) bool { return n.Data().Status == domain.NominationOpen }

func (m memoryNominations) CountOpen(ctx context.Context, nominator uuid.UUID) (int, error) {
	return len(m.nominations.All(ctx, func(n domain.Nomination) bool { return open(n) && n.Data().NominatorID == nominator })), nil
}

func (m memoryNominations) Page(ctx context.Context, f ports.NominationFilter, before uuid.UUID, limit int) ([]domain.Nomination, error) {
	list := slices.DeleteFunc(m.nominations.All(ctx, nil), func(n domain.Nomination) bool {
		d := n.Data()
		a, _ := m.achievements.Get(ctx, d.AchievementID)
		fits := (f.Status == "" || f.Status == d.Status) && (f.Nominator == uuid.Nil || f.Nominator == d.NominatorID) &&
			(f.Scopes == nil || slices.Contains(f.Scopes, a.Data().Scope)) && (before == uuid.Nil || compareIDs(d.ID, before) < 0)
		return !fits
	})
	slices.SortFunc(list, func(a, b domain.Nomination) int { return compareIDs(b.ID(), a.ID()) })
	return list[:min(len(list), limit)], nil
}

func (m memoryNominations) Forget(ctx context.Context, before time.Time) error {
	m.nominations.Delete(ctx, func(n domain.Nomination) bool { return !open(n) && n.Data().DecidedAt.Before(before) })
	return nil
}

func (m memoryNominations) Add(ctx context.Context, n domain.Nomination) error {
	d := n.Data()
	if _, there := m.nominations.First(ctx, func(o domain.Nomination) bool {
		return open(o) && o.Data().AchievementID == d.AchievementID && o.Data().NomineeID == d.NomineeID && o.Data().NominatorID == d.NominatorID
	}); there {
		return domain.ErrNominated
	}
	m.nominations.Put(ctx, n.ID(), n)
	return nil
}

func (m memoryNominations) Update(ctx context.Context, n domain.Nomination) error {
	if _, err := m.Find(ctx, n.ID()); err != nil {
		return err
	}
	m.nominations.Put(ctx, n.ID(), n)
	return nil
}

func (m memoryNominations) Delete(ctx context.Context, id uuid.UUID) error {
	if m.nominations.Delete(ctx, func(n domain.Nomination) bool { return n.ID() == id }) == 0 {
		return domain.ErrNominationNotFound
	}
	return nil
}

type memoryRewards struct{ *Memory }

func (m memoryRewards) Find(ctx context.Context, achievement uuid.UUID) (domain.Reward, error) {
	r, err := found[ownedReward](domain.ErrRewardNotFound)(m.rewards.Get(ctx, achievement))
	return r.Reward, err
}

func (m memoryRewards) Put(ctx context.Context, r domain.Reward) error {
	m.rewards.Put(ctx, r.Achievement, ownedReward{reqctx.From(ctx).TenantID, r})
	return nil
}

func (m memoryRewards) Delete(ctx context.Context, achievement uuid.UUID) error {
	if m.rewards.Delete(ctx, func(r ownedReward) bool { return r.Achievement == achievement }) == 0 {
		return domain.ErrRewardNotFound
	}
	return nil
}

func (m memoryRewards) ToSettle(ctx context.Context, limit int) (list []ports.OfTenant, err error) {
	for _, r := range m.rewards.AllTenants(ctx, func(r ownedReward) bool { return !r.Settled }) {
		list = append(list, ports.OfTenant{Tenant: r.tenant, Achievement: r.Achievement})
	}
	return list[:min(len(list), limit)], nil
}

func (m memoryRewards) Holdings(ctx context.Context, achievement, after uuid.UUID, limit int) (list []ports.Holding, err error) {
	for _, g := range m.grants.All(ctx, func(g domain.Grant) bool {
		return g.Data().AchievementID == achievement && !g.Ended() && compareIDs(g.ID(), after) > 0
	}) {
		given, err := m.Given(ctx, g.ID())
		if err != nil {
			return nil, err
		}
		list = append(list, ports.Holding{Grant: g, Given: given})
	}
	slices.SortFunc(list, func(a, b ports.Holding) int { return compareIDs(a.Grant.ID(), b.Grant.ID()) })
	return list[:min(len(list), limit)], nil
}

func (m memoryRewards) Given(ctx context.Context, grant uuid.UUID) (domain.GivenReward, error) {
	given, _ := m.given.Get(ctx, grant)
	given.Grant = grant
	return given, nil
}

func (m memoryRewards) PutGiven(ctx context.Context, given ...domain.GivenReward) error {
	for _, g := range given {
		m.given.Put(ctx, g.Grant, g)
	}
	return nil
}
