package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/app"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
)

func (h *fixture) grant(by authz.Actor, achievement uuid.UUID, draft domain.GrantDraft) (domain.Grant, bool, error) {
	h.t.Helper()
	return h.granting().Create(h.as(by), by, achievement, draft)
}

// granted is a grant to a member that must be made.
func (h *fixture) granted(achievement, recipient uuid.UUID, visibility ...domain.GrantVisibility) domain.Grant {
	h.t.Helper()
	draft := domain.GrantDraft{Recipient: recipient}
	if len(visibility) > 0 {
		draft.Visibility = visibility[0]
	}
	grant, created, err := h.grant(h.admin, achievement, draft)
	require.NoError(h.t, err)
	require.True(h.t, created)
	return grant
}

func rules(r domain.Rules) func(*app.CreateAchievement) {
	return func(in *app.CreateAchievement) { in.Draft.Rules = r }
}

func TestAGrantNeedsItsPermissionAndAPublishedAchievement(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	shown, draft := h.made(h.admin, published), h.made(h.admin)
	to := domain.GrantDraft{Recipient: h.member.User}
	_, _, err := h.grant(h.maker, shown.ID(), to)
	denied(t, domain.PermissionAssign, err)
	_, _, err = h.grant(h.maker, draft.ID(), to)
	require.ErrorIs(t, err, domain.ErrAchievementNotFound)
	_, _, err = h.grant(h.admin, draft.ID(), to)
	require.ErrorIs(t, err, domain.ErrNotPublished)
	h.grants.strangers[h.maker.User] = true
	for _, recipient := range []uuid.UUID{h.admin.User, h.maker.User} { // oneself, and who is no member
		_, _, err = h.grant(h.admin, shown.ID(), domain.GrantDraft{Recipient: recipient})
		require.Equal(t, errs.Invalid, errs.KindOf(err))
		require.ErrorContains(t, err, "recipient_id")
	}
	require.Empty(t, told[domain.GrantCreated](h))

	first, created, err := h.grant(h.admin, shown.ID(), domain.GrantDraft{Recipient: h.member.User, Reason: "Thanks"})
	require.NoError(t, err)
	require.True(t, created)
	again, created, err := h.grant(h.admin, shown.ID(), domain.GrantDraft{Recipient: h.member.User, Reason: "Once more"})
	require.NoError(t, err)
	require.False(t, created)
	require.Equal(t, first, again)
	require.Len(t, told[domain.GrantCreated](h), 1)
	require.Equal(t, 1, strings.Count(strings.Join(h.journal(), " "), "grant.created"))
}

// A grant whose time is over is ended before a new one is made.
func TestAnExpiredGrantMakesRoom(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	a := h.made(h.admin, published, rules(domain.Rules{ExpiresAfterDays: 1}))
	first := h.granted(a.ID(), h.member.User)
	h.clock.Advance(24*time.Hour - time.Second)
	_, created, err := h.grant(h.admin, a.ID(), domain.GrantDraft{Recipient: h.member.User})
	require.NoError(t, err)
	require.False(t, created)
	h.clock.Advance(time.Second)
	second := h.granted(a.ID(), h.member.User)
	require.NotEqual(t, first.ID(), second.ID())
	stored, err := h.deps.Grants.Find(h.as(h.admin), first.ID())
	require.NoError(t, err)
	require.True(t, stored.Ended())
}

// Lines of a list are decided one after another: what was granted before in the list counts for the limits of the next.
func TestALineOfAListCountsForTheNext(t *testing.T) {
	t.Parallel()
	people := make([]uuid.UUID, 4)
	for i := range people {
		people[i] = uuid.New()
	}
	outcomes := func(report []app.LineReport) (list []string) {
		for _, line := range report {
			text := string(line.Outcome)
			if line.Code != "" {
				text += " " + line.Code
			}
			list = append(list, text)
		}
		return list
	}
	for name, c := range map[string]struct {
		rules domain.Rules
		want  []string
	}{
		"limited":     {domain.Rules{Kind: domain.KindLimited, MaxGrants: 2}, []string{"granted", "granted", "refused NO_GRANTS_LEFT", "refused NO_GRANTS_LEFT"}},
		"daily limit": {domain.Rules{IssuerDailyLimit: 3}, []string{"granted", "granted", "granted", "refused RATE_LIMITED"}},
		"no limit":    {domain.Rules{}, []string{"granted", "granted", "granted", "granted"}},
	} {
		for _, dry := range []bool{true, false} {
			h := newFixture(t)
			a := h.made(h.admin, published, rules(c.rules))
			report, err := h.granting().CreateMany(h.as(h.admin), h.admin, app.GrantMany{Achievement: a.ID(), Recipients: people, Reason: "For all", DryRun: dry})
			require.NoError(t, err)
			require.Equal(t, c.want, outcomes(report), name)
			events := told[domain.GrantCreated](h)
			require.Equal(t, 1, h.grants.asked, "one question for all")
			if dry {
				require.Empty(t, events)
				require.Equal(t, uuid.Nil, report[0].Grant)
				continue
			}
			require.Len(t, events, strings.Count(strings.Join(c.want, " "), "granted"))
			require.Equal(t, events[0].Grant.ID(), report[0].Grant)
			require.Equal(t, "For all", events[0].Grant.Data().Reason)
		}
	}
}

func TestLinesThatCannotBeGrantedSayWhy(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	a := h.made(h.admin, published)
	held := h.granted(a.ID(), h.maker.User)
	stranger, lacking := uuid.New(), uuid.New()
	h.grants.strangers[stranger], h.grants.missing[lacking] = true, true
	table := strings.Join([]string{
		"user_id;reason", h.member.User.String() + ";The best", h.member.User.String() + ";again", "mika", h.maker.User.String(), stranger.String(), lacking.String(), h.admin.User.String(),
		uuid.NewString() + ";" + strings.Repeat("x", 1001),
	}, "\n")
	report, err := h.granting().CreateMany(h.as(h.admin), h.admin, app.GrantMany{Achievement: a.ID(), Table: table, Reason: "For all"})
	require.NoError(t, err)
	var got []string
	for _, line := range report {
		got = append(got, string(line.Outcome)+" "+line.Code)
	}
	require.Equal(t, []string{
		"granted ", "refused DUPLICATE", "refused INVALID_FORMAT", "held ", "refused NOT_FOUND", "refused PREREQUISITES_MISSING", "refused NOT_ALLOWED", "refused TOO_LONG",
	}, got)
	require.Equal(t, held.ID(), report[3].Grant)
	require.Equal(t, "The best", told[domain.GrantCreated](h)[1].Grant.Data().Reason)
	require.Contains(t, report[4].Message, "recipient_id")
	require.Equal(t, []int{2, 3, 4}, []int{report[0].Line, report[1].Line, report[2].Line})
}

// A list names its members in one way, and a repeated request makes no second grant.
func TestListsOfMembers(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	a, draft := h.made(h.admin, published), h.made(h.admin)
	ids := func(n int) []uuid.UUID {
		list := make([]uuid.UUID, n)
		for i := range list {
			list[i] = uuid.New()
		}
		return list
	}
	try := func(by authz.Actor, in app.GrantMany) error {
		_, err := h.granting().CreateMany(h.as(by), by, in)
		return err
	}
	for _, in := range []app.GrantMany{
		{}, {Table: "x", Recipients: ids(1)}, {Table: "x", Event: uuid.New()}, {Recipients: ids(1), Event: uuid.New()}, {Recipients: ids(domain.MaxGrantLines + 1)},
	} {
		in.Achievement = a.ID()
		err := try(h.admin, in)
		require.Equal(t, errs.Invalid, errs.KindOf(err))
		require.ErrorContains(t, err, "recipient_ids")
	}
	require.NoError(t, try(h.admin, app.GrantMany{Achievement: a.ID(), Recipients: ids(domain.MaxGrantLines), DryRun: true}))
	require.ErrorIs(t, try(h.admin, app.GrantMany{Achievement: draft.ID(), Recipients: ids(1)}), domain.ErrNotPublished)
	denied(t, domain.PermissionAssign, try(h.maker, app.GrantMany{Achievement: a.ID(), Recipients: ids(1)}))

	ctx, in := h.as(h.admin), app.GrantMany{Achievement: a.ID(), Recipients: ids(150)}
	first, err := h.granting().CreateMany(ctx, h.admin, in)
	require.NoError(t, err)
	again, err := h.granting().CreateMany(ctx, h.admin, in)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Len(t, told[domain.GrantCreated](h), 150)
}

func TestARevocationIsMadeOnce(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	a := h.made(h.admin, published)
	public, private := h.granted(a.ID(), h.member.User), h.granted(a.ID(), h.maker.User, domain.GrantPrivate)
	revoke := func(by authz.Actor, id uuid.UUID, reason string) (domain.Grant, error) {
		return h.granting().Revoke(h.as(by), by, id, reason)
	}
	_, err := revoke(h.member, public.ID(), "")
	denied(t, domain.PermissionRevoke, err)
	_, err = revoke(h.maker, private.ID(), "") // the recipient knows of it
	denied(t, domain.PermissionRevoke, err)
	_, err = revoke(h.member, private.ID(), "")
	require.ErrorIs(t, err, domain.ErrGrantNotFound)
	_, err = revoke(h.actor(domain.PermissionRead, domain.PermissionViewPrivate), private.ID(), "")
	denied(t, domain.PermissionRevoke, err)
	_, err = revoke(h.actor(domain.PermissionRevoke), public.ID(), "")
	require.ErrorIs(t, err, domain.ErrGrantNotFound, "without the right to read")
	_, err = revoke(h.admin, uuid.New(), "")
	require.ErrorIs(t, err, domain.ErrGrantNotFound)
	_, err = revoke(h.admin, public.ID(), strings.Repeat("x", 1001))
	require.ErrorContains(t, err, "reason")
	require.Empty(t, told[domain.GrantRevoked](h))

	revoked, err := revoke(h.admin, public.ID(), "By mistake")
	require.NoError(t, err)
	require.Equal(t, "By mistake", revoked.Data().RevokeReason)
	h.clock.Advance(time.Hour)
	same, err := revoke(h.admin, public.ID(), "Again")
	require.NoError(t, err)
	require.Equal(t, revoked, same)
	require.Len(t, told[domain.GrantRevoked](h), 1)
	require.Equal(t, 1, strings.Count(strings.Join(h.journal(), " "), "grant.revoked"))
}

func TestWhoListsWhichGrants(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	a := h.made(h.admin, published)
	h.granted(a.ID(), h.member.User)
	h.clock.Advance(time.Second)
	h.granted(a.ID(), h.maker.User, domain.GrantPrivate)
	ended := h.granted(a.ID(), uuid.New())
	_, err := h.granting().Revoke(h.as(h.admin), h.admin, ended.ID(), "")
	require.NoError(t, err)
	list := func(by authz.Actor, in app.ListGrants) (recipients []uuid.UUID) {
		in.Achievement = a.ID()
		found, err := h.granting().List(h.as(by), by, in)
		require.NoError(t, err)
		for _, g := range found.Items {
			recipients = append(recipients, g.Data().RecipientID)
		}
		return recipients
	}
	require.Equal(t, []uuid.UUID{h.member.User}, list(h.member, app.ListGrants{}))
	require.Equal(t, []uuid.UUID{h.maker.User, h.member.User}, list(h.maker, app.ListGrants{}), "the own private one, too")
	require.Len(t, list(h.admin, app.ListGrants{}), 2)
	require.Len(t, list(h.admin, app.ListGrants{Ended: true}), 3)
	require.Equal(t, []uuid.UUID{h.maker.User}, list(h.admin, app.ListGrants{Visibility: domain.GrantPrivate}))
	_, err = h.granting().List(h.as(h.member), h.member, app.ListGrants{Achievement: a.ID(), Ended: true})
	denied(t, domain.PermissionViewPrivate, err)

	first, err := h.granting().List(h.as(h.admin), h.admin, app.ListGrants{Achievement: a.ID(), Page: page.Request{Limit: 1}})
	require.NoError(t, err)
	require.NotEmpty(t, first.Next)
	rest, err := h.granting().List(h.as(h.admin), h.admin, app.ListGrants{Achievement: a.ID(), Page: page.Request{Limit: 1, Cursor: first.Next}})
	require.NoError(t, err)
	require.Empty(t, rest.Next)
	other := h.made(h.admin, published)
	_, err = h.granting().List(h.as(h.admin), h.admin, app.ListGrants{Achievement: other.ID(), Page: page.Request{Cursor: first.Next}})
	require.Equal(t, errs.Invalid, errs.KindOf(err), "a cursor of another achievement")

	of := func(by authz.Actor, user uuid.UUID) int {
		found, err := h.granting().ListOf(h.as(by), by, user, page.Request{})
		require.NoError(t, err)
		for _, item := range found.Items {
			require.Equal(t, a.ID(), item.Achievement.ID())
		}
		return len(found.Items)
	}
	require.Equal(t, []int{1, 0, 1, 1}, []int{of(h.member, h.member.User), of(h.member, h.maker.User), of(h.maker, h.maker.User), of(h.admin, h.maker.User)})
}

func TestPinsAreOwnPublicGrants(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	a := h.made(h.admin, published, rules(domain.Rules{Kind: domain.KindRepeatable}))
	var own []uuid.UUID
	for range domain.MaxPins + 1 {
		own = append(own, h.granted(a.ID(), h.member.User).ID())
	}
	pin := func(ids ...uuid.UUID) error { return h.granting().Pin(h.as(h.member), h.member, ids) }
	private, others, ended := h.granted(a.ID(), h.member.User, domain.GrantPrivate), h.granted(a.ID(), h.maker.User), h.granted(a.ID(), h.member.User)
	_, err := h.granting().Revoke(h.as(h.admin), h.admin, ended.ID(), "")
	require.NoError(t, err)
	for name, ids := range map[string][]uuid.UUID{
		"too many": own, "twice": {own[0], own[0]}, "private": {private.ID()}, "of another": {others.ID()}, "ended": {ended.ID()}, "none": {uuid.New()},
	} {
		err := pin(ids...)
		require.Equal(t, errs.Invalid, errs.KindOf(err), name)
		require.ErrorContains(t, err, "grant_ids", name)
		require.Empty(t, h.grants.pinned, name)
	}
	chosen := slices.Clone(own[1:])
	slices.Reverse(chosen)
	require.NoError(t, pin(chosen...))
	require.Equal(t, chosen, h.grants.pinned)
	shown, err := h.granting().ListPinned(h.as(h.maker), h.maker, h.member.User)
	require.NoError(t, err)
	require.Len(t, shown, domain.MaxPins)
	require.Equal(t, a.ID(), shown[0].Achievement.ID())
	stranger := h.actor()
	denied(t, domain.PermissionRead, h.granting().Pin(h.as(stranger), stranger, nil))
}
