package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/portal/groups/domain"
)

var by = authz.Actor{Tenant: uuid.New(), User: uuid.New()}

func fieldsOf(t *testing.T, err error) map[string]string {
	t.Helper()
	var e *errs.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, errs.Invalid, e.Kind)
	return e.Fields
}

func TestGroupNames(t *testing.T) {
	for name, test := range map[string]struct {
		draft domain.GroupDraft
		field string
	}{
		"nothing":                {domain.GroupDraft{}, "name"},
		"blanks":                 {domain.GroupDraft{Name: " \t "}, "name"},
		"too much":               {domain.GroupDraft{Name: strings.Repeat("я", 129)}, "name"},
		"two lines":              {domain.GroupDraft{Name: "a\nb"}, "name"},
		"no text":                {domain.GroupDraft{Name: "a\xff"}, "name"},
		"a long description":     {domain.GroupDraft{Name: "a", Description: strings.Repeat("я", 10_001)}, "description"},
		"null in a description":  {domain.GroupDraft{Name: "a", Description: "\x00"}, "description"},
		"an unknown join policy": {domain.GroupDraft{Name: "a", JoinPolicy: "never"}, "join_policy"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := domain.NewCommunity(by, test.draft, noon)
			require.Contains(t, fieldsOf(t, err), test.field)
		})
	}
	g, err := domain.NewCommunity(by, domain.GroupDraft{Name: " " + strings.Repeat("я", 128) + " ", Description: strings.Repeat("я", 10_000)}, noon)
	require.NoError(t, err)
	d := g.Data()
	require.Equal(t, d.ID, d.CommunityID)
	require.Equal(t, domain.PolicyInvite, d.JoinPolicy, "by invitation, unless stated otherwise")
}

func TestEditGroup(t *testing.T) {
	g, err := domain.NewCommunity(by, domain.GroupDraft{Name: "Chess"}, noon)
	require.NoError(t, err)
	place := domain.GroupInCommunity{Community: g, Group: g}
	_, changed, err := place.Edit(domain.GroupEdit{Name: new(string)}, noon)
	require.Contains(t, fieldsOf(t, err), "name")
	require.False(t, changed)
	same := " Chess "
	got, changed, err := place.Edit(domain.GroupEdit{Name: &same}, noon.Add(time.Hour))
	require.NoError(t, err)
	require.False(t, changed)
	require.Equal(t, noon, got.Data().UpdatedAt)
	open := domain.PolicyOpen
	got, changed, err = place.Edit(domain.GroupEdit{JoinPolicy: &open}, noon.Add(time.Hour))
	require.NoError(t, err)
	require.True(t, changed)
	require.Equal(t, noon.Add(time.Hour), got.Data().UpdatedAt)

	_, changed, err = place.SetStatus(domain.StatusActive, noon)
	require.NoError(t, err)
	require.False(t, changed)
	archived, changed, err := place.SetStatus(domain.StatusArchived, noon)
	require.NoError(t, err)
	require.True(t, changed)
	back, _, err := domain.GroupInCommunity{Community: archived, Group: archived}.SetStatus(domain.StatusActive, noon)
	require.NoError(t, err)
	require.Equal(t, domain.StatusActive, back.Data().Status)
}

func TestARequestIsDecidedOnce(t *testing.T) {
	b := at(t, none, none, 1, domain.PolicyRequest)
	scope, _ := scopes(b)
	request, err := b.Request(scope, "please", noon)
	require.NoError(t, err)
	for _, first := range []domain.JoinRequestStatus{domain.RequestApproved, domain.RequestDeclined, domain.RequestCancelled} {
		decided, err := request.Decide(first, by.User, noon)
		require.NoError(t, err)
		for _, second := range []domain.JoinRequestStatus{domain.RequestApproved, domain.RequestDeclined, domain.RequestCancelled} {
			_, err := decided.Decide(second, by.User, noon)
			require.ErrorIs(t, err, domain.ErrRequestDecided)
		}
	}
	_, err = b.Request(scope, strings.Repeat("я", 1001), noon)
	require.Contains(t, fieldsOf(t, err), "message")
}

func TestInvitations(t *testing.T) {
	for name, test := range map[string]struct {
		community     domain.Role
		role, acting  domain.Role
		intoCommunity bool
		err           error
	}{
		"a moderator invites a moderator":                     {community: member, role: moderator, acting: moderator},
		"a caller who manages nothing invites no user":        {community: member, role: member, acting: none, err: domain.ErrRoleTooHigh},
		"to a team, from outside":                             {role: member, acting: owner, err: domain.ErrNotInCommunity},
		"to a team, from outside, into the community as well": {role: member, acting: owner, intoCommunity: true},
	} {
		t.Run(name, func(t *testing.T) {
			b := at(t, test.community, none, 1)
			_, team := scopes(b)
			_, err := b.Invite(team, test.role, test.acting, test.intoCommunity, domain.Maker{User: by.User}, noon)
			require.ErrorIs(t, err, test.err)
		})
	}
	b := at(t, none, none, 1)
	scope, _ := scopes(b)
	_, err := b.Invite(scope, owner, owner, true, domain.Maker{User: by.User}, noon)
	require.Contains(t, fieldsOf(t, err), "role", "owners are not invited")
	invite, err := b.Invite(scope, member, owner, true, domain.Maker{User: by.User}, noon)
	require.NoError(t, err)
	last := invite.Data().ExpiresAt.Add(-time.Microsecond)
	require.Equal(t, domain.InvitePending, invite.Status(last))
	accepted, err := invite.Decide(domain.InviteAccepted, last)
	require.NoError(t, err)
	_, err = accepted.Decide(domain.InviteDeclined, last)
	require.ErrorIs(t, err, domain.ErrInviteDecided)
	require.Equal(t, domain.InviteAccepted, accepted.Status(last.Add(time.Hour)))
	_, err = invite.Decide(domain.InviteAccepted, invite.Data().ExpiresAt)
	require.ErrorIs(t, err, domain.ErrInviteExpired)
	_, err = at(t, member, none, 1).Invite(authz.Scope{}, member, owner, true, domain.Maker{User: by.User}, noon)
	require.Error(t, err)
}

func TestInviteLinksEnd(t *testing.T) {
	b := at(t, none, none, 1)
	place := domain.GroupInCommunity{Community: b.Community.Group, Group: b.Community.Group}
	for field, draft := range map[string]domain.InviteLinkDraft{
		"max_uses": {MaxUses: -1}, "expires_at": {ExpiresAt: noon},
	} {
		_, _, err := domain.NewInviteLink(place, draft, domain.Maker{User: by.User}, noon)
		require.Contains(t, fieldsOf(t, err), field)
	}
	_, _, err := domain.NewInviteLink(place, domain.InviteLinkDraft{ExpiresAt: noon.Add(domain.MaxInviteLife + time.Second), MaxUses: 10_001}, domain.Maker{User: by.User}, noon)
	require.Len(t, fieldsOf(t, err), 2)

	link, token, err := domain.NewInviteLink(place, domain.InviteLinkDraft{MaxUses: 2, ExpiresAt: noon.Add(time.Hour)}, domain.Maker{User: by.User}, noon)
	require.NoError(t, err)
	require.Len(t, token, 43)
	require.Equal(t, domain.HashToken(token), link.Data().TokenHash)
	used, got, err := b.Use(link, true, noon)
	require.NoError(t, err)
	require.Equal(t, []change{{authz.ScopeCommunity, none, member}}, changes(got))
	used, _, err = at2(b).Use(used, true, noon)
	require.NoError(t, err)
	require.Equal(t, 2, used.Data().Uses)
	_, _, err = b.Use(used, true, noon)
	require.ErrorIs(t, err, domain.ErrLinkUsedUp)
	_, _, err = b.Use(link, true, noon.Add(time.Hour))
	require.ErrorIs(t, err, domain.ErrInviteExpired)
	_, _, err = b.Use(link.Revoke(noon), true, noon)
	require.ErrorIs(t, err, domain.ErrInviteRevoked)
	require.Equal(t, noon, link.Revoke(noon).Revoke(noon.Add(time.Hour)).Data().RevokedAt)

	renewed, other := link.Renew()
	require.NotEqual(t, token, other)
	require.Equal(t, link.ID(), renewed.ID())
	inside := at(t, member, none, 1)
	inside.Community.Group = b.Community.Group
	inside.Community.Membership = domain.RestoreMembership(domain.MembershipData{Scope: place.Group.Scope(), Role: member, Status: domain.MembershipActive, Version: 1})
	kept, got, err := inside.Use(link.Revoke(noon), true, noon)
	require.NoError(t, err, "a member needs no link")
	require.Empty(t, got)
	require.Zero(t, kept.Data().Uses)
}

// at2 is another user of the same groups.
func at2(b domain.UserMemberships) domain.UserMemberships {
	b.User = uuid.New()
	return b
}

func TestActingRoles(t *testing.T) {
	require.Equal(t, none, domain.ActingRole(false, false))
	require.Equal(t, moderator, domain.ActingRole(true, false))
	require.Equal(t, owner, domain.ActingRole(true, true))
	roles := []domain.Role{none, member, moderator, owner}
	for i, a := range roles {
		for k, b := range roles {
			require.Equal(t, i >= k, a.AtLeast(b), "%q to %q", a, b)
		}
		require.Equal(t, i > 0, a.Valid())
	}
}
