package domain_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/portal/groups/domain"
)

// Whatever the memberships of a user: RemoveAll ends all of them or none, those in teams first, and leaves a group without an
// owner only if it is archived and has no other member.
func TestRemoveAllEndsAllMembershipsOrNone(t *testing.T) {
	roles := rapid.SampledFrom([]domain.Role{domain.RoleOwner, domain.RoleModerator, domain.RoleMember})
	rapid.Check(t, func(t *rapid.T) {
		user, home := uuid.New(), uuid.New()
		seat := func(kind authz.ScopeType, id uuid.UUID, in bool) domain.GroupMembership {
			others := rapid.IntRange(0, 2).Draw(t, "others")
			g := domain.GroupData{ID: id, Kind: kind, CommunityID: home, Members: others, Owners: rapid.IntRange(min(others, 1), others).Draw(t, "owners")}
			g.Status = rapid.SampledFrom([]domain.Status{domain.StatusActive, domain.StatusArchived}).Draw(t, "status")
			m := domain.MembershipData{Scope: authz.Scope{Type: kind, ID: id}, CommunityID: home, UserID: user, Role: roles.Draw(t, "role"), Status: domain.MembershipLeft, Version: 3}
			if in {
				m.Status = domain.MembershipActive
				g.Members++
				if m.Role == domain.RoleOwner {
					g.Owners = rapid.IntRange(1, others+1).Draw(t, "with the user")
				}
			}
			return domain.GroupMembership{Group: domain.RestoreGroup(g), Membership: domain.RestoreMembership(m)}
		}
		in := rapid.Bool().Draw(t, "in")
		b := domain.UserMemberships{User: user, Community: seat(authz.ScopeCommunity, home, in)}
		for range rapid.IntRange(0, 3).Draw(t, "teams") {
			b.Teams = append(b.Teams, seat(authz.ScopeTeam, uuid.New(), in && rapid.Bool().Draw(t, "in team")))
		}
		before, stays, impossible := 0, map[uuid.UUID]bool{}, false
		for _, s := range append(b.Teams[:len(b.Teams):len(b.Teams)], b.Community) {
			if s.Membership.Role() == domain.RoleNone {
				continue
			}
			before++
			d := s.Group.Data()
			if s.Membership.Role() == domain.RoleOwner && d.Owners == 1 {
				stays[d.ID] = true
				impossible = impossible || d.Members > 1 || d.Status == domain.StatusActive
			}
		}
		sole := b.SoleOwned()
		require.Len(t, sole, len(stays))
		for _, g := range sole {
			require.True(t, stays[g.ID()])
		}
		moves, err := b.RemoveAll(noon)
		if impossible {
			require.ErrorIs(t, err, domain.ErrLastOwner)
			require.Empty(t, moves)
			return
		}
		require.NoError(t, err)
		require.Len(t, moves, before)
		for i, m := range moves {
			require.Equal(t, domain.RoleNone, m.Membership.Role())
			require.EqualValues(t, 4, m.Membership.Data().Version)
			require.Equal(t, domain.Removed, m.Happened())
			require.Equal(t, i == len(moves)-1, m.Group.Scope().Type == authz.ScopeCommunity, "the community goes last")
		}
	})
}
