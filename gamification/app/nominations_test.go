package app_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/app"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
)

func (h *fixture) nominate(by authz.Actor, achievement, nominee uuid.UUID) (domain.Nomination, error) {
	return h.nominating().Create(h.as(by), by, achievement, domain.NominationDraft{Nominee: nominee, Text: "Helps"})
}

func (h *fixture) nominated(by authz.Actor, achievement, nominee uuid.UUID) domain.Nomination {
	h.t.Helper()
	n, err := h.nominate(by, achievement, nominee)
	require.NoError(h.t, err)
	return n
}

func TestWhoCanBeNominated(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	a, draft, again := h.made(h.admin, published), h.made(h.admin), h.made(h.admin, published, rules(domain.Rules{Kind: domain.KindRepeatable}))
	holder, stranger := uuid.New(), uuid.New()
	h.granted(a.ID(), holder)
	h.granted(again.ID(), holder)
	h.grants.strangers[stranger] = true
	for name, c := range map[string]struct {
		achievement, nominee uuid.UUID
		want                 error
	}{
		"holder": {a.ID(), holder, domain.ErrAlreadyHeld}, "draft": {draft.ID(), holder, domain.ErrAchievementNotFound}, "none": {uuid.New(), holder, domain.ErrAchievementNotFound},
	} {
		_, err := h.nominate(h.member, c.achievement, c.nominee)
		require.ErrorIs(t, err, c.want, name)
	}
	for _, nominee := range []uuid.UUID{h.member.User, stranger} {
		_, err := h.nominate(h.member, a.ID(), nominee)
		require.ErrorContains(t, err, "nominee_id")
	}
	h.nominated(h.member, again.ID(), holder)
	_, err := h.nominate(h.member, again.ID(), holder)
	require.ErrorIs(t, err, domain.ErrNominated)
	h.nominated(h.maker, again.ID(), holder)
	for range domain.MaxOpenNominations - 1 {
		h.nominated(h.member, a.ID(), uuid.New())
	}
	_, err = h.nominate(h.member, a.ID(), uuid.New())
	require.ErrorIs(t, err, domain.ErrTooManyNominations)
}

func TestWhoDecidesANomination(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	a := h.made(h.admin, published)
	approve := func(by authz.Actor, id uuid.UUID) (domain.Nomination, error) {
		return h.nominating().Approve(h.as(by), by, id, "Well done", domain.GrantPrivate)
	}
	decline := func(by authz.Actor, id uuid.UUID) (domain.Nomination, error) {
		return h.nominating().Decline(h.as(by), by, id, "Not yet")
	}
	own, other := h.nominated(h.member, a.ID(), h.admin.User), h.nominated(h.member, a.ID(), h.maker.User)
	for _, decide := range []func(authz.Actor, uuid.UUID) (domain.Nomination, error){approve, decline} {
		_, err := decide(h.maker, other.ID())
		denied(t, domain.PermissionAssign, err)
		_, err = decide(h.admin, own.ID())
		denied(t, domain.PermissionAssign, err)
		_, err = decide(h.admin, uuid.New())
		require.ErrorIs(t, err, domain.ErrNominationNotFound)
		stranger := h.actor(domain.PermissionAssign)
		_, err = decide(stranger, other.ID())
		require.ErrorIs(t, err, domain.ErrNominationNotFound, "who cannot read the achievement")
	}
	approved, err := approve(h.admin, other.ID())
	require.NoError(t, err)
	grant := told[domain.GrantCreated](h)[0].Grant
	require.Equal(t, []any{domain.NominationApproved, grant.ID()}, []any{approved.Data().Status, approved.Data().GrantID})
	require.Equal(t, []any{h.maker.User, "Well done", domain.GrantPrivate}, []any{grant.Data().RecipientID, grant.Data().Reason, grant.Data().Visibility})
	for _, decide := range []func(authz.Actor, uuid.UUID) (domain.Nomination, error){approve, decline} {
		_, err = decide(h.admin, other.ID())
		require.ErrorIs(t, err, domain.ErrNominationDecided)
	}
	// The nominee of another nomination keeps the grant that there is.
	second := h.deps.Nominations
	nomination, err := domain.NewNomination(a.Achievement, h.actor(memberKeys...), domain.NominationDraft{Nominee: h.maker.User, Text: "Too"}, domain.NominationStanding{Member: true}, h.clock.Now())
	require.NoError(t, err)
	require.NoError(t, second.Add(h.as(h.admin), nomination))
	kept, err := approve(h.admin, nomination.ID())
	require.NoError(t, err)
	require.Equal(t, grant.ID(), kept.Data().GrantID)
	require.Len(t, told[domain.GrantCreated](h), 1)

	declined, err := decline(h.admin, h.nominated(h.member, a.ID(), uuid.New()).ID())
	require.NoError(t, err)
	require.Equal(t, []any{domain.NominationDeclined, "Not yet", uuid.Nil}, []any{declined.Data().Status, declined.Data().DecisionReason, declined.Data().GrantID})
	require.Equal(t, "nomination.declined", h.journal()[0])
}

func TestANominationIsWithdrawnByItsNominator(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	a := h.made(h.admin, published)
	withdraw := func(by authz.Actor, id uuid.UUID) error { return h.nominating().Withdraw(h.as(by), by, id) }
	n := h.nominated(h.member, a.ID(), h.maker.User)
	for _, by := range []authz.Actor{h.admin, h.maker} {
		require.ErrorIs(t, withdraw(by, n.ID()), domain.ErrNominationNotFound)
	}
	require.NoError(t, withdraw(h.member, n.ID()))
	require.Equal(t, "nomination.withdrawn", h.journal()[0])
	require.ErrorIs(t, withdraw(h.member, n.ID()), domain.ErrNominationNotFound)
	decided := h.nominated(h.member, a.ID(), h.maker.User)
	_, err := h.nominating().Decline(h.as(h.admin), h.admin, decided.ID(), "")
	require.NoError(t, err)
	require.ErrorIs(t, withdraw(h.member, decided.ID()), domain.ErrNominationDecided)
	stranger := h.actor()
	denied(t, domain.PermissionRead, withdraw(stranger, decided.ID()))
}

func TestWhoListsNominations(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	a := h.made(h.admin, published)
	mine := h.nominated(h.member, a.ID(), h.maker.User)
	h.nominated(h.maker, a.ID(), h.member.User)
	_, err := h.nominating().Decline(h.as(h.admin), h.admin, mine.ID(), "")
	require.NoError(t, err)
	count := func(status domain.NominationStatus) int {
		found, err := h.nominating().List(h.as(h.admin), h.admin, status, page.Request{})
		require.NoError(t, err)
		return len(found.Items)
	}
	require.Equal(t, []int{2, 1, 1, 0}, []int{count(""), count(domain.NominationOpen), count(domain.NominationDeclined), count(domain.NominationApproved)})
	_, err = h.nominating().List(h.as(h.member), h.member, "", page.Request{})
	require.Equal(t, errs.Forbidden, errs.KindOf(err))
	own, err := h.nominating().ListMine(h.as(h.member), h.member, page.Request{})
	require.NoError(t, err)
	require.Len(t, own.Items, 1)
	require.Equal(t, mine.ID(), own.Items[0].ID())
	_, err = h.nominating().ListMine(h.as(h.member), h.member, page.Request{Cursor: "none"})
	require.Equal(t, errs.Invalid, errs.KindOf(err))
	first, err := h.nominating().List(h.as(h.admin), h.admin, "", page.Request{Limit: 1})
	require.NoError(t, err)
	rest, err := h.nominating().List(h.as(h.admin), h.admin, "", page.Request{Limit: 1, Cursor: first.Next})
	require.NoError(t, err)
	require.NotEqual(t, first.Items[0].ID(), rest.Items[0].ID())
	require.Empty(t, rest.Next)
	stranger := h.actor()
	_, err = h.nominating().ListMine(h.as(stranger), stranger, page.Request{})
	denied(t, domain.PermissionRead, err)
}

func TestCategoriesAreBoundedOrderedAndMerged(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	sorting, ctx := h.sorting(), h.as(h.admin)
	for _, by := range []authz.Actor{h.member, h.actor(domain.PermissionRead, domain.PermissionCreate)} {
		_, err := sorting.Create(h.as(by), by, domain.CategoryDraft{Slug: "x", Names: domain.Texts{"en": "x"}})
		denied(t, domain.PermissionEdit, err)
		_, err = sorting.Order(h.as(by), by, nil)
		denied(t, domain.PermissionEdit, err)
		_, err = sorting.Merge(h.as(by), by, "a", "b")
		denied(t, domain.PermissionEdit, err)
		denied(t, domain.PermissionEdit, sorting.Delete(h.as(by), by, app.ChangeCategory{Slug: "a"}))
	}
	h.category("a")
	h.category("b")
	slugs := func() (list []string) {
		all, err := sorting.List(h.as(h.member), h.member)
		require.NoError(t, err)
		for _, c := range all {
			list = append(list, c.Data().Slug)
		}
		return list
	}
	_, err := sorting.Order(ctx, h.admin, []string{"b", "a"})
	require.NoError(t, err)
	require.Equal(t, []string{"b", "a"}, slugs())
	for _, wrong := range [][]string{{"a"}, {"a", "b", "c"}, {"a", "a"}, nil} {
		_, err = sorting.Order(ctx, h.admin, wrong)
		require.ErrorContains(t, err, "ids")
	}
	require.Equal(t, []string{"b", "a"}, slugs())

	view := h.made(h.admin)
	require.ErrorIs(t, sorting.Delete(ctx, h.admin, app.ChangeCategory{Slug: "skill"}), domain.ErrCategoryUsed)
	one, two := 1, 2
	require.ErrorIs(t, sorting.Delete(ctx, h.admin, app.ChangeCategory{Slug: "b", Version: &one}), domain.ErrCategoryChanged)
	retired := false
	_, err = sorting.Update(ctx, h.admin, app.ChangeCategory{Slug: "b", Version: &two}, domain.CategoryEdit{Active: &retired})
	require.NoError(t, err)
	for _, into := range []string{"skill", "none", "b"} {
		_, err = sorting.Merge(ctx, h.admin, "skill", into)
		require.ErrorContains(t, err, "into", into)
	}
	_, err = sorting.Merge(ctx, h.admin, "none", "a")
	require.ErrorIs(t, err, domain.ErrCategoryNotFound)
	target, err := sorting.Merge(ctx, h.admin, "skill", "a")
	require.NoError(t, err)
	require.Equal(t, "a", target.Data().Slug)
	stored, err := h.deps.Achievements.Find(ctx, view.ID())
	require.NoError(t, err)
	require.Equal(t, "a", stored.Data().Category.Slug)
	require.Equal(t, "category.merged", h.journal()[0])
	require.NoError(t, sorting.Delete(ctx, h.admin, app.ChangeCategory{Slug: "b"}))

	for n := len(slugs()); n < domain.MaxCategories; n++ {
		h.category("c" + uuid.NewString())
	}
	_, err = sorting.Create(ctx, h.admin, domain.CategoryDraft{Slug: "one-more", Names: domain.Texts{"en": "x"}})
	require.ErrorIs(t, err, domain.ErrTooManyCategories)
}
