package app_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/app"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/gamification/ports/portstest"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/memory"
)

var (
	memberKeys = []authz.Permission{domain.PermissionRead}
	makerKeys  = append([]authz.Permission{domain.PermissionCreate, domain.PermissionEdit}, memberKeys...)
	adminKeys  = append([]authz.Permission{
		domain.PermissionPublish, domain.PermissionHide, domain.PermissionAssign, domain.PermissionRevoke, domain.PermissionViewPrivate,
	}, makerKeys...)
)

// fixture is the use cases on ports in memory: one tenant with an administrator, a maker of achievements and a member.
type fixture struct {
	t      *testing.T
	access *authztest.Access
	clock  *testkit.Clock
	deps   app.Deps
	events *memory.Events[domain.Event]
	grants *grants
	memory *memory.DB

	admin, maker, member authz.Actor
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	m, clock := portstest.NewMemory(), testkit.NewClock()
	clock.Set(portstest.Noon)
	store := m.Store()
	h := &fixture{t: t, memory: m.DB, access: &authztest.Access{}, clock: clock, events: memory.NewEvents[domain.Event](m.DB), admin: authz.Actor{Tenant: uuid.New(), User: uuid.New()}}
	h.grants = &grants{Grants: store.Grants, achievements: store.Achievements, missing: map[uuid.UUID]bool{}, strangers: map[uuid.UUID]bool{}}
	h.deps = app.Deps{
		Access: h.access, Roles: h.access, Categories: store.Categories, Achievements: store.Achievements, Grants: h.grants, Nominations: store.Nominations,
		Members: members{strangers: h.grants.strangers}, Rewards: store.Rewards, Facts: locks{}, Points: noPoints{}, Groups: memory.NewGroups(m.DB), Events: h.events,
		Audit: memory.NewAudit(m.DB), Tx: m, Once: m, Clock: clock,
	}
	h.access.Member(h.admin, adminKeys...)
	h.maker, h.member = h.actor(makerKeys...), h.actor(memberKeys...)
	return h
}

// actor is a further member of the tenant.
func (h *fixture) actor(permissions ...authz.Permission) authz.Actor {
	a := authz.Actor{Tenant: h.admin.Tenant, User: uuid.New()}
	h.access.Member(a, permissions...)
	return a
}

func (h *fixture) as(a authz.Actor) context.Context {
	return reqctx.With(h.t.Context(), reqctx.Context{
		RequestID: uuid.NewString(), TenantID: a.Tenant, UserID: a.User, Flags: reqctx.Flags{MembershipStatus: "active", Status: "active"},
	})
}

func (h *fixture) achievements() *app.Achievements { return &app.Achievements{Deps: h.deps} }
func (h *fixture) granting() *app.Grants           { return &app.Grants{Deps: h.deps} }
func (h *fixture) nominating() *app.Nominations    { return &app.Nominations{Deps: h.deps} }
func (h *fixture) sorting() *app.Categories        { return &app.Categories{Deps: h.deps} }

func (h *fixture) category(slug string) domain.Category {
	h.t.Helper()
	c, err := h.sorting().Create(h.as(h.admin), h.admin, domain.CategoryDraft{Slug: slug, Names: domain.Texts{"en": slug}})
	require.NoError(h.t, err)
	return c
}

// create makes an achievement of the category skill.
func (h *fixture) create(by authz.Actor, change ...func(*app.CreateAchievement)) (app.AchievementView, error) {
	h.t.Helper()
	if _, err := h.deps.Categories.Lock(h.as(h.admin), "skill"); err != nil {
		h.category("skill")
	}
	in := app.CreateAchievement{Category: "skill", Draft: domain.AchievementDraft{Names: domain.Texts{"en": "Expert"}, Images: domain.Images{Small: "https://example.com/s.png"}}}
	for _, c := range change {
		c(&in)
	}
	return h.achievements().Create(h.as(by), by, in)
}

func (h *fixture) made(by authz.Actor, change ...func(*app.CreateAchievement)) app.AchievementView {
	h.t.Helper()
	view, err := h.create(by, change...)
	require.NoError(h.t, err)
	return view
}

func status(s domain.Status) func(*app.CreateAchievement) {
	return func(in *app.CreateAchievement) { in.Draft.Status = s }
}

var published = status(domain.StatusPublished)

// journal are the actions of the audit log, the latest first.
func (h *fixture) journal() (actions []string) {
	h.t.Helper()
	entries, err := h.deps.Audit.List(h.as(h.admin), audit.Filter{}, page.Request{Limit: 100})
	require.NoError(h.t, err)
	for _, e := range entries.Items {
		actions = append(actions, e.Action)
	}
	return actions
}

// told are the events of type E that were published.
func told[E domain.Event](h *fixture) (events []E) {
	for _, e := range h.events.Published() {
		if event, ok := e.(E); ok {
			events = append(events, event)
		}
	}
	return events
}

// denied requires a refusal for want of a permission.
func denied(t *testing.T, permission authz.Permission, err error) {
	t.Helper()
	require.Equal(t, errs.Forbidden, errs.KindOf(err), "%v", err)
	require.ErrorIs(t, err, authz.Denied(permission))
	var refusal *errs.Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, string(permission), refusal.Details["permission"])
}

// grants adds to the grants in memory what is asked for lists of members, and what a grant depends on.
type grants struct {
	portstest.Grants
	achievements ports.Achievements
	missing      map[uuid.UUID]bool // who lacks a prerequisite
	strangers    map[uuid.UUID]bool // who is no member
	asked        int                // how often for standings
	pinned       []uuid.UUID
}

func (g *grants) all(ctx context.Context, achievement uuid.UUID) ([]domain.Grant, error) {
	return g.Page(ctx, ports.GrantFilter{Achievement: achievement, Ended: true}, nil, 1<<20)
}

func (g *grants) Currents(ctx context.Context, achievement uuid.UUID, recipients []uuid.UUID) (map[uuid.UUID]domain.Grant, error) {
	found := map[uuid.UUID]domain.Grant{}
	for _, id := range recipients {
		if grant, err := g.Current(ctx, achievement, id); err == nil {
			found[id] = grant
		}
	}
	return found, nil
}

func (g *grants) OfBatch(ctx context.Context, batch uuid.UUID) (map[uuid.UUID]domain.Grant, error) {
	found := map[uuid.UUID]domain.Grant{}
	ids, err := g.achievements.Audiences(ctx, ports.AchievementFilter{})
	if err != nil || len(ids) == 0 {
		return found, err
	}
	viewer := authz.Viewer{Actor: reqctx.From(ctx).Actor(), Holds: map[authz.Permission][]authz.Scope{domain.PermissionRead: {ids[0].Scope}, domain.PermissionViewPrivate: {ids[0].Scope}}}
	list, err := g.achievements.Page(ctx, ports.AchievementFilter{}, viewer, nil, 1<<20)
	for _, a := range list {
		all, _ := g.all(ctx, a.ID())
		for _, grant := range all {
			if grant.Data().Batch == batch {
				found[grant.Data().RecipientID] = grant
			}
		}
	}
	return found, err
}

func (g *grants) Standings(ctx context.Context, a domain.Achievement, recipients []uuid.UUID, issuer uuid.UUID, since time.Time) (map[uuid.UUID]domain.Standing, error) {
	g.asked++
	found := map[uuid.UUID]domain.Standing{}
	all, err := g.all(ctx, a.ID())
	for _, id := range recipients {
		standing := domain.Standing{Member: !g.strangers[id]}
		if g.missing[id] {
			standing.MissingPrerequisites = []uuid.UUID{uuid.New()}
		}
		for _, grant := range all {
			if !grant.Ended() {
				standing.Granted++
			}
			if d := grant.Data(); d.IssuerID == issuer && d.CreatedAt.After(since) {
				standing.IssuedLately++
			}
		}
		found[id] = standing
	}
	return found, err
}

func (g *grants) Standing(ctx context.Context, a domain.Achievement, recipient, issuer uuid.UUID, since time.Time) (domain.Standing, error) {
	all, err := g.Standings(ctx, a, []uuid.UUID{recipient}, issuer, since)
	return all[recipient], err
}

func (g *grants) FindAll(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]domain.Grant, error) {
	found := map[uuid.UUID]domain.Grant{}
	for _, id := range ids {
		if grant, err := g.Find(ctx, id); err == nil {
			found[id] = grant
		}
	}
	return found, nil
}

func (g *grants) Pin(_ context.Context, _ uuid.UUID, ids []uuid.UUID) error {
	g.pinned = slices.Clone(ids)
	return nil
}

func (g *grants) Pinned(ctx context.Context, _ uuid.UUID, _ authz.Viewer) (list []domain.Grant, err error) {
	all, err := g.FindAll(ctx, g.pinned)
	for _, id := range g.pinned {
		list = append(list, all[id])
	}
	return list, err
}

// members are all but the strangers.
type members struct {
	ports.Members
	strangers map[uuid.UUID]bool
}

func (m members) IsActive(_ context.Context, user uuid.UUID) (bool, error) {
	return !m.strangers[user], nil
}

// locks are those of transactions in memory, which come one after another.
type locks struct{ ports.Facts }

func (locks) LockTenant(context.Context, bool) error          { return nil }
func (locks) LockPersons(context.Context, ...uuid.UUID) error { return nil }

// noPoints is for achievements that bring none.
type noPoints struct{ ports.Points }

func (noPoints) Entry(context.Context, uuid.UUID) (domain.PointEntry, bool, error) {
	return domain.PointEntry{}, false, nil
}
