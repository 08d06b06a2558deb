package portstest

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
	"go.updspace.com/portal/domain"
	groupsdomain "go.updspace.com/portal/groups/domain"
)

func openTargets(t *testing.T, s Store) {
	by, stranger := Someone(), Someone()
	ctx := As(t.Context(), by)
	community, team := s.chess(t, ctx, by)
	open := func(by authz.Actor, scope authz.Scope) (at contentdomain.PostScope, err error) {
		err = s.Tx.Do(As(t.Context(), by), func(ctx context.Context) (err error) { at, err = s.Targets.Open(ctx, scope); return err })
		return at, err
	}
	at, err := open(by, community.Scope())
	require.NoError(t, err)
	require.Equal(t, postScopeOf(community), at)
	at, err = open(by, team.Scope())
	require.NoError(t, err)
	require.Equal(t, postScopeOf(team), at, "with the community")
	for _, c := range []struct {
		by    authz.Actor
		scope authz.Scope
		want  error
	}{
		{by, authz.CommunityScope(uuid.New()), domain.ErrCommunityNotFound},
		{by, authz.CommunityScope(team.ID()), domain.ErrCommunityNotFound},
		{by, authz.TeamScope(community.ID()), domain.ErrTeamNotFound},
		{stranger, community.Scope(), domain.ErrCommunityNotFound},
		{stranger, team.Scope(), domain.ErrTeamNotFound},
	} {
		_, err = open(c.by, c.scope)
		require.ErrorIs(t, err, c.want)
	}
	for id, want := range map[uuid.UUID]uuid.UUID{team.ID(): community.ID(), community.ID(): uuid.Nil, uuid.New(): uuid.Nil} {
		found, err := s.Targets.CommunityOf(ctx, id)
		require.NoError(t, err)
		require.Equal(t, want, found)
	}
	found, err := s.Targets.CommunityOf(As(t.Context(), stranger), team.ID())
	require.NoError(t, err)
	require.Equal(t, uuid.Nil, found)

	put := func(g groupsdomain.Group, status groupsdomain.Status) {
		t.Helper()
		s.do(t, ctx, func(ctx context.Context) error {
			place, err := s.Groups.Lock(ctx, g.ID())
			if err != nil {
				return err
			}
			changed, _, err := place.SetStatus(status, Noon)
			if err != nil {
				return err
			}
			return s.Groups.Update(ctx, changed)
		})
	}
	put(team, groupsdomain.StatusArchived)
	_, err = open(by, team.Scope())
	require.ErrorIs(t, err, domain.ErrArchived)
	_, err = open(by, community.Scope())
	require.NoError(t, err)
	put(team, groupsdomain.StatusActive)
	put(community, groupsdomain.StatusArchived)
	for _, scope := range []authz.Scope{team.Scope(), community.Scope()} {
		_, err = open(by, scope)
		require.ErrorIs(t, err, domain.ErrArchived, "a team is in use as long as its community is")
	}
}

// placesUnderLock: who writes in a team and who comes into it do not wait for each other in a circle.
func placesUnderLock(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	community, team := s.chess(t, ctx, by)
	s.atOnce(t, by, 30, func(ctx context.Context, i int) error {
		if i%2 == 0 {
			return s.move(ctx, team.Scope(), uuid.New(), func(b groupsdomain.UserMemberships) ([]groupsdomain.MembershipChange, error) {
				return b.Add(team.Scope(), groupsdomain.RoleMember, true, Noon)
			})
		}
		at, err := s.Targets.Open(ctx, team.Scope())
		if err != nil {
			return err
		}
		return s.Posts.Add(ctx, NewPost(t, by, contentdomain.PostDraft{Visibility: authz.VisibilityTeam, Scope: at}, Noon))
	})
	require.Equal(t, 16, s.group(t, ctx, community.Scope()).Data().Members)
	require.Len(t, s.page(t, ctx, contentports.PostSearch{Team: team.ID()}), 15)
}
