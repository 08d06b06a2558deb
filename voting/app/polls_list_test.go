package app_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/groups"
	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
)

func TestTheListShowsWhatTheCallerCanRead(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	chess, team := authz.CommunityScope(uuid.New()), authz.TeamScope(uuid.New())
	h.group(chess, chess.ID, groups.Active)
	h.group(team, uuid.New(), groups.Active)
	poll := func(title string, scope authz.Scope, v authz.Visibility, published bool) {
		h.clock.Advance(time.Minute)
		options := []int{1}
		if !published {
			options = nil
		}
		h.make(func(in *app.CreatePoll) {
			in.Poll.Title, in.Poll.Visibility = title, v
			if scope.Type != "" {
				in.ScopeType, in.ScopeID = scope.Type, scope.ID.String()
			}
		}, options...)
	}
	poll("draft", authz.Scope{}, authz.VisibilityPublic, false)
	poll("public", authz.Scope{}, authz.VisibilityPublic, true)
	poll("tenant's", authz.Scope{}, authz.VisibilityCommunity, true)
	poll("private", authz.Scope{}, authz.VisibilityPrivate, true)
	poll("event", authz.Scope{Type: domain.ScopeEvent, ID: uuid.New()}, authz.VisibilityPublic, true)
	poll("members", chess, authz.VisibilityCommunity, true)
	poll("guests", chess, authz.VisibilityPublic, true)
	poll("team", team, authz.VisibilityTeam, true)
	h.join(h.member, chess)
	h.access.TakeChecks()

	for name, c := range map[string]struct {
		caller authz.Actor
		in     app.ListPolls
		titles []string
		err    error
	}{
		"the maker":             {h.maker, app.ListPolls{}, []string{"team", "guests", "members", "event", "private", "tenant's", "public", "draft"}, nil},
		"an admin":              {h.admin, app.ListPolls{}, []string{"team", "guests", "members", "event", "private", "tenant's", "public", "draft"}, nil},
		"a member":              {h.member, app.ListPolls{}, []string{"guests", "members", "event", "tenant's", "public"}, nil},
		"of the tenant":         {h.member, app.ListPolls{ScopeType: authz.ScopeTenant}, []string{"tenant's", "public"}, nil},
		"of a community":        {h.member, app.ListPolls{ScopeType: chess.Type, ScopeID: chess.ID.String()}, []string{"guests", "members"}, nil},
		"of all communities":    {h.member, app.ListPolls{ScopeType: authz.ScopeCommunity}, []string{"guests", "members"}, nil},
		"of an empty scope":     {h.member, app.ListPolls{ScopeType: authz.ScopeTeam, ScopeID: uuid.NewString()}, nil, nil},
		"drafts of a member":    {h.member, app.ListPolls{Status: domain.StatusDraft}, nil, nil},
		"drafts of their maker": {h.maker, app.ListPolls{Status: domain.StatusDraft}, []string{"draft"}, nil},
		"a query":               {h.member, app.ListPolls{Query: "GUEST"}, []string{"guests"}, nil},
		"another tenant":        {h.member, app.ListPolls{ScopeType: authz.ScopeTenant, ScopeID: "other"}, nil, errs.New(errs.Invalid, "", "")},
	} {
		t.Run(name, func(t *testing.T) {
			c.in.Limit = 10
			page, err := h.polls.List(h.as(c.caller), c.caller, c.in)
			require.ErrorIs(t, err, c.err)
			var titles []string
			for _, item := range page.Items {
				titles = append(titles, item.Poll.Data().Title)
			}
			require.Equal(t, c.titles, titles)
			require.Equal(t, len(c.titles), page.Total)
			_, calls := h.access.TakeChecks()
			require.LessOrEqual(t, calls, 1, "one call to access, however many polls")
		})
	}
}

func TestListingWithoutTheRightToRead(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	chess := authz.CommunityScope(uuid.New())
	h.group(chess, chess.ID, groups.Active)
	h.make(func(in *app.CreatePoll) { in.ScopeType, in.ScopeID = chess.Type, chess.ID.String() }, 1)
	h.access.Revoke(h.member, domain.PermissionPollRead)
	_, err := h.polls.List(h.as(h.member), h.member, app.ListPolls{})
	require.ErrorIs(t, err, domain.ErrForbidden)
	h.access.Grant(h.member, chess, domain.PermissionPollRead)
	page, err := h.polls.List(h.as(h.member), h.member, app.ListPolls{})
	require.NoError(t, err, "there is a scope where the member may read")
	require.Equal(t, 1, page.Total)
	_, err = h.polls.List(h.as(h.member), h.member, app.ListPolls{ScopeType: authz.ScopeTenant})
	require.ErrorIs(t, err, domain.ErrForbidden)
}

func TestPagesOfTheList(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	voted := h.make(nil, 1)
	h.cast(h.member, voted, 0)
	h.cast(h.maker, voted, 0)
	for range 4 {
		h.clock.Advance(time.Minute)
		h.make(nil, 1)
	}
	for _, c := range []struct{ limit, offset, items, usedLimit, usedOffset int }{
		{2, 0, 2, 2, 0}, {2, 4, 1, 2, 4}, {0, -5, 1, 1, 0}, {1000, 0, 5, 100, 0}, {2, 100, 0, 2, 100},
	} {
		page, err := h.polls.List(h.as(h.member), h.member, app.ListPolls{Limit: c.limit, Offset: c.offset})
		require.NoError(t, err)
		require.Len(t, page.Items, c.items)
		require.Equal(t, [3]int{5, c.usedLimit, c.usedOffset}, [3]int{page.Total, page.Limit, page.Offset})
	}
	last, err := h.polls.List(h.as(h.member), h.member, app.ListPolls{Limit: 1, Offset: 4})
	require.NoError(t, err)
	require.EqualValues(t, 2, last.Items[0].Votes)
}

func TestInvalidListsAreRefused(t *testing.T) {
	t.Parallel()
	for _, in := range []app.ListPolls{{ScopeType: "PLANET"}, {ScopeID: "x"}, {Status: "open"}, {Query: string(make([]rune, 101))}} {
		require.Equal(t, errs.Invalid, errs.KindOf(in.Validate()))
	}
}

// Pages by cursor neither repeat nor miss polls when another poll is created in between.
func TestPagesByCursorDoNotRepeatPolls(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	var want []uuid.UUID
	for range 5 {
		want = append([]uuid.UUID{h.make(nil, 1).Poll.ID()}, want...)
		h.clock.Advance(time.Minute)
	}
	var got []uuid.UUID
	in := app.ListPolls{Limit: 2, Offset: 0}
	for {
		list, err := h.polls.List(h.as(h.member), h.member, in)
		require.NoError(t, err)
		for _, item := range list.Items {
			got = append(got, item.Poll.ID())
		}
		if list.Next == "" {
			break
		}
		in.Cursor = list.Next
		in.Offset = 7 // does not count beside a cursor
		h.make(nil, 1)
		h.clock.Advance(time.Minute)
	}
	require.Equal(t, want, got)
	_, err := h.polls.List(h.as(h.member), h.member, app.ListPolls{Cursor: "x"})
	require.Equal(t, errs.Invalid, errs.KindOf(err))
}
