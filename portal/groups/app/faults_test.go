package app_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
	groupsapp "go.updspace.com/portal/groups/app"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
	"go.updspace.com/tools/devkit/testkit/faults"
)

// emptyQueue is a queue in which nothing waits.
type emptyQueue struct{}

func (emptyQueue) Queue(context.Context, groupsports.QueueSearch, int) (groupsports.Waiting, error) {
	return groupsports.Waiting{}, nil
}

// world is a fixture with a community and a team in it, users who want to join, and ways to do so.
type world struct {
	*fixture
	owner, member, guest authz.Actor // the member of the community only, the guest of neither
	community, team      groupsdomain.Group
	request              groupsdomain.JoinRequest // of the guest, into the community
	invite               groupsdomain.Invite      // of the guest, into the team
	link                 groupsapp.NewInviteLink  // into the team
}

func newWorld(t testing.TB) world {
	w := world{fixture: open(3)}
	w.deps.Queues = emptyQueue{}
	w.owner, w.member, w.guest = w.people[0], w.people[1], w.people[2]
	ctx := w.as(w.owner)
	community, err := w.groups.CreateCommunity(ctx, w.owner, groupsdomain.GroupDraft{Name: "Chess", JoinPolicy: groupsdomain.PolicyRequest})
	require.NoError(t, err)
	team, err := w.groups.CreateTeam(ctx, w.owner, community.Group.ID(), groupsdomain.GroupDraft{Name: "Openings", JoinPolicy: groupsdomain.PolicyOpen})
	require.NoError(t, err)
	w.community, w.team = community.Group, team.Group
	_, err = w.members.Add(ctx, w.owner, w.community.ID(), groupsapp.AddMember{User: w.member.User})
	require.NoError(t, err)
	request, err := w.requests.Create(w.as(w.guest), w.guest, w.community.ID(), "")
	require.NoError(t, err)
	invite, err := w.invites.Create(ctx, w.owner, w.team.ID(), groupsapp.CreateInvite{User: w.guest.User})
	require.NoError(t, err)
	w.link, err = w.links.Create(ctx, w.owner, w.team.ID(), groupsdomain.InviteLinkDraft{})
	require.NoError(t, err)
	w.request, w.invite = request.Of, invite.Of
	return w
}

// result leaves out what a use case returns besides its error.
func result[T any](_ T, err error) error { return err }

// A use case that cannot read or write what it needs fails, whatever that is.
func TestUseCasesFailWithWhatTheyCall(t *testing.T) {
	t.Parallel()
	type use func(w world, d groupsapp.Deps) error
	inTx := func(end func(w world, ctx context.Context, d groupsapp.Departures) error) use {
		return func(w world, d groupsapp.Deps) error {
			return w.memory.Do(w.as(w.owner), func(ctx context.Context) error { return end(w, ctx, groupsapp.Departures{Deps: d}) })
		}
	}
	for name, use := range map[string]use{
		"create a community": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Groups{Deps: d}.CreateCommunity(w.as(w.owner), w.owner, groupsdomain.GroupDraft{Name: "Go"}))
		},
		"create a team": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Groups{Deps: d}.CreateTeam(w.as(w.owner), w.owner, w.community.ID(), groupsdomain.GroupDraft{Name: "Endgames"}))
		},
		"read a group": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Groups{Deps: d}.Get(w.as(w.member), w.member, w.community.ID()))
		},
		"list communities": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Groups{Deps: d}.Communities(w.as(w.member), w.member, groupsapp.ListGroups{}))
		},
		"list teams": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Groups{Deps: d}.Teams(w.as(w.member), w.member, w.community.ID(), groupsapp.ListGroups{}))
		},
		"list one's own groups": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Groups{Deps: d}.Mine(w.as(w.member), w.member, "", groupsapp.ListGroups{}))
		},
		"find groups": func(w world, d groupsapp.Deps) error {
			everywhere := authz.AllowedScopes{Everywhere: true}
			_, _, err := groupsapp.Groups{Deps: d}.Found(w.as(w.member), w.member, groupsapp.Seeing{Communities: everywhere, Teams: everywhere}, "e", 5)
			return err
		},
		"update a group": func(w world, d groupsapp.Deps) error {
			name := "Go"
			return result(groupsapp.Groups{Deps: d}.Update(w.as(w.owner), w.owner, w.community.ID(), groupsdomain.GroupEdit{Name: &name}))
		},
		"archive a community": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Groups{Deps: d}.SetStatus(w.as(w.owner), w.owner, w.community.ID(), groupsdomain.StatusArchived))
		},
		"restore a deserted team": func(w world, d groupsapp.Deps) error {
			ctx := w.as(w.owner)
			if err := w.memory.Do(ctx, func(ctx context.Context) error { return result(w.departures.Erase(ctx, w.owner.User)) }); err != nil {
				return err
			}
			return result(groupsapp.Groups{Deps: d}.SetStatus(ctx, w.owner, w.team.ID(), groupsdomain.StatusActive))
		},
		"delete a community": func(w world, d groupsapp.Deps) error {
			return groupsapp.Groups{Deps: d}.Delete(w.as(w.owner), w.owner, w.community.ID())
		},
		"read the audit log": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Groups{Deps: d}.AuditLog(w.as(w.owner), w.owner, audit.Filter{}, page.Request{}))
		},
		"list members": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Members{Deps: d}.List(w.as(w.member), w.member, w.community.ID(), groupsapp.ListMembers{}))
		},
		"read a membership": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Members{Deps: d}.Get(w.as(w.member), w.member, w.community.ID(), w.owner.User))
		},
		"read the memberships of a user": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Members{Deps: d}.MembershipsOf(w.as(w.owner), w.owner.User))
		},
		"add a member": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Members{Deps: d}.Add(w.as(w.owner), w.owner, w.team.ID(), groupsapp.AddMember{User: w.guest.User}))
		},
		"change a role": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Members{Deps: d}.ChangeRole(w.as(w.owner), w.owner, w.community.ID(), w.member.User, groupsdomain.RoleModerator))
		},
		"remove a member": func(w world, d groupsapp.Deps) error {
			return groupsapp.Members{Deps: d}.Remove(w.as(w.owner), w.owner, w.community.ID(), w.member.User)
		},
		"join a team": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Members{Deps: d}.Join(w.as(w.member), w.member, w.team.ID()))
		},
		"leave a community": func(w world, d groupsapp.Deps) error {
			return groupsapp.Members{Deps: d}.Leave(w.as(w.member), w.member, w.community.ID())
		},
		"transfer a community": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Members{Deps: d}.Transfer(w.as(w.owner), w.owner, w.community.ID(), w.member.User))
		},
		"ban a member": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Bans{Deps: d}.Put(w.as(w.owner), w.owner, w.community.ID(), w.guest.User, groupsdomain.BanDraft{}))
		},
		"lift a ban": func(w world, d groupsapp.Deps) error {
			if _, err := w.bans.Put(w.as(w.owner), w.owner, w.community.ID(), w.guest.User, groupsdomain.BanDraft{}); err != nil {
				return err
			}
			return groupsapp.Bans{Deps: d}.Lift(w.as(w.owner), w.owner, w.community.ID(), w.guest.User)
		},
		"list bans": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Bans{Deps: d}.List(w.as(w.owner), w.owner, w.community.ID(), page.Request{}))
		},
		"ask to join": func(w world, d groupsapp.Deps) error {
			if _, err := w.requests.Cancel(w.as(w.guest), w.guest, w.community.ID(), w.request.ID()); err != nil {
				return err
			}
			return result(groupsapp.JoinRequests{Deps: d}.Create(w.as(w.guest), w.guest, w.community.ID(), "please"))
		},
		"list the join requests of a group": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.JoinRequests{Deps: d}.List(w.as(w.owner), w.owner, w.community.ID(), groupsapp.ListJoinRequests{}))
		},
		"list one's own join requests": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.JoinRequests{Deps: d}.Mine(w.as(w.guest), w.guest, groupsapp.ListJoinRequests{}))
		},
		"approve a join request": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.JoinRequests{Deps: d}.Approve(w.as(w.owner), w.owner, w.community.ID(), w.request.ID()))
		},
		"decline a join request": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.JoinRequests{Deps: d}.Decline(w.as(w.owner), w.owner, w.community.ID(), w.request.ID()))
		},
		"cancel a join request": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.JoinRequests{Deps: d}.Cancel(w.as(w.guest), w.guest, w.community.ID(), w.request.ID()))
		},
		"invite in the place of an expired invitation": func(w world, d groupsapp.Deps) error {
			w.clock.Advance(groupsdomain.DefaultInviteLife)
			return result(groupsapp.Invites{Deps: d}.Create(w.as(w.owner), w.owner, w.team.ID(), groupsapp.CreateInvite{User: w.guest.User}))
		},
		"list the invitations into a group": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Invites{Deps: d}.List(w.as(w.owner), w.owner, w.team.ID(), groupsapp.ListInvites{}))
		},
		"list one's own invitations": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Invites{Deps: d}.Mine(w.as(w.guest), w.guest, groupsapp.ListInvites{}))
		},
		"revoke an invitation": func(w world, d groupsapp.Deps) error {
			return groupsapp.Invites{Deps: d}.Revoke(w.as(w.owner), w.owner, w.team.ID(), w.invite.ID())
		},
		"accept an invitation": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Invites{Deps: d}.Accept(w.as(w.guest), w.guest, w.invite.ID()))
		},
		"decline an invitation": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Invites{Deps: d}.Decline(w.as(w.guest), w.guest, w.invite.ID()))
		},
		"create a link": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.InviteLinks{Deps: d}.Create(w.as(w.owner), w.owner, w.team.ID(), groupsdomain.InviteLinkDraft{}))
		},
		"create a link again": func(w world, d groupsapp.Deps) error {
			ctx := w.as(w.owner)
			if _, err := w.links.Create(ctx, w.owner, w.team.ID(), groupsdomain.InviteLinkDraft{}); err != nil {
				return err
			}
			return result(groupsapp.InviteLinks{Deps: d}.Create(ctx, w.owner, w.team.ID(), groupsdomain.InviteLinkDraft{}))
		},
		"list links": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.InviteLinks{Deps: d}.List(w.as(w.owner), w.owner, w.team.ID(), page.Request{}))
		},
		"revoke a link": func(w world, d groupsapp.Deps) error {
			return groupsapp.InviteLinks{Deps: d}.Revoke(w.as(w.owner), w.owner, w.team.ID(), w.link.Link.ID())
		},
		"preview a link": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.InviteLinks{Deps: d}.Preview(w.as(w.guest), w.guest, w.link.Token))
		},
		"accept a link": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.InviteLinks{Deps: d}.Accept(w.as(w.guest), w.guest, w.link.Token))
		},
		"read what waits": func(w world, d groupsapp.Deps) error {
			return result(groupsapp.Queue{Deps: d}.Mine(w.as(w.owner), w.owner))
		},
		"let a user leave the tenant": inTx(func(w world, ctx context.Context, d groupsapp.Departures) error {
			return d.LeaveTenant(ctx, w.owner.User)
		}),
		"erase a user": inTx(func(w world, ctx context.Context, d groupsapp.Departures) error {
			return result(d.Erase(ctx, w.owner.User))
		}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faults.Each(t, func(f *faults.Faults) func() error {
				w := newWorld(t)
				return func() error { return use(w, faulty(f, w.deps)) }
			})
		})
	}
}
