package app_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// A role that follows Discord is bound, told of and taken as a reward is; it is not counted when activity asks what a member holds here.
func TestRolesFollowDiscord(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	role, err := s.roles.Create(s.ctx, app.RoleInput{Service: domain.Voting, Name: "scouts", Keys: []string{"voting.poll.read"}})
	require.NoError(t, err)
	follows := rewardOf(crowd[2], role, 1)
	follows.Source, follows.Achievement = domain.FromDiscord, uuid.Nil
	require.NoError(t, s.rewards().OnGiven(event(), tenant, follows))
	ask := func() bool {
		held, err := s.rewards().HeldRoles(event(), crowd[2], []app.ScopedRole{{Role: role.ID, Scope: app.ScopeInput{Type: domain.Tenant}}})
		require.NoError(t, err)
		return held[0]
	}
	published := s.memory.Published()
	given := published[len(published)-1].(domain.RoleGiven)
	require.Equal(t, []any{domain.FromDiscord, crowd[2], role.ID}, []any{given.Binding.Source, given.Binding.User, given.Binding.Role.ID})
	require.False(t, ask())
	require.ErrorIs(t, s.bindings.Delete(s.ctx, given.Binding.ID), domain.ErrManagedByDiscord)

	bound, err := s.bindings.Create(s.ctx, app.BindingInput{Tenant: tenant, User: crowd[2], ScopeType: domain.Tenant, Role: role.ID, Expires: noon.Add(time.Hour)})
	require.NoError(t, err)
	require.True(t, ask())
	require.NoError(t, s.bindings.Delete(s.ctx, bound.ID))
	require.NoError(t, s.rewards().OnTaken(event(), domain.Reward{Source: domain.FromDiscord, Grant: follows.Grant, Version: 2, User: crowd[2]}))
	published = s.memory.Published()
	require.Equal(t, given.Binding.ID, published[len(published)-1].(domain.RoleTaken).Binding.ID)

	refused := rewardOf(crowd[2], role, 3)
	refused.Source, refused.Achievement, refused.Responsible = domain.FromDiscord, uuid.Nil, []uuid.UUID{crowd[3]}
	require.NoError(t, s.rewards().OnGiven(event(), tenant, refused))
	entries := s.audit.Entries()
	require.Equal(t, []any{"role_follow_refused", "discord"}, []any{entries[len(entries)-1].Action, entries[len(entries)-1].Metadata["via"]})
	require.Len(t, s.memory.Published(), len(published))
}

func TestHeldRolesAreAskedInATenant(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	one := []app.ScopedRole{{Role: 1, Scope: app.ScopeInput{Type: domain.Tenant}}}
	_, err := s.rewards().HeldRoles(reqctx.With(t.Context(), reqctx.Context{}), user, one)
	require.Equal(t, errs.BadRequest, errs.KindOf(err))
	for _, bad := range []error{
		result(s.rewards().HeldRoles(event(), uuid.Nil, one)), result(s.rewards().HeldRoles(event(), user, nil)),
		result(s.rewards().HeldRoles(event(), user, make([]app.ScopedRole, app.MaxHeldRoles+1))),
		result(s.rewards().HeldRoles(event(), user, []app.ScopedRole{{Role: 1, Scope: app.ScopeInput{Type: "PLANET"}}})),
	} {
		require.Equal(t, errs.Invalid, errs.KindOf(bad))
	}
}
