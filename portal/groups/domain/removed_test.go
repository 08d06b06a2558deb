package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/portal/groups/domain"
)

// ended returns the memberships after changes.
func ended(m domain.UserMemberships, changes []domain.MembershipChange) domain.UserMemberships {
	m.Community.Membership = m.After(m.Community.Group.Scope(), changes)
	teams := make([]domain.GroupMembership, len(m.Teams))
	for i, team := range m.Teams {
		teams[i] = domain.GroupMembership{Group: team.Group, Membership: m.After(team.Group.Scope(), changes)}
	}
	m.Teams = teams
	return m
}

func TestARemovedMemberComesBackByInvitationOrApprovalOnly(t *testing.T) {
	t.Parallel()
	for _, removed := range []bool{false, true} {
		m := at(t, member, member, 1, domain.PolicyOpen, domain.PolicyOpen)
		community, team := scopes(m)
		end := m.Leave
		if removed {
			end = func(scope authz.Scope, now time.Time) ([]domain.MembershipChange, error) {
				return m.Remove(scope, moderator, now)
			}
		}
		changes, err := end(community, noon)
		require.NoError(t, err)
		require.Equal(t, domain.MembershipLeft, changes[0].Membership.Data().Status, "the team is left with the community")
		m = ended(m, changes)
		link, _, err := domain.NewInviteLink(domain.GroupInCommunity{Community: m.Community.Group, Group: m.Community.Group}, domain.InviteLinkDraft{}, domain.Maker{User: by.User}, noon)
		require.NoError(t, err)
		teamLink, _, err := domain.NewInviteLink(domain.GroupInCommunity{Community: m.Community.Group, Group: m.Teams[0].Group}, domain.InviteLinkDraft{}, domain.Maker{User: by.User}, noon)
		require.NoError(t, err)
		for name, try := range map[string]func() error{
			"join":         func() error { _, err := m.Join(community, noon); return err },
			"join a team":  func() error { _, err := m.Join(team, noon); return err },
			"link":         func() error { _, _, err := m.Use(link, true, noon); return err },
			"link of team": func() error { _, _, err := m.Use(teamLink, true, noon); return err },
		} {
			if removed {
				require.ErrorIs(t, try(), domain.ErrRemoved, name)
			} else {
				require.NoError(t, try(), name)
			}
		}
		require.Equal(t, !removed, m.CommunityOpen())
		_, err = m.Request(community, "", noon)
		if removed {
			require.NoError(t, err, "an open group takes the request of a removed member")
		} else {
			require.ErrorIs(t, err, domain.ErrRequestsClosed)
		}
		_, err = m.Invite(community, member, moderator, true, domain.Maker{User: by.User}, noon)
		require.NoError(t, err)
		back, err := m.Add(community, member, true, noon.Add(time.Hour))
		require.NoError(t, err)
		require.Equal(t, domain.MembershipActive, back[0].Membership.Data().Status)
		m = ended(m, back)
		_, err = m.Join(community, noon)
		require.NoError(t, err, "a member again")
	}
}

func TestABannedUserCannotBecomeAMember(t *testing.T) {
	t.Parallel()
	hour := noon.Add(time.Hour)
	m := at(t, none, none, 1, domain.PolicyOpen, domain.PolicyOpen)
	community, team := scopes(m)
	link, _, err := domain.NewInviteLink(domain.GroupInCommunity{Community: m.Community.Group, Group: m.Community.Group}, domain.InviteLinkDraft{}, domain.Maker{User: by.User}, noon)
	require.NoError(t, err)
	ways := map[string]func(m domain.UserMemberships, now time.Time) error{
		"add": func(m domain.UserMemberships, now time.Time) error {
			_, err := m.Add(community, member, true, now)
			return err
		},
		"add, team": func(m domain.UserMemberships, now time.Time) error {
			_, err := m.Add(team, member, true, now)
			return err
		},
		"join": func(m domain.UserMemberships, now time.Time) error { _, err := m.Join(community, now); return err },
		"link": func(m domain.UserMemberships, now time.Time) error { _, _, err := m.Use(link, true, now); return err },
		"invite": func(m domain.UserMemberships, now time.Time) error {
			_, err := m.Invite(community, member, owner, true, domain.Maker{User: by.User}, now)
			return err
		},
		"request": func(m domain.UserMemberships, now time.Time) error {
			d := m.Community.Group.Data()
			d.JoinPolicy = domain.PolicyRequest
			m.Community.Group = domain.RestoreGroup(d)
			_, err := m.Request(community, "", now)
			return err
		},
	}
	ban, changes, err := m.Ban(community, domain.BanDraft{Reason: " spam ", Until: hour}, moderator, by, noon)
	require.NoError(t, err)
	require.Empty(t, changes, "the user was no member")
	require.Equal(t, domain.BanData{
		Scope: community, CommunityID: community.ID, UserID: m.User, Reason: "spam", Until: hour, CreatedBy: by.User, CreatedAt: noon,
	}, ban.Data())
	require.True(t, ban.Active(hour.Add(-time.Microsecond)))
	require.False(t, ban.Active(hour))
	for name, way := range ways {
		require.NoError(t, way(m, noon), name)
		banned := m
		banned.Bans = []domain.Ban{ban}
		require.ErrorIs(t, way(banned, noon), domain.ErrBanned, name)
		require.NoError(t, way(banned, hour), name)
	}
	forGood, _, err := m.Ban(team, domain.BanDraft{}, moderator, by, noon)
	require.NoError(t, err)
	require.True(t, forGood.Active(noon.AddDate(100, 0, 0)))
	m.Bans = []domain.Ban{forGood}
	require.ErrorIs(t, ways["add, team"](m, noon), domain.ErrBanned)
	require.NoError(t, ways["add"](m, noon), "a ban from a team is none from its community")
}

func TestABanRemovesAMember(t *testing.T) {
	t.Parallel()
	m := at(t, member, member, 1)
	community, _ := scopes(m)
	_, got, err := m.Ban(community, domain.BanDraft{}, moderator, by, noon)
	require.NoError(t, err)
	require.Equal(t, []change{{authz.ScopeTeam, member, none}, {authz.ScopeCommunity, member, none}}, changes(got))
	require.Equal(t, domain.MembershipRemoved, got[1].Membership.Data().Status)
	m = at(t, owner, none, 2)
	community, _ = scopes(m)
	_, _, err = m.Ban(community, domain.BanDraft{}, moderator, by, noon)
	require.ErrorIs(t, err, domain.ErrRoleTooHigh)
	for field, draft := range map[string]domain.BanDraft{"reason": {Reason: strings.Repeat("я", 1001)}, "until": {Until: noon}} {
		_, _, err = m.Ban(community, draft, owner, by, noon)
		require.Contains(t, fieldsOf(t, err), field)
	}
}

func TestTheCreatorOfAGroupIsItsOwner(t *testing.T) {
	t.Parallel()
	m := at(t, none, none, 1)
	d := m.Teams[0].Group.Data()
	d.ID = uuid.New()
	team := domain.RestoreGroup(d)
	require.Equal(t, []change{{authz.ScopeTeam, none, owner}}, changes(at(t, member, none, 1).InitialMembers(team, noon)))
	require.Equal(t, []change{{authz.ScopeCommunity, none, member}, {authz.ScopeTeam, none, owner}}, changes(m.InitialMembers(team, noon)))
	got := domain.UserMemberships{User: m.User}.InitialMembers(m.Community.Group, noon)
	require.Equal(t, []change{{authz.ScopeCommunity, none, owner}}, changes(got))
	data := got[0].Membership.Data()
	require.Equal(t, domain.MembershipData{
		Scope: m.Community.Group.Scope(), CommunityID: m.Community.Group.ID(), UserID: m.User, Role: owner, Status: domain.MembershipActive, Version: 1, JoinedAt: noon, UpdatedAt: noon,
	}, data)
}

func TestPermissionsOfGroups(t *testing.T) {
	t.Parallel()
	community, team := authz.CommunityScope(uuid.New()), authz.TeamScope(uuid.New())
	require.Equal(t, authz.Check{Permission: "portal.communities.members.manage", Scope: community}, domain.PermissionManageMembers.In(community))
	require.Equal(t, authz.Check{Permission: "portal.teams.members.manage", Scope: team}, domain.PermissionManageMembers.In(team))
	require.Equal(t, authz.Check{Permission: "portal.communities.manage", Scope: team}, domain.PermissionAdminister.In(team))
}

func TestAnExpiredInvitationCanOnlyBeRevoked(t *testing.T) {
	t.Parallel()
	m := at(t, none, none, 1)
	community, _ := scopes(m)
	invite, err := m.Invite(community, member, owner, true, domain.Maker{User: by.User, SystemAdmin: true}, noon)
	require.NoError(t, err)
	require.Equal(t, domain.Maker{User: by.User, SystemAdmin: true}, invite.Data().Maker)
	late := invite.Data().ExpiresAt
	for _, to := range []domain.InviteStatus{domain.InviteAccepted, domain.InviteDeclined} {
		_, err := invite.Decide(to, late)
		require.ErrorIs(t, err, domain.ErrInviteExpired)
	}
	revoked, err := invite.Decide(domain.InviteRevoked, late)
	require.NoError(t, err)
	require.Equal(t, domain.InviteRevoked, revoked.Status(late))
	require.Equal(t, late, revoked.Data().DecidedAt)
}

func TestComposedAndDecomposedNamesAreOne(t *testing.T) {
	t.Parallel()
	composed, err := domain.NewCommunity(by, domain.GroupDraft{Name: "caf\u00e9"}, noon)
	require.NoError(t, err)
	decomposed, err := domain.NewCommunity(by, domain.GroupDraft{Name: "cafe\u0301"}, noon)
	require.NoError(t, err)
	require.Equal(t, composed.Data().Name, decomposed.Data().Name)
	for _, name := range []string{"\u200b", "\u2800", "\u3164", "a\u202eb", "\u00ad", "a\ufffd"} {
		_, err := domain.NewCommunity(by, domain.GroupDraft{Name: name}, noon)
		require.Contains(t, fieldsOf(t, err), "name", "%q", name)
	}
}
