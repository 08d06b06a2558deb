// Package portstest has the suites that every implementation of the ports must pass, and an implementation in memory.
package portstest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/reqctx"
)

// Store is what the suites test.
type Store struct {
	Items   ports.Items
	Readers ports.Readers
	Groups  groups.Store
	Tx      ports.Tx
}

// Suite runs the suites on stores that new makes.
func Suite(t *testing.T, fresh func(t *testing.T) Store) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, harness){
		"changes in any order":    anyOrder,
		"who sees what":           sight,
		"pages while others post": pages,
		"readers":                 readers,
		"tenants":                 tenants,
		"retention":               retention,
		"what is shown":           shown,
		"pages of groups":         groupedPages,
		"who is in a group":       groupsAndSight,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t, harness{fresh(t)}) })
	}
}

type harness struct{ Store }

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func in(tenant uuid.UUID) context.Context {
	return reqctx.With(context.Background(), reqctx.Context{TenantID: tenant})
}

func (h harness) do(t require.TestingT, tenant uuid.UUID, fn func(ctx context.Context) error) {
	require.NoError(t, h.Tx.Do(in(tenant), fn))
}

func (h harness) apply(t require.TestingT, tenant uuid.UUID, changes ...domain.Change) {
	h.do(t, tenant, func(ctx context.Context) error { return h.Items.Apply(ctx, changes...) })
}

func newItem(t require.TestingT, d domain.ItemData) domain.Item {
	if d.Type == "" {
		d.Type = domain.NewsPosted
	}
	if d.Scope.Type == "" {
		d.Scope = authz.TenantScope(d.TenantID)
	}
	if d.Visibility == "" {
		d.Visibility = authz.VisibilityPublic
	}
	if d.OccurredAt.IsZero() {
		d.OccurredAt = start
	}
	item, err := domain.NewItem(d)
	require.NoError(t, err)
	return item
}

func everything(tenant uuid.UUID) domain.Viewer {
	all := authz.AllowedScopes{Everywhere: true}
	return domain.Viewer{Actor: authz.Actor{Tenant: tenant, User: uuid.New()}, Feed: domain.Reach{Public: all, Community: all, Team: all}}
}

func (h harness) sources(t require.TestingT, viewer domain.Viewer, filter domain.Filter) []string {
	if len(filter.Types) == 0 {
		filter.Types = []domain.ItemType{domain.NewsPosted, domain.VoteCast, domain.PollOpened, domain.MemberJoined}
	}
	found, err := h.Items.Page(in(viewer.Actor.Tenant), viewer, filter, domain.Key{}, 1000)
	require.NoError(t, err)
	refs := make([]string, len(found))
	for i, item := range found {
		refs[i] = item.Data().SourceRef
	}
	n, err := h.Items.Count(in(viewer.Actor.Tenant), viewer, filter, 1000)
	require.NoError(t, err)
	require.Equal(t, len(refs), n, "what is counted is what is listed")
	return refs
}

// What is stored in the end is what domain.Change.After says, whatever the order, the repetitions and the batches.
func anyOrder(t *testing.T, h harness) {
	rapid.Check(t, func(rt *rapid.T) {
		tenant := uuid.New()
		var changes []domain.Change
		for i, minute := range rapid.SliceOfNDistinct(rapid.IntRange(0, 30), 1, 7, rapid.ID).Draw(rt, "times") {
			ref, at := rapid.SampledFrom([]string{"news:1", "news:2"}).Draw(rt, "source"), start.Add(time.Duration(minute)*time.Minute)
			if rapid.Bool().Draw(rt, "retract") {
				changes = append(changes, domain.Retract(tenant, ref, at))
				continue
			}
			changes = append(changes, domain.Put(newItem(rt, domain.ItemData{TenantID: tenant, SourceRef: ref, OccurredAt: at, Title: string(rune('a' + i))})))
		}
		told := rapid.Permutation(append(changes, changes[:rapid.IntRange(0, len(changes)).Draw(rt, "repeated")]...)).Draw(rt, "order")
		want := map[string]domain.Change{}
		for len(told) > 0 {
			batch := rapid.IntRange(1, len(told)).Draw(rt, "batch")
			h.apply(rt, tenant, told[:batch]...)
			told = told[batch:]
		}
		for _, change := range changes {
			ref := change.Item().Data().SourceRef
			if other, ok := want[ref]; !ok || change.Item().Data().ChangedAt.After(other.Item().Data().ChangedAt) {
				want[ref] = change
			}
		}
		shown := h.sources(rt, everything(tenant), domain.Filter{})
		for ref, change := range want {
			item, err := h.Items.BySource(in(tenant), ref)
			if change.Retracted() {
				require.ErrorIs(rt, err, domain.ErrItemNotFound)
				require.NotContains(rt, shown, ref)
				continue
			}
			require.NoError(rt, err)
			require.Positive(rt, item.Data().ID)
			require.Equal(rt, change.Item().Data().Title, item.Data().Title)
			require.Contains(rt, shown, ref)
		}
	})
}

// Lists and counts show what domain.Viewer.Sees says of an item and of the one that it is about.
func sight(t *testing.T, h harness) {
	rapid.Check(t, func(rt *rapid.T) {
		tenant, me, chess, garden := uuid.New(), uuid.New(), uuid.New(), uuid.New()
		teams := map[uuid.UUID]uuid.UUID{uuid.New(): chess, uuid.New(): garden}
		var teamIDs []uuid.UUID
		h.do(rt, tenant, func(ctx context.Context) error {
			for team, community := range teams {
				teamIDs = append(teamIDs, team)
				if err := h.Groups.Put(ctx, groups.Group{Scope: authz.TeamScope(team), Community: community, State: groups.Active}); err != nil {
					return err
				}
			}
			return nil
		})
		slices.SortFunc(teamIDs, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
		allowed := rapid.Custom(func(rt *rapid.T) authz.AllowedScopes {
			if rapid.IntRange(0, 4).Draw(rt, "everywhere") == 0 {
				return authz.AllowedScopes{Everywhere: true}
			}
			a := authz.AllowedScopes{Tenant: rapid.Bool().Draw(rt, "tenant")}
			if rapid.Bool().Draw(rt, "chess") {
				a.Communities = []uuid.UUID{chess}
			}
			if rapid.Bool().Draw(rt, "team") {
				a.Teams = []uuid.UUID{teamIDs[rapid.IntRange(0, 1).Draw(rt, "which")]}
			}
			return a
		})
		reach := func() domain.Reach {
			return domain.Reach{Public: allowed.Draw(rt, "public"), Community: allowed.Draw(rt, "community"), Team: allowed.Draw(rt, "team")}
		}
		viewer := domain.Viewer{Actor: authz.Actor{Tenant: tenant, User: me}, Feed: reach(), Sources: map[authz.Permission]domain.Reach{}}
		if rapid.Bool().Draw(rt, "polls") {
			viewer.Sources["voting.poll.read"] = reach()
		}
		scopes := []authz.Scope{authz.TenantScope(tenant), authz.CommunityScope(chess), authz.CommunityScope(garden), authz.TeamScope(teamIDs[0]), authz.TeamScope(teamIDs[1])}
		draw := func(ref, parent string, kind domain.ItemType) domain.Item {
			scope := rapid.SampledFrom(scopes).Draw(rt, "scope")
			visibility := rapid.SampledFrom([]authz.Visibility{authz.VisibilityPublic, authz.VisibilityCommunity, authz.VisibilityTeam, authz.VisibilityPrivate}).Draw(rt, "visibility")
			if !visibility.Fits(scope.Type).None() {
				visibility = authz.VisibilityPublic
			}
			return newItem(rt, domain.ItemData{
				TenantID: tenant, SourceRef: ref, Parent: parent, Type: kind, Scope: scope, Visibility: visibility,
				Actor: rapid.SampledFrom([]uuid.UUID{me, uuid.Nil, uuid.New()}).Draw(rt, "actor"), Target: rapid.SampledFrom([]uuid.UUID{me, uuid.Nil}).Draw(rt, "target"),
			})
		}
		sees := func(item domain.Item) bool { return viewer.Sees(item, teams[item.Data().Scope.ID]) }
		poll, vote, orphan, news := draw("poll:1", "", domain.PollOpened), draw("vote:1", "poll:1", domain.VoteCast), draw("vote:2", "poll:2", domain.VoteCast), draw("news:1", "", domain.NewsPosted)
		h.apply(rt, tenant, domain.Put(vote), domain.Put(news), domain.Put(poll), domain.Put(orphan))
		var want []string
		for _, item := range []domain.Item{news, orphan, poll} {
			if sees(item) {
				want = append(want, item.Data().SourceRef)
			}
		}
		if sees(vote) && sees(poll) {
			want = append(want, "vote:1")
		}
		require.ElementsMatch(rt, want, h.sources(rt, viewer, domain.Filter{}))

		h.apply(rt, tenant, domain.Retract(tenant, "poll:1", start.Add(time.Hour)))
		require.NotContains(rt, h.sources(rt, viewer, domain.Filter{}), "vote:1", "what it was about is gone")
		h.do(rt, tenant, func(ctx context.Context) error {
			return h.Groups.Put(ctx, groups.Group{Scope: authz.CommunityScope(chess), Community: chess, State: groups.Deleted})
		})
		for _, ref := range h.sources(rt, viewer, domain.Filter{}) {
			item, err := h.Items.BySource(in(tenant), ref)
			require.NoError(rt, err)
			require.False(rt, item.Data().Scope.ID == chess || teams[item.Data().Scope.ID] == chess, "its community is deleted")
		}
	})
}

// Pages neither skip nor repeat an item that was there when the first one was read, while others post, correct and retract.
func pages(t *testing.T, h harness) {
	rapid.Check(t, func(rt *rapid.T) {
		tenant := uuid.New()
		viewer, filter := everything(tenant), domain.Filter{Types: domain.DefaultTypes()}
		n := 0
		post := func() domain.Item {
			n++
			return newItem(rt, domain.ItemData{
				TenantID: tenant, SourceRef: "news:" + uuid.NewString(), OccurredAt: start.Add(time.Duration(rapid.IntRange(0, 5).Draw(rt, "minute")) * time.Minute),
			})
		}
		var there []domain.Change
		for range rapid.IntRange(0, 12).Draw(rt, "items") {
			there = append(there, domain.Put(post()))
		}
		h.apply(rt, tenant, there...)
		before := h.sources(rt, viewer, filter)
		var seen []string
		var after domain.Key
		gone := map[string]bool{}
		for {
			page, err := h.Items.Page(in(tenant), viewer, filter, after, rapid.IntRange(1, 4).Draw(rt, "limit"))
			require.NoError(rt, err)
			if len(page) == 0 {
				break
			}
			for _, item := range page {
				seen = append(seen, item.Data().SourceRef)
			}
			after = page[len(page)-1].Key()
			for range rapid.IntRange(0, 2).Draw(rt, "meanwhile") {
				h.apply(rt, tenant, domain.Put(post()))
			}
			if len(there) > 0 && rapid.Bool().Draw(rt, "correct") {
				d := rapid.SampledFrom(there).Draw(rt, "one").Item().Data()
				if rapid.Bool().Draw(rt, "retract") {
					gone[d.SourceRef] = true
					h.apply(rt, tenant, domain.Retract(tenant, d.SourceRef, start.Add(time.Hour)))
				} else if !gone[d.SourceRef] {
					d.ChangedAt, d.Title = start.Add(time.Minute*30), "corrected"
					h.apply(rt, tenant, domain.Put(newItem(rt, d)))
				}
			}
			if n > 60 {
				break
			}
		}
		once := slices.Clone(seen)
		slices.Sort(once)
		require.Len(rt, slices.Compact(once), len(seen), "an item is repeated")
		if n <= 60 {
			for _, ref := range before {
				require.True(rt, gone[ref] || slices.Contains(seen, ref), "an item is skipped")
			}
		}
	})
}

func readers(t *testing.T, h harness) {
	tenant, me := uuid.New(), uuid.New()
	ctx := in(tenant)
	_, ok, err := h.Readers.Subscription(ctx, me)
	require.NoError(t, err)
	require.False(t, ok)
	at, err := h.Readers.ReadTo(ctx, me)
	require.NoError(t, err)
	require.True(t, at.IsZero())

	first, scopes := domain.Subscription{Tenant: tenant, User: me, Scopes: []authz.Scope{}}, []authz.Scope{authz.TenantScope(tenant), authz.TeamScope(uuid.New())}
	h.do(t, tenant, func(ctx context.Context) (err error) {
		first, err = h.Readers.PutSubscription(ctx, first)
		return err
	})
	require.Positive(t, first.ID)
	h.do(t, tenant, func(ctx context.Context) error {
		again, err := h.Readers.PutSubscription(ctx, domain.Subscription{Tenant: tenant, User: me, Scopes: scopes})
		require.Equal(t, first.ID, again.ID)
		return err
	})
	found, ok, err := h.Readers.Subscription(ctx, me)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, domain.Subscription{ID: first.ID, Tenant: tenant, User: me, Scopes: scopes}, found)

	for _, minute := range []int{5, 3} {
		h.do(t, tenant, func(ctx context.Context) error {
			return h.Readers.MarkRead(ctx, me, start.Add(time.Duration(minute)*time.Minute))
		})
	}
	at, err = h.Readers.ReadTo(ctx, me)
	require.NoError(t, err)
	require.Equal(t, start.Add(5*time.Minute), at, "it never moves back")
}

func tenants(t *testing.T, h harness) {
	one, two := uuid.New(), uuid.New()
	h.apply(t, one, domain.Put(newItem(t, domain.ItemData{TenantID: one, SourceRef: "news:1", Title: "one"})))
	require.Empty(t, h.sources(t, everything(two), domain.Filter{}))
	_, err := h.Items.BySource(in(two), "news:1")
	require.ErrorIs(t, err, domain.ErrItemNotFound)
	h.apply(t, two, domain.Put(newItem(t, domain.ItemData{TenantID: two, SourceRef: "news:1", Title: "two"})))
	item, err := h.Items.BySource(in(one), "news:1")
	require.NoError(t, err)
	require.Equal(t, "one", item.Data().Title)
}

func retention(t *testing.T, h harness) {
	one, two := uuid.New(), uuid.New()
	at := func(tenant uuid.UUID, ref, parent string, day int) domain.Change {
		kind := domain.PollOpened
		if parent != "" {
			kind = domain.VoteCast
		}
		return domain.Put(newItem(t, domain.ItemData{TenantID: tenant, SourceRef: ref, Parent: parent, Type: kind, OccurredAt: start.AddDate(0, 0, day)}))
	}
	for _, tenant := range []uuid.UUID{one, two} {
		h.apply(t, tenant,
			at(tenant, "poll:old", "", 0), at(tenant, "poll:new", "", 10), at(tenant, "vote:new", "poll:new", 10),
			at(tenant, "poll:gone", "", 10), at(tenant, "vote:gone", "poll:gone", 11), domain.Retract(tenant, "poll:late", start.AddDate(0, 0, 20)), at(tenant, "vote:late", "poll:late", 11))
		h.apply(t, tenant, domain.Retract(tenant, "poll:gone", start.AddDate(0, 0, 12)))
	}
	require.NoError(t, h.Items.Forget(in(one), start.AddDate(0, 0, 5), start.AddDate(0, 0, 15)))
	for _, tenant := range []uuid.UUID{one, two} {
		require.ElementsMatch(t, []string{"poll:new", "vote:new"}, h.sources(t, everything(tenant), domain.Filter{}), "what was about a poll that is gone does not come back")
		h.apply(t, tenant, at(tenant, "poll:gone", "", 10), at(tenant, "poll:late", "", 10))
		require.ElementsMatch(t, []string{"poll:new", "vote:new", "poll:gone"}, h.sources(t, everything(tenant), domain.Filter{}), "retractions are remembered for a time")
	}
}
