package portstest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/authz"
)

// In a grouped feed, votes in one poll are one item, at the place of the latest. Pages neither skip nor repeat a group or an item while others vote
// and post, and count those who had voted when the first page was read.
func groupedPages(t *testing.T, h harness) {
	rapid.Check(t, func(rt *rapid.T) {
		tenant := uuid.New()
		viewer := everything(tenant)
		members := []uuid.UUID{uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New()}
		n := 0
		draw := func() domain.Item {
			n++
			d := domain.ItemData{TenantID: tenant, SourceRef: fmt.Sprintf("news:%d", n), OccurredAt: start.Add(time.Duration(rapid.IntRange(0, 9).Draw(rt, "minute")) * time.Minute)}
			if poll := rapid.IntRange(0, 3).Draw(rt, "poll"); poll > 0 {
				d.SourceRef, d.Type, d.Parent = fmt.Sprintf("vote:%d", n), domain.VoteCast, fmt.Sprintf("poll:%d", poll)
				d.Actor = rapid.SampledFrom(members).Draw(rt, "member")
			}
			return newItem(rt, d)
		}
		var all []domain.Item
		for range rapid.IntRange(0, 14).Draw(rt, "items") {
			item := draw()
			h.apply(rt, tenant, domain.Put(item))
			stored, err := h.Items.BySource(in(tenant), item.Data().SourceRef)
			require.NoError(rt, err)
			all = append(all, stored)
		}
		slices.SortFunc(all, func(a, b domain.Item) int { return compare(a.Key(), b.Key()) })
		var want []string
		voters := map[domain.GroupKey][]uuid.UUID{}
		for _, item := range all {
			key := item.GroupKey()
			if _, known := voters[key]; !known || key == (domain.GroupKey{}) {
				want = append(want, item.Data().SourceRef)
			}
			if !slices.Contains(voters[key], item.Data().Actor) {
				voters[key] = append(voters[key], item.Data().Actor)
			}
		}
		last, err := h.Items.LastID(in(tenant))
		require.NoError(rt, err)
		filter := domain.Filter{Types: domain.DefaultTypes(), Grouped: true, Until: last}
		var got []string
		for after := (domain.Key{}); ; {
			page, err := h.Items.Page(in(tenant), viewer, filter, after, rapid.IntRange(1, 3).Draw(rt, "limit"))
			require.NoError(rt, err)
			if len(page) == 0 {
				break
			}
			var keys []domain.GroupKey
			for _, item := range page {
				got = append(got, item.Data().SourceRef)
				if key := item.GroupKey(); key != (domain.GroupKey{}) {
					keys = append(keys, key)
				}
			}
			groups, err := h.Items.Groups(in(tenant), viewer, filter, keys)
			require.NoError(rt, err)
			for _, key := range keys {
				of := voters[key]
				if len(of) == 1 {
					require.NotContains(rt, groups, key, "one member is no group")
					continue
				}
				require.Equal(rt, len(of), groups[key].Count)
				require.Len(rt, groups[key].Actors, min(len(of), domain.MaxGroupActors))
				require.Subset(rt, of, groups[key].Actors)
			}
			after = page[len(page)-1].Key()
			for range rapid.IntRange(0, 2).Draw(rt, "meanwhile") {
				h.apply(rt, tenant, domain.Put(draw()))
			}
		}
		require.Equal(rt, want, got)
	})
}

// What the viewer does not see is in no group: neither its latest item nor counted.
func groupsAndSight(t *testing.T, h harness) {
	tenant, chess, others := uuid.New(), uuid.New(), []uuid.UUID{uuid.New(), uuid.New(), uuid.New()}
	vote := func(n int, actor uuid.UUID, visibility authz.Visibility) domain.Change {
		return domain.Put(newItem(t, domain.ItemData{
			TenantID: tenant, SourceRef: fmt.Sprintf("vote:%d", n), Type: domain.VoteCast, Parent: "poll:1", Actor: actor, OccurredAt: start.Add(time.Duration(n) * time.Minute),
			Scope: authz.CommunityScope(chess), Visibility: visibility,
		}))
	}
	h.apply(t, tenant, vote(1, others[0], authz.VisibilityPublic), vote(2, others[1], authz.VisibilityPublic), vote(3, others[0], authz.VisibilityPublic),
		vote(4, others[2], authz.VisibilityCommunity))
	viewer := everything(tenant)
	viewer.Feed.Community = authz.AllowedScopes{}
	filter := domain.Filter{Types: domain.DefaultTypes(), Grouped: true, Until: 1 << 40}
	page := func(viewer domain.Viewer, filter domain.Filter) (refs []string, group domain.Group) {
		found, err := h.Items.Page(in(tenant), viewer, filter, domain.Key{}, 10)
		require.NoError(t, err)
		key := domain.GroupKey{Type: domain.VoteCast, Parent: "poll:1"}
		groups, err := h.Items.Groups(in(tenant), viewer, filter, []domain.GroupKey{key, {Type: domain.VoteCast, Parent: "poll:2"}})
		require.NoError(t, err)
		for _, item := range found {
			refs = append(refs, item.Data().SourceRef)
		}
		return refs, groups[key]
	}
	refs, group := page(viewer, filter)
	require.Equal(t, []string{"vote:3"}, refs)
	require.Equal(t, domain.Group{Count: 2, Actors: []uuid.UUID{others[0], others[1]}}, group, "the latest first")
	refs, group = page(everything(tenant), filter)
	require.Equal(t, []string{"vote:4"}, refs)
	require.Equal(t, 3, group.Count)
	filter.To = start.Add(2 * time.Minute)
	refs, group = page(everything(tenant), filter)
	require.Equal(t, []string{"vote:2"}, refs, "of what the filter lets through")
	require.Equal(t, 2, group.Count)
}
