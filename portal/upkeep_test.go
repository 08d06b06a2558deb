package portal_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/testkit"
	"go.updspace.com/portal"
	store "go.updspace.com/portal/adapters/pg"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
	"go.updspace.com/portal/ports/portstest"
)

// Whatever became of what access knows, the operator's command puts it right.
func TestReconcile(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	team := s.team(c.ID, portalapi.JoinPolicyInvite)
	s.put(c.ID, s.member, portalapi.MyRoleMember)
	s.access.Deaf(true)
	s.put(c.ID, s.member, portalapi.MyRoleModerator)
	missed := s.colleague()
	s.put(c.ID, missed, portalapi.MyRoleMember)
	s.access.Deaf(false)
	s.access.Forget(domain.TeamScope(team.ID), s.owner.User)
	ghost := membership("COMMUNITY", c.ID, c.ID, uuid.New(), "owner", true, 7)
	s.access.Imagine(ghost)

	require.NoError(t, portal.Reconcile(t.Context(), s.cfg))
	require.Equal(t, map[ports.WalkKey]domain.Role{
		{Scope: domain.CommunityScope(c.ID), User: s.owner.User}:  domain.RoleOwner,
		{Scope: domain.CommunityScope(c.ID), User: s.member.User}: domain.RoleModerator,
		{Scope: domain.CommunityScope(c.ID), User: missed.User}:   domain.RoleMember,
		{Scope: domain.TeamScope(team.ID), User: s.owner.User}:    domain.RoleOwner,
	}, s.access.Known())

	s.access.Away(portstest.Away)
	require.Error(t, portal.Reconcile(t.Context(), s.cfg))
	require.Equal(t, "reconcile", portal.Commands()[0].Name)
}

// A running service does so by itself, and says what it found in its log.
func TestUpkeepRunsByItself(t *testing.T) {
	var log lockedBuffer
	s := start(t, func(c *portal.Config) { c.Upkeep, c.Log = 20*time.Millisecond, &log })
	s.access.Deaf(true)
	c := s.community(portalapi.JoinPolicyInvite)
	require.Eventually(t, func() bool {
		return s.access.Known()[ports.WalkKey{Scope: domain.CommunityScope(c.ID), User: s.owner.User}] == domain.RoleOwner
	}, time.Minute, time.Millisecond)
	require.Eventually(t, func() bool { return strings.Contains(log.String(), "access had memberships wrong") }, time.Minute, time.Millisecond)
}

// The journal keeps its entries for a year, and no longer.
func TestOldEntriesOfTheJournalGo(t *testing.T) {
	s := start(t, func(c *portal.Config) { c.Upkeep = 20 * time.Millisecond })
	db := testkit.OpenDB(t, s.database)
	write := func(age time.Duration) uuid.UUID {
		by := s.admin
		e := domain.NewEntry(by.User, "created", domain.TenantScope(by.Tenant), nil, s.clock.Now().Add(-age))
		require.NoError(t, db.Do(portstest.As(t.Context(), by), func(ctx context.Context) error { return store.NewJournal(db).Write(ctx, e) }))
		return e.ID
	}
	const year = 365 * 24 * time.Hour
	kept := write(year - time.Minute)
	write(year + time.Minute)
	left := func() (ids []uuid.UUID) {
		r, err := s.as(s.admin).ListJournalWithResponse(t.Context(), nil)
		for _, e := range fine(t, r, err).JSON200.Items {
			ids = append(ids, e.ID)
		}
		return ids
	}
	require.Eventually(t, func() bool { return len(left()) == 1 }, time.Minute, 5*time.Millisecond)
	require.Equal(t, []uuid.UUID{kept}, left())
}

// A change is made and told by events, even while access does not listen.
func TestAChangeDoesNotNeedTheRoster(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyOpen)
	s.access.Deaf(true)
	joined, err := s.as(s.member).JoinCommunityWithResponse(t.Context(), c.ID)
	fine(t, joined, err)
	require.Equal(t, "member", s.role(s.member, c.ID))
}

func TestDemoData(t *testing.T) {
	s := start(t)
	for range 2 { // again makes nothing
		require.NoError(t, portal.SeedDemo(t.Context(), s.cfg))
	}
	admin := domain.Actor{Tenant: uuid.MustParse("00000000-0000-0000-0000-000000000001"), User: uuid.MustParse("00000000-0000-4000-8000-000000000001")}
	communities, err := s.as(admin).ListMyCommunitiesWithResponse(t.Context(), nil)
	require.Len(t, *fine(t, communities, err).JSON200, 2)
	teams := 0
	for _, c := range *communities.JSON200 {
		listed, err := s.as(admin).ListTeamsWithResponse(t.Context(), &portalapi.ListTeamsParams{CommunityID: c.ID})
		teams += len(*fine(t, listed, err).JSON200)
	}
	require.Equal(t, 3, teams)
	require.Empty(t, s.access.Known(), "access learns of it by the events")
	cfg := s.cfg
	cfg.Mode = "production"
	require.Error(t, portal.SeedDemo(t.Context(), cfg))
}
