package app_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	groupsapp "go.updspace.com/portal/groups/app"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
	"go.updspace.com/portal/ports/portstest"
)

// However many teams a community has, each is published once with it.
func TestEveryTeamIsPublishedWithItsCommunity(t *testing.T) {
	t.Parallel()
	for _, teams := range []int{0, groupsapp.MaxGroups - 1, groupsapp.MaxGroups, groupsapp.MaxGroups + 1} {
		h := open(1)
		admin := h.people[0]
		ctx := h.as(admin)
		made, err := h.groups.CreateCommunity(ctx, admin, groupsdomain.GroupDraft{Name: "Chess"})
		require.NoError(t, err)
		want := []uuid.UUID{made.Group.ID()}
		require.NoError(t, h.memory.Do(ctx, func(ctx context.Context) error {
			for i := range teams {
				team := portstest.NewTeam(t, admin, made.Group, groupsdomain.GroupDraft{Name: fmt.Sprint("team ", i)})
				require.NoError(t, h.memory.Groups().Add(ctx, team))
				owner := groupsdomain.UserMemberships{User: admin.User, Community: groupsdomain.GroupMembership{
					Group: made.Group, Membership: groupsdomain.RestoreMembership(groupsdomain.MembershipData{Role: groupsdomain.RoleOwner, Status: groupsdomain.MembershipActive}),
				}}
				for _, change := range owner.InitialMembers(team, h.clock.Now()) {
					require.NoError(t, h.memory.Memberships().Store(ctx, change.Membership))
				}
				want = append(want, team.ID())
			}
			return nil
		}))
		before := len(h.memory.GroupEvents().Published())
		_, err = h.groups.SetStatus(ctx, admin, made.Group.ID(), groupsdomain.StatusArchived)
		require.NoError(t, err)
		var archived []uuid.UUID
		for _, event := range h.memory.GroupEvents().Published()[before:] {
			e, ok := event.(groupsdomain.GroupEvent)
			require.True(t, ok)
			require.Equal(t, groupsdomain.Archived, e.Happened)
			archived = append(archived, e.Group.ID())
		}
		require.ElementsMatch(t, want, archived, "%d teams", teams)
	}
}

// stored is memberships of one tenant each, in the order of their keys.
type stored struct {
	groupsports.Memberships
	of map[uuid.UUID][]groupsdomain.Membership
}

func (s stored) Range(ctx context.Context, after groupsports.MembershipKey, limit int) ([]groupsdomain.Membership, error) {
	all := s.of[reqctx.From(ctx).TenantID]
	if i := slices.IndexFunc(all, func(m groupsdomain.Membership) bool { return m.Data().UserID == after.User }); i >= 0 {
		all = all[i+1:]
	}
	return all[:min(limit, len(all))], nil
}

type tenants []uuid.UUID

func (t tenants) All(context.Context) ([]uuid.UUID, error) { return t, nil }

// compared is an access that notes what is compared with it, and fails for one tenant.
type compared struct {
	groupsports.AccessSync
	ranges  map[uuid.UUID][]groupsports.MembershipRange
	failing uuid.UUID
}

func (c *compared) Reconcile(ctx context.Context, r groupsports.MembershipRange) (groupsports.Drift, error) {
	tenant := reqctx.From(ctx).TenantID
	if tenant == c.failing {
		return groupsports.Drift{}, errStorage
	}
	c.ranges[tenant] = append(c.ranges[tenant], r)
	return groupsports.Drift{Added: len(r.Memberships), Changed: 1, Removed: 2}, nil
}

// Whatever the number of memberships, each is compared once, in ranges without a gap between them, from the first to the open
// end; and a tenant that fails does not keep the others from it.
func TestReconciliationComparesEverything(t *testing.T) {
	t.Parallel()
	const size = 500
	for n, ranges := range map[int]int{0: 1, 1: 1, size - 1: 1, size: 2, size + 1: 2, 2 * size: 3} {
		failing, tenant, last := uuid.New(), uuid.New(), uuid.New()
		scope := authz.CommunityScope(uuid.New())
		all := make([]groupsdomain.Membership, n)
		for i := range all {
			all[i] = groupsdomain.RestoreMembership(groupsdomain.MembershipData{Scope: scope, CommunityID: scope.ID, UserID: uuid.New(), Role: groupsdomain.RoleMember})
		}
		access := &compared{ranges: map[uuid.UUID][]groupsports.MembershipRange{}, failing: failing}
		members := stored{of: map[uuid.UUID][]groupsdomain.Membership{tenant: all, last: all}}
		found, err := groupsapp.Reconciler{Tenants: tenants{failing, tenant, last}, Members: members, Sync: access}.Reconcile(t.Context())
		require.ErrorIs(t, err, errStorage)
		require.ErrorContains(t, err, failing.String())
		require.Equal(t, groupsports.Drift{Added: 2 * n, Changed: 2 * ranges, Removed: 4 * ranges}, found, "%d memberships", n)
		require.Equal(t, access.ranges[tenant], access.ranges[last])
		var seen []groupsdomain.Membership
		var until groupsports.MembershipKey
		for _, r := range access.ranges[tenant] {
			require.Equal(t, until, r.After, "no gap")
			seen, until = append(seen, r.Memberships...), r.Until
		}
		require.Equal(t, groupsports.MembershipKey{}, until, "the end is open")
		require.Len(t, seen, n)
		if n > 0 {
			require.Equal(t, all, seen)
		}
	}
}

// A reconciliation that is told to stop does not go on to the next tenant.
func TestReconciliationStops(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	access := &compared{ranges: map[uuid.UUID][]groupsports.MembershipRange{}}
	first, second := uuid.New(), uuid.New()
	stop()
	_, err := groupsapp.Reconciler{Tenants: tenants{first, second}, Members: stored{}, Sync: access}.Reconcile(ctx)
	require.NoError(t, err)
	require.Len(t, access.ranges, 1)
}

func TestInvalidListsAndInputsAreRefused(t *testing.T) {
	t.Parallel()
	long := string(slices.Repeat([]rune{'ш'}, 101))
	someone := uuid.New()
	for name, c := range map[string]struct {
		in    interface{ Validate() error }
		field string // that is refused, if any
	}{
		"any groups":               {groupsapp.ListGroups{Query: long[2:]}, ""},
		"archived groups":          {groupsapp.ListGroups{Status: groupsdomain.StatusArchived}, ""},
		"groups of no status":      {groupsapp.ListGroups{Status: "lost"}, "status"},
		"groups by a long text":    {groupsapp.ListGroups{Query: long}, "q"},
		"any members":              {groupsapp.ListMembers{Query: long[2:]}, ""},
		"owners":                   {groupsapp.ListMembers{Role: groupsdomain.RoleOwner}, ""},
		"members of no role":       {groupsapp.ListMembers{Role: "king"}, "role"},
		"members by a long text":   {groupsapp.ListMembers{Query: long}, "q"},
		"any join requests":        {groupsapp.ListJoinRequests{}, ""},
		"pending join requests":    {groupsapp.ListJoinRequests{Status: groupsdomain.RequestPending}, ""},
		"lost join requests":       {groupsapp.ListJoinRequests{Status: "lost"}, "status"},
		"a new member":             {groupsapp.AddMember{User: someone}, ""},
		"a new moderator":          {groupsapp.AddMember{User: someone, Role: groupsdomain.RoleModerator}, ""},
		"a new member of no role":  {groupsapp.AddMember{User: someone, Role: "king"}, "role"},
		"no user as a new member":  {groupsapp.AddMember{}, "user_id"},
		"an invitation":            {groupsapp.CreateInvite{User: someone}, ""},
		"an invitation of no user": {groupsapp.CreateInvite{}, "user_id"},
	} {
		err := c.in.Validate()
		if c.field == "" {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorContains(t, err, "; "+c.field+": ", name)
	}
}
