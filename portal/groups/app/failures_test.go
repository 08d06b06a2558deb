package app_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/reqctx"
	groupsapp "go.updspace.com/portal/groups/app"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
)

var errStorage = errors.New("storage is away")

// unlockable is storage of groups that cannot lock one.
type unlockable struct{ groupsports.Groups }

func (unlockable) Lock(context.Context, uuid.UUID) (groupsdomain.GroupInCommunity, error) {
	return groupsdomain.GroupInCommunity{}, errStorage
}

// unwritable is storage of groups that cannot be written.
type unwritable struct{ groupsports.Groups }

func (unwritable) Add(context.Context, groupsdomain.Group) error    { return errStorage }
func (unwritable) Update(context.Context, groupsdomain.Group) error { return errStorage }
func (unwritable) Delete(context.Context, uuid.UUID) error          { return errStorage }

// A change that cannot be stored is not reported as done, and neither events nor memberships tell of it.
func TestGroupsFailWithTheirStorage(t *testing.T) {
	t.Parallel()
	h := open(2)
	owner, other := h.people[0], h.people[1]
	ctx := h.as(owner)
	made, err := h.groups.CreateCommunity(ctx, owner, groupsdomain.GroupDraft{Name: "Chess"})
	require.NoError(t, err)
	id, name := made.Group.ID(), "Go"
	told := len(h.memory.GroupEvents().Published())

	for what, away := range map[string]func(*groupsapp.Deps){
		"lock":  func(d *groupsapp.Deps) { d.Groups = unlockable{d.Groups} },
		"write": func(d *groupsapp.Deps) { d.Groups = unwritable{d.Groups} },
	} {
		deps := h.deps
		away(&deps)
		groups := groupsapp.Groups{Deps: deps}
		_, err := groups.Update(ctx, owner, id, groupsdomain.GroupEdit{Name: &name})
		require.ErrorIs(t, err, errStorage, what)
		_, err = groups.SetStatus(ctx, owner, id, groupsdomain.StatusArchived)
		require.ErrorIs(t, err, errStorage, what)
		require.ErrorIs(t, groups.Delete(ctx, owner, id), errStorage, what)
		_, err = groups.CreateTeam(ctx, owner, id, groupsdomain.GroupDraft{Name: "Blitz"})
		require.ErrorIs(t, err, errStorage, what)
		if what == "write" {
			_, err = groups.CreateCommunity(h.as(owner), owner, groupsdomain.GroupDraft{Name: "Other"})
			require.ErrorIs(t, err, errStorage)
			continue
		}
		members := groupsapp.Members{Deps: deps}
		_, err = members.Add(ctx, owner, id, groupsapp.AddMember{User: other.User})
		require.ErrorIs(t, err, errStorage)
		require.ErrorIs(t, members.Leave(ctx, owner, id), errStorage)
		_, err = members.Transfer(ctx, owner, id, other.User)
		require.ErrorIs(t, err, errStorage)
		_, err = groupsapp.Bans{Deps: deps}.Put(ctx, owner, id, other.User, groupsdomain.BanDraft{})
		require.ErrorIs(t, err, errStorage)
	}
	require.Len(t, h.memory.GroupEvents().Published(), told, "nothing was told")
	found, err := h.groups.Get(ctx, owner, id)
	require.NoError(t, err)
	require.Equal(t, "Chess", found.Group.Data().Name)
	require.Equal(t, groupsdomain.StatusActive, found.Group.Data().Status)
}

// What a system administrator may do comes from the platform, so a link by one works without a role in the group; and it ends when
// the user is erased, though the link does not.
func TestALinkOfASystemAdministratorEndsWithTheUser(t *testing.T) {
	t.Parallel()
	h := open(3)
	owner, operator, guest := h.people[0], h.people[1], h.people[2]
	made, err := h.groups.CreateCommunity(h.as(owner), owner, groupsdomain.GroupDraft{Name: "Chess"})
	require.NoError(t, err)
	operating := reqctx.From(h.as(operator))
	operating.Flags.SystemAdmin = true
	link, err := h.links.Create(reqctx.With(t.Context(), operating), operator, made.Group.ID(), groupsdomain.InviteLinkDraft{})
	require.NoError(t, err)
	preview := func() error {
		_, err := h.links.Preview(h.as(guest), guest, link.Token)
		return err
	}
	require.NoError(t, preview())
	require.NoError(t, h.memory.Do(h.as(operator), func(ctx context.Context) error {
		_, err := h.departures.Erase(ctx, operator.User)
		return err
	}))
	require.ErrorIs(t, preview(), groupsdomain.ErrInviteRevoked)
}
