package app_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
	groupsapp "go.updspace.com/portal/groups/app"
	groupsdomain "go.updspace.com/portal/groups/domain"
)

// entry is an audit entry as a test writes it.
type entry struct {
	action, target, id string
	actor, about       uuid.UUID
	metadata           map[string]any
}

// Every way into a group, and every way that keeps a user out, is in the audit log: what it was, about which group, and by whom.
func TestTheWaysIntoAGroupAreAudited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, guest, member := w.owner.User, w.guest.User, w.member.User
	about := func(g groupsdomain.Group, by uuid.UUID, action string, metadata map[string]any) entry {
		target := map[authz.ScopeType]string{authz.ScopeCommunity: "community", authz.ScopeTeam: "team"}[g.Scope().Type]
		return entry{action: target + "." + action, target: target, id: g.ID().String(), actor: by, metadata: metadata}
	}
	of := func(g groupsdomain.Group, user, by uuid.UUID, target, action string, metadata map[string]any) entry {
		metadata["scope_type"] = string(g.Scope().Type)
		return entry{target + "." + action, target, g.ID().String() + "/" + user.String(), by, user, metadata}
	}
	membership := func(role string, version int64) map[string]any {
		return map[string]any{"role": role, "version": version}
	}
	nothing := map[string]any{}
	promoted := membership("moderator", 2)
	promoted["was"] = "member"

	request, invite := w.request, w.invite
	seen := map[uuid.UUID]bool{}
	written := func() (entries []entry) { // since the last call
		log, err := w.groups.AuditLog(w.as(w.owner), w.owner, audit.Filter{}, page.Request{Limit: page.MaxLimit})
		require.NoError(t, err)
		for _, e := range log.Items {
			if !seen[e.ID] {
				require.Equal(t, w.clock.Now(), e.At, e.Action)
				entries = append(entries, entry{e.Action, e.TargetType, e.TargetID, e.Actor.ID, e.About, e.Metadata})
			}
			seen[e.ID] = true
		}
		return entries
	}
	written()
	link, err := w.links.Create(w.as(w.owner), w.owner, w.team.ID(), groupsdomain.InviteLinkDraft{MaxUses: 3})
	require.NoError(t, err)
	require.Equal(t, []entry{about(w.team, owner, "invite_link.created", map[string]any{"max_uses": 3})}, written())
	for _, step := range []struct {
		do   func() error
		want []entry
	}{
		{func() error { return result(w.requests.Cancel(w.as(w.guest), w.guest, w.community.ID(), request.ID())) },
			[]entry{about(w.community, guest, "join_request.cancelled", nothing)}},
		{func() error {
			made, err := w.requests.Create(w.as(w.guest), w.guest, w.community.ID(), "")
			request = made.Of
			return err
		}, []entry{about(w.community, guest, "join_request.created", nothing)}},
		{func() error {
			return result(w.requests.Decline(w.as(w.owner), w.owner, w.community.ID(), request.ID()))
		},
			[]entry{about(w.community, owner, "join_request.declined", nothing)}},
		{func() error { return result(w.invites.Decline(w.as(w.guest), w.guest, invite.ID())) },
			[]entry{about(w.team, guest, "invite.declined", nothing)}},
		{func() error {
			made, err := w.invites.Create(w.as(w.owner), w.owner, w.team.ID(), groupsapp.CreateInvite{User: guest})
			invite = made.Of
			return err
		}, []entry{about(w.team, owner, "invite.created", map[string]any{"role": "member"})}},
		{func() error { return w.invites.Revoke(w.as(w.owner), w.owner, w.team.ID(), invite.ID()) },
			[]entry{about(w.team, owner, "invite.revoked", nothing)}},
		{func() error { return result(w.links.Accept(w.as(w.guest), w.guest, link.Token)) }, []entry{
			about(w.team, guest, "invite_link.used", map[string]any{"link_id": link.Link.ID().String()}),
			of(w.community, guest, guest, "membership", "added", membership("member", 1)),
			of(w.team, guest, guest, "membership", "added", membership("member", 1)),
		}},
		{func() error { return w.links.Revoke(w.as(w.owner), w.owner, w.team.ID(), link.Link.ID()) },
			[]entry{about(w.team, owner, "invite_link.revoked", nothing)}},
		{func() error {
			return result(w.members.ChangeRole(w.as(w.owner), w.owner, w.team.ID(), guest, groupsdomain.RoleModerator))
		}, []entry{of(w.team, guest, owner, "membership", "changed", promoted)}},
		{func() error {
			return result(w.bans.Put(w.as(w.owner), w.owner, w.community.ID(), guest, groupsdomain.BanDraft{}))
		}, []entry{
			of(w.community, guest, owner, "ban", "created", map[string]any{}),
			of(w.community, guest, owner, "membership", "removed", membership("member", 2)),
			of(w.team, guest, owner, "membership", "removed", membership("moderator", 3)),
		}},
		{func() error { return w.bans.Lift(w.as(w.owner), w.owner, w.community.ID(), guest) },
			[]entry{of(w.community, guest, owner, "ban", "lifted", map[string]any{})}},
		{func() error {
			_, err := w.invites.Create(w.as(w.owner), w.owner, w.team.ID(), groupsapp.CreateInvite{User: member, Role: groupsdomain.RoleModerator})
			return err
		}, []entry{about(w.team, owner, "invite.created", map[string]any{"role": "moderator"})}},
	} {
		require.NoError(t, step.do())
		require.ElementsMatch(t, step.want, written())
	}
}

// The audit entry of an update names the fields, in order and not by what they say.
func TestTheAuditLogNamesTheFieldsOfAnUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	name, text, policy, hue := "Go", "stones", groupsdomain.PolicyOpen, 120
	for _, step := range []struct {
		edit groupsdomain.GroupEdit
		want []string
	}{
		{groupsdomain.GroupEdit{Name: &name}, []string{"name"}},
		{groupsdomain.GroupEdit{Hue: &hue}, []string{"hue"}},
		{groupsdomain.GroupEdit{JoinPolicy: &policy, Description: &text, Name: &name}, []string{"description", "join_policy", "name"}},
	} {
		_, err := w.groups.Update(w.as(w.owner), w.owner, w.team.ID(), step.edit)
		require.NoError(t, err)
		log, err := w.groups.AuditLog(w.as(w.owner), w.owner, audit.Filter{}, page.Request{Limit: page.MaxLimit})
		require.NoError(t, err)
		require.True(t, slices.ContainsFunc(log.Items, func(e audit.Entry) bool {
			return e.Action == "team.updated" && reflect.DeepEqual(e.Metadata, map[string]any{"fields": step.want})
		}), step.want)
	}
}
