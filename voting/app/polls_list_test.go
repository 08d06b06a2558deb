package app_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
)

func TestTheListShowsWhatOneSees(t *testing.T) {
	h := open(t)
	chess, team := domain.Scope{Type: domain.ScopeCommunity, ID: "chess"}, domain.Scope{Type: domain.ScopeTeam, ID: "a"}
	poll := func(title string, scope domain.Scope, v domain.Visibility, published bool) {
		h.clock.Advance(time.Minute)
		options := []int{1}
		if !published {
			options = nil
		}
		h.make(func(in *app.CreatePoll) {
			in.Poll.Title, in.Poll.Visibility = title, v
			if scope.Type != "" {
				in.ScopeType, in.ScopeID = scope.Type, scope.ID
			}
		}, options...)
	}
	poll("draft", domain.Scope{}, domain.VisibilityPublic, false)
	poll("public", domain.Scope{}, domain.VisibilityPublic, true)
	poll("tenant's", domain.Scope{}, domain.VisibilityCommunity, true)
	poll("private", domain.Scope{}, domain.VisibilityPrivate, true)
	poll("event", domain.Scope{Type: domain.ScopeEvent, ID: "e"}, domain.VisibilityPublic, true)
	poll("members", chess, domain.VisibilityCommunity, true)
	poll("guests", chess, domain.VisibilityPublic, true)
	poll("team", team, domain.VisibilityTeam, true)
	h.access.Join(h.member.User, chess)
	h.access.Asked()

	for name, c := range map[string]struct {
		caller domain.Actor
		in     app.ListPolls
		titles []string
		err    error
	}{
		"the maker":             {h.maker, app.ListPolls{}, []string{"team", "guests", "members", "event", "private", "tenant's", "public", "draft"}, nil},
		"an admin":              {h.admin, app.ListPolls{}, []string{"team", "guests", "members", "event", "private", "tenant's", "public", "draft"}, nil},
		"a member":              {h.member, app.ListPolls{}, []string{"guests", "members", "event", "tenant's", "public"}, nil},
		"of the tenant":         {h.member, app.ListPolls{ScopeType: domain.ScopeTenant}, []string{"tenant's", "public"}, nil},
		"of a community":        {h.member, app.ListPolls{ScopeType: chess.Type, ScopeID: chess.ID}, []string{"guests", "members"}, nil},
		"of all communities":    {h.member, app.ListPolls{ScopeType: domain.ScopeCommunity}, []string{"guests", "members"}, nil},
		"of an empty scope":     {h.member, app.ListPolls{ScopeType: domain.ScopeTeam, ScopeID: "b"}, nil, nil},
		"drafts of a member":    {h.member, app.ListPolls{Status: domain.StatusDraft}, nil, nil},
		"drafts of their maker": {h.maker, app.ListPolls{Status: domain.StatusDraft}, []string{"draft"}, nil},
		"words":                 {h.member, app.ListPolls{Words: "GUEST"}, []string{"guests"}, nil},
		"another tenant":        {h.member, app.ListPolls{ScopeType: domain.ScopeTenant, ScopeID: "other"}, nil, errs.New(errs.Invalid, "", "")},
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
			_, calls := h.access.Asked()
			require.LessOrEqual(t, calls, 1, "one question to access, however many polls")
		})
	}
}

func TestListingWithoutTheRightToRead(t *testing.T) {
	h := open(t)
	chess := domain.Scope{Type: domain.ScopeCommunity, ID: "chess"}
	h.make(func(in *app.CreatePoll) { in.ScopeType, in.ScopeID = chess.Type, chess.ID }, 1)
	h.access.Revoke(h.member.User, domain.PermissionPollRead)
	_, err := h.polls.List(h.as(h.member), h.member, app.ListPolls{})
	require.ErrorIs(t, err, domain.ErrForbidden)
	h.access.Grant(h.member.User, []domain.Permission{domain.PermissionPollRead}, chess)
	page, err := h.polls.List(h.as(h.member), h.member, app.ListPolls{})
	require.NoError(t, err, "there is a scope where he may")
	require.Equal(t, 1, page.Total)
	_, err = h.polls.List(h.as(h.member), h.member, app.ListPolls{ScopeType: domain.ScopeTenant})
	require.ErrorIs(t, err, domain.ErrForbidden)
}

func TestPagesOfTheList(t *testing.T) {
	h := open(t)
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

func TestWhatAListCannotBeAskedFor(t *testing.T) {
	for _, in := range []app.ListPolls{{ScopeType: "PLANET"}, {ScopeID: "x"}, {Status: "open"}, {Words: string(make([]rune, 101))}} {
		require.Equal(t, errs.Invalid, errs.KindOf(in.Validate()))
	}
}
