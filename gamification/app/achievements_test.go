package app_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/app"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/page"
)

// A status at creation needs its permission beside that to create, and the refusal names the one that is missing.
func TestACreationNeedsThePermissionOfItsStatus(t *testing.T) {
	t.Parallel()
	for needed, s := range map[authz.Permission]domain.Status{domain.PermissionPublish: domain.StatusPublished, domain.PermissionHide: domain.StatusHidden} {
		h := newFixture(t)
		_, err := h.create(h.maker, status(s))
		denied(t, needed, err)
		_, err = h.create(h.actor(domain.PermissionRead, needed), status(s))
		denied(t, domain.PermissionCreate, err)
		view, err := h.create(h.actor(append(makerKeys, needed)...), status(s))
		require.NoError(t, err)
		require.Equal(t, s, view.Data().Status)
	}
	h := newFixture(t)
	_, err := h.create(h.member)
	denied(t, domain.PermissionCreate, err)
	require.True(t, h.made(h.maker).CanEdit)
	require.Equal(t, []string{"achievement.created", "category.created"}, h.journal())
}

// What is refused leaves nothing, and names its field.
func TestARefusedCreationLeavesNothing(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	retired := h.category("retired")
	_, err := h.sorting().Update(h.as(h.admin), h.admin, app.ChangeCategory{Slug: "retired"}, domain.CategoryEdit{Active: new(bool)})
	require.NoError(t, err)
	require.True(t, retired.Data().Active)
	archived := authz.CommunityScope(uuid.New())
	require.NoError(t, h.deps.Tx.Do(h.as(h.admin), func(ctx context.Context) error {
		return h.deps.Groups.Put(ctx, groups.Group{Scope: archived, Community: archived.ID, State: groups.Archived})
	}))
	for field, change := range map[string]func(*app.CreateAchievement){
		"category":      func(in *app.CreateAchievement) { in.Category = "retired" },
		"category ":     func(in *app.CreateAchievement) { in.Category = "unknown" },
		"prerequisites": func(in *app.CreateAchievement) { in.Draft.Rules.Prerequisites = []uuid.UUID{uuid.New()} },
		"points":        func(in *app.CreateAchievement) { in.Draft.Rules.Points = -1 },
		"scope_id":      func(in *app.CreateAchievement) { in.ScopeType, in.ScopeID = authz.ScopeCommunity, "chess" },
	} {
		_, err := h.create(h.admin, change)
		require.Equal(t, errs.Invalid, errs.KindOf(err), field)
		require.ErrorContains(t, err, strings.TrimSpace(field), field)
	}
	h.access.Grant(h.admin, archived, adminKeys...)
	_, err = h.create(h.admin, func(in *app.CreateAchievement) { in.ScopeType, in.ScopeID = archived.Type, archived.ID.String() })
	require.Error(t, err, "of an archived community")
	list, err := h.achievements().List(h.as(h.admin), h.admin, app.ListAchievements{})
	require.NoError(t, err)
	require.Empty(t, list.Items)
	require.NotContains(t, h.journal(), "achievement.created")
}

// Members are told once of an achievement, when it is published first; of a secret one never.
func TestAPublicationIsToldOnce(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	h.made(h.admin, published, func(in *app.CreateAchievement) { in.Draft.Rules.Secret = true })
	view := h.made(h.admin)
	require.Empty(t, told[domain.AchievementPublished](h))
	for _, s := range []domain.Status{domain.StatusPublished, domain.StatusHidden, domain.StatusPublished} {
		_, err := h.achievements().Update(h.as(h.admin), h.admin, app.ChangeAchievement{ID: view.ID()}, nil, domain.AchievementEdit{Status: &s})
		require.NoError(t, err)
	}
	events := told[domain.AchievementPublished](h)
	require.Len(t, events, 1)
	require.Equal(t, []uuid.UUID{view.ID(), h.admin.User}, []uuid.UUID{events[0].Achievement.ID(), events[0].By})
}

// Who may change an achievement, and which permission a refusal names.
func TestAChangeNeedsItsPermissions(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	draft, shown := h.made(h.maker), h.made(h.admin, published)
	update := func(by authz.Actor, id uuid.UUID, edit domain.AchievementEdit) error {
		_, err := h.achievements().Update(h.as(by), by, app.ChangeAchievement{ID: id}, nil, edit)
		return err
	}
	rename := domain.AchievementEdit{Names: domain.Texts{"en": "Other"}}
	to := func(s domain.Status) domain.AchievementEdit { return domain.AchievementEdit{Status: &s} }
	require.NoError(t, update(h.maker, draft.ID(), rename), "the own draft")
	require.NoError(t, update(h.maker, draft.ID(), to(domain.StatusDraft)), "no change of the status")
	denied(t, domain.PermissionPublish, update(h.maker, draft.ID(), to(domain.StatusPublished)))
	denied(t, domain.PermissionPublish, update(h.maker, shown.ID(), rename))
	denied(t, domain.PermissionEdit, update(h.member, shown.ID(), rename))
	denied(t, domain.PermissionEdit, update(h.actor(domain.PermissionRead, domain.PermissionPublish), shown.ID(), rename))
	hider := h.actor(domain.PermissionRead, domain.PermissionEdit, domain.PermissionHide)
	require.NoError(t, update(hider, shown.ID(), rename))
	require.NoError(t, update(hider, shown.ID(), to(domain.StatusHidden)))
	require.ErrorIs(t, update(h.member, draft.ID(), rename), domain.ErrAchievementNotFound)
	require.ErrorIs(t, update(h.member, shown.ID(), rename), domain.ErrAchievementNotFound, "hidden now")
	require.ErrorIs(t, update(h.admin, uuid.New(), rename), domain.ErrAchievementNotFound)
}

// A change is made to the version that was named, and to the status in which the caller's rights were decided.
func TestAChangeIsMadeToWhatWasRead(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	view := h.made(h.admin)
	change := func(version *int) error {
		_, err := h.achievements().Update(h.as(h.admin), h.admin, app.ChangeAchievement{ID: view.ID(), Version: version}, nil, domain.AchievementEdit{})
		return err
	}
	one := 1
	require.NoError(t, change(&one))
	require.ErrorIs(t, change(&one), domain.ErrAchievementChanged)
	require.NoError(t, change(nil))

	// It is published by another manager between the decision and the lock.
	h.access.AfterNext(func() {
		require.NoError(t, h.deps.Tx.Do(h.as(h.admin), func(ctx context.Context) error {
			a, err := h.deps.Achievements.Lock(ctx, view.ID())
			require.NoError(t, err)
			s := domain.StatusPublished
			a, err = a.Edit(domain.AchievementEdit{Status: &s}, h.clock.Now())
			require.NoError(t, err)
			return h.deps.Achievements.Update(ctx, a)
		}))
	})
	require.ErrorIs(t, h.achievements().Delete(h.as(h.admin), h.admin, app.ChangeAchievement{ID: view.ID()}), domain.ErrAchievementChanged)
	require.ErrorIs(t, h.achievements().Delete(h.as(h.admin), h.admin, app.ChangeAchievement{ID: view.ID()}), domain.ErrNotDraft)
	require.NotContains(t, h.journal(), "achievement.deleted")
	draft := h.made(h.admin)
	require.NoError(t, h.achievements().Delete(h.as(h.admin), h.admin, app.ChangeAchievement{ID: draft.ID()}))
	require.Equal(t, "achievement.deleted", h.journal()[0])
}

// An empty category leaves the category; another one must take achievements, and prerequisites must exist.
func TestReferencesAreChanged(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	view := h.made(h.admin)
	h.category("events")
	update := func(category string) (string, error) {
		changed, err := h.achievements().Update(h.as(h.admin), h.admin, app.ChangeAchievement{ID: view.ID()}, &category, domain.AchievementEdit{})
		return changed.Data().Category.Slug, err
	}
	for category, want := range map[string]string{"": "skill", "events": "events"} {
		got, err := update(category)
		require.NoError(t, err)
		if category != "" {
			require.Equal(t, want, got)
		}
	}
	_, err := update("none")
	require.Equal(t, errs.Invalid, errs.KindOf(err))
	stored, err := h.deps.Achievements.Find(h.as(h.admin), view.ID())
	require.NoError(t, err)
	require.Equal(t, "events", stored.Data().Category.Slug)
	_, err = h.achievements().Update(h.as(h.admin), h.admin, app.ChangeAchievement{ID: view.ID()}, nil, domain.AchievementEdit{Prerequisites: &[]uuid.UUID{uuid.New()}})
	require.ErrorContains(t, err, "prerequisites", "of no achievement")
}

// Lists have what the caller sees, page by page; those of a named scope are refused without the right to read there.
func TestListsHaveWhatTheCallerSees(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	h.made(h.maker)
	for range 3 {
		h.clock.Advance(time.Second)
		h.made(h.admin, published)
	}
	list := func(by authz.Actor, in app.ListAchievements) page.Page[app.AchievementView] {
		found, err := h.achievements().List(h.as(by), by, in)
		require.NoError(t, err)
		return found
	}
	require.Len(t, list(h.member, app.ListAchievements{}).Items, 3)
	require.Len(t, list(h.maker, app.ListAchievements{}).Items, 4)
	require.Len(t, list(h.maker, app.ListAchievements{Mine: true}).Items, 1)
	require.Empty(t, list(h.member, app.ListAchievements{Mine: true}).Items)
	require.Empty(t, list(h.member, app.ListAchievements{Filter: ports.AchievementFilter{Statuses: []domain.Status{domain.StatusDraft}}}).Items)
	seen := map[uuid.UUID]bool{}
	in := app.ListAchievements{Page: page.Request{Limit: 2}}
	for range 2 {
		found := list(h.member, in)
		for _, a := range found.Items {
			require.False(t, seen[a.ID()])
			seen[a.ID()] = true
		}
		in.Page.Cursor = found.Next
	}
	require.Len(t, seen, 3)
	require.Empty(t, in.Page.Cursor)
	_, err := h.achievements().List(h.as(h.member), h.member, app.ListAchievements{Page: page.Request{Cursor: "none"}})
	require.Equal(t, errs.Invalid, errs.KindOf(err))
	first := list(h.member, app.ListAchievements{Page: page.Request{Limit: 1}})
	_, err = h.achievements().List(h.as(h.member), h.member, app.ListAchievements{Filter: ports.AchievementFilter{Rarest: true}, Page: page.Request{Cursor: first.Next}})
	require.Equal(t, errs.Invalid, errs.KindOf(err), "a cursor of another order")
	_, err = h.achievements().List(h.as(h.member), h.member, app.ListAchievements{ScopeType: authz.ScopeTeam, ScopeID: "none"})
	require.Equal(t, errs.Invalid, errs.KindOf(err))
	stranger := h.actor()
	for _, in := range []app.ListAchievements{{}, {ScopeType: authz.ScopeTenant}} {
		_, err = h.achievements().List(h.as(stranger), stranger, in)
		require.Equal(t, errs.Forbidden, errs.KindOf(err))
	}
}

// Without an answer of access nothing is answered and nothing is changed.
func TestNothingHappensWithoutAccess(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	view := h.made(h.admin, published)
	grant, _, err := h.granting().Create(h.as(h.admin), h.admin, view.ID(), domain.GrantDraft{Recipient: h.member.User})
	require.NoError(t, err)
	nomination, err := h.nominating().Create(h.as(h.maker), h.maker, view.ID(), domain.NominationDraft{Nominee: uuid.New(), Text: "Helps"})
	require.NoError(t, err)
	before := len(h.journal())
	away := errs.Unavailablef("away")
	h.access.Fail(away)
	ctx, by, id := h.as(h.admin), h.admin, view.ID()
	for name, try := range map[string]func() error{
		"get":    func() error { _, err := h.achievements().Get(ctx, by, id); return err },
		"list":   func() error { _, err := h.achievements().List(ctx, by, app.ListAchievements{}); return err },
		"create": func() error { _, err := h.create(by); return err },
		"update": func() error {
			_, err := h.achievements().Update(ctx, by, app.ChangeAchievement{ID: id}, nil, domain.AchievementEdit{})
			return err
		},
		"delete": func() error { return h.achievements().Delete(ctx, by, app.ChangeAchievement{ID: id}) },
		"grant": func() error {
			_, _, err := h.granting().Create(ctx, by, id, domain.GrantDraft{Recipient: uuid.New()})
			return err
		},
		"many":     func() error { _, err := h.granting().CreateMany(ctx, by, app.GrantMany{Achievement: id}); return err },
		"revoke":   func() error { _, err := h.granting().Revoke(ctx, by, grant.ID(), ""); return err },
		"grants":   func() error { _, err := h.granting().List(ctx, by, app.ListGrants{Achievement: id}); return err },
		"held":     func() error { _, err := h.granting().ListOf(ctx, by, by.User, page.Request{}); return err },
		"pin":      func() error { return h.granting().Pin(ctx, by, nil) },
		"pinned":   func() error { _, err := h.granting().ListPinned(ctx, by, by.User); return err },
		"evidence": func() error { _, err := h.granting().Evidence(ctx, by, grant.ID()); return err },
		"nominate": func() error { _, err := h.nominating().Create(ctx, by, id, domain.NominationDraft{}); return err },
		"approve":  func() error { _, err := h.nominating().Approve(ctx, by, nomination.ID(), "", ""); return err },
		"decline":  func() error { _, err := h.nominating().Decline(ctx, by, nomination.ID(), ""); return err },
		"mine":     func() error { _, err := h.nominating().ListMine(ctx, by, page.Request{}); return err },
		"open":     func() error { _, err := h.nominating().List(ctx, by, "", page.Request{}); return err },
		"category": func() error { _, err := h.sorting().Create(ctx, by, domain.CategoryDraft{}); return err },
		"order":    func() error { _, err := h.sorting().Order(ctx, by, nil); return err },
		"merge":    func() error { _, err := h.sorting().Merge(ctx, by, "a", "b"); return err },
		"sorted":   func() error { _, err := h.sorting().List(ctx, by); return err },
	} {
		err := try()
		require.Equal(t, errs.Unavailable, errs.KindOf(err), name)
	}
	h.access.Fail(nil)
	require.Len(t, h.journal(), before)
}
