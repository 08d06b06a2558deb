package domain_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/libs/reqctx"
)

func newItem(t require.TestingT, edit func(*domain.ItemData)) domain.Item {
	tenant := uuid.MustParse("00000000-0000-0000-0000-000000000001")
	d := domain.ItemData{
		TenantID: tenant, SourceRef: "post:1", Type: domain.PostCreated, Actor: uuid.New(), OccurredAt: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		Title: "A post", Visibility: authz.VisibilityPublic, Scope: authz.TenantScope(tenant), Payload: map[string]any{"body": "x"},
	}
	edit(&d)
	item, err := domain.NewItem(d)
	require.NoError(t, err)
	return item
}

func same(*domain.ItemData) {}

func TestAnUpdateComparesTheItemsOfASource(t *testing.T) {
	item := newItem(t, same)
	other := func(edit func(*domain.ItemData)) *domain.Shown {
		d := item.Data()
		edit(&d)
		return new(domain.NewShown(domain.RestoreItem(d), nil))
	}
	poll := newItem(t, func(d *domain.ItemData) { d.SourceRef = "poll:1" })
	sight, it := []domain.Sight{item.Sight()}, new(domain.NewShown(item, nil))
	for name, c := range map[string]struct {
		before, after *domain.Shown
		want          *domain.Update // nil: nothing changed
	}{
		"nothing":        {},
		"the same":       {it, other(same), nil},
		"new":            {nil, it, &domain.Update{After: sight}},
		"gone":           {it, nil, &domain.Update{Before: sight}},
		"another title":  {it, other(func(d *domain.ItemData) { d.Title = "B" }), &domain.Update{Before: sight, After: sight, Fields: []string{"title"}}},
		"another link":   {it, other(func(d *domain.ItemData) { d.Link = "/b" }), &domain.Update{Before: sight, After: sight, Fields: []string{"title"}}},
		"another body":   {it, other(func(d *domain.ItemData) { d.Payload = map[string]any{"body": "y"} }), &domain.Update{Before: sight, After: sight, Fields: []string{"body"}}},
		"a field more":   {it, other(func(d *domain.ItemData) { d.Payload = map[string]any{"body": "x", "tags": 1} }), &domain.Update{Before: sight, After: sight, Fields: []string{"tags"}}},
		"a field less":   {it, other(func(d *domain.ItemData) { d.Payload = nil }), &domain.Update{Before: sight, After: sight, Fields: []string{"body"}}},
		"another time":   {it, other(func(d *domain.ItemData) { d.OccurredAt = d.OccurredAt.Add(1) }), &domain.Update{Before: sight, After: sight, Fields: []string{"status"}}},
		"about another":  {it, new(domain.NewShown(item, &poll)), &domain.Update{Before: sight, Fields: []string{"visibility"}}},
		"other audience": {it, other(func(d *domain.ItemData) { d.Visibility = authz.VisibilityPrivate }), &domain.Update{Before: sight, Fields: []string{"visibility"}}},
	} {
		got, changed := domain.NewUpdate(c.before, c.after)
		require.Equal(t, c.want != nil, changed, name)
		if c.want == nil {
			continue
		}
		if c.want.After == nil && c.after != nil {
			c.want.After = c.after.Sights
		}
		c.want.SourceRef, c.want.Type, c.want.OccurredAt = "post:1", domain.PostCreated, got.OccurredAt
		require.Equal(t, *c.want, got, name)
	}
}

// Asked about one item and many users, or about one user and many items: the answer is the same.
func TestChecksOfAnItemAreTheRuleOfSight(t *testing.T) {
	tenant, community, elsewhere, team := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	var access authztest.Access
	scopes := []authz.Scope{authz.TenantScope(tenant), authz.CommunityScope(community), authz.CommunityScope(elsewhere), authz.TeamScope(team)}
	permissions := []authz.Permission{domain.PermissionFeedRead, "voting.poll.read", "portal.posts.read"}
	access.SetMembership(tenant, accessclient.Membership{ // so that the team is known to be one of the community
		MembershipKey: accessclient.MembershipKey{Scope: authz.TeamScope(team), UserID: uuid.New()}, CommunityID: community, Role: accessclient.Member, Version: 1,
	})
	rapid.Check(t, func(draw *rapid.T) {
		user := uuid.New()
		by := authz.Actor{Tenant: tenant, User: user}
		for _, permission := range rapid.SliceOfDistinct(rapid.SampledFrom(permissions), rapid.ID).Draw(draw, "permissions") {
			access.Grant(by, rapid.SampledFrom(scopes).Draw(draw, "scope"), permission)
		}
		for i, scope := range scopes[1:] {
			if !rapid.Bool().Draw(draw, "member") {
				continue
			}
			in := []uuid.UUID{community, elsewhere, community}[i]
			access.SetMembership(tenant, accessclient.Membership{
				MembershipKey: accessclient.MembershipKey{Scope: scope, UserID: user}, CommunityID: in, Role: accessclient.Member, Version: 1,
			})
		}
		item := newItem(draw, func(d *domain.ItemData) {
			d.TenantID, d.Scope = tenant, rapid.SampledFrom(scopes).Draw(draw, "of")
			d.Type = rapid.SampledFrom([]domain.ItemType{domain.PostCreated, domain.VoteCast, domain.NewsPosted}).Draw(draw, "type")
			var fitting []authz.Visibility
			for _, v := range []authz.Visibility{authz.VisibilityPublic, authz.VisibilityCommunity, authz.VisibilityTeam, authz.VisibilityPrivate} {
				if v.Fits(d.Scope.Type).None() {
					fitting = append(fitting, v)
				}
			}
			d.Visibility = rapid.SampledFrom(fitting).Draw(draw, "visibility")
			d.Actor, d.Target = rapid.SampledFrom([]uuid.UUID{user, uuid.New()}).Draw(draw, "actor"), rapid.SampledFrom([]uuid.UUID{user, uuid.Nil}).Draw(draw, "target")
		})
		ctx := reqctx.With(context.Background(), reqctx.Context{TenantID: tenant, UserID: user})
		answers, err := access.AllowedScopes(ctx, domain.ViewerQueries())
		require.NoError(draw, err)
		viewer, err := domain.NewViewer(by, answers)
		var of uuid.UUID
		if item.Data().Scope.Type == authz.ScopeTeam {
			of = community
		}
		want := err == nil && viewer.Sees(item, of)
		got := item.Sight().Names(user)
		for _, check := range item.Sight().Checks() {
			allowed, err := access.AllowedUsers(reqctx.With(context.Background(), reqctx.Context{TenantID: tenant}), check, []uuid.UUID{user})
			require.NoError(draw, err)
			got = got && len(allowed) == 1
		}
		require.Equal(draw, want, got)
	})
}

func TestASightIsWithinItsScopes(t *testing.T) {
	scopes := []authz.Scope{authz.TenantScope(uuid.New()), authz.CommunityScope(uuid.New()), authz.CommunityScope(uuid.New()), authz.TeamScope(uuid.New())}
	tenant, community, other, team := scopes[0], scopes[1], scopes[2], scopes[3]
	for name, c := range map[string]struct {
		sight domain.Sight
		of    []int // of tenant, community, other, team
	}{
		"tenant":             {domain.Sight{Scope: tenant}, []int{0}},
		"community":          {domain.Sight{Scope: community}, []int{0, 1}},
		"team":               {domain.Sight{Scope: team, Community: community.ID}, []int{0, 1, 3}},
		"team of an unknown": {domain.Sight{Scope: team}, []int{0, 3}},
		"team of another":    {domain.Sight{Scope: team, Community: other.ID}, []int{0, 2, 3}},
	} {
		require.True(t, c.sight.Within(nil), name)
		var of []int
		for i, scope := range scopes {
			if c.sight.Within([]authz.Scope{scope}) {
				of = append(of, i)
			}
		}
		require.Equal(t, c.of, of, name)
	}
}
