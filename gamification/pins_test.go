package gamification_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit/service"
)

func (s *fixture) pin(by authz.Actor, ids ...uuid.UUID) *gamificationapi.PinGrantsResponse {
	s.T.Helper()
	r, err := s.As(by).PinGrantsWithResponse(s.T.Context(), gamificationapi.Pins{GrantIds: append([]uuid.UUID{}, ids...)})
	require.NoError(s.T, err)
	return r
}

// pinned are the names of what a member has pinned, as another or the same member sees them.
func (s *fixture) pinned(by, of authz.Actor) (names []string) {
	s.T.Helper()
	var page *gamificationapi.HeldPage
	if by == of {
		r, err := s.As(by).ListMyGrantsWithResponse(s.T.Context(), &gamificationapi.ListMyGrantsParams{Pinned: new(true)})
		page = service.OK(s.T, r, err).JSON200
	} else {
		r, err := s.As(by).ListUserGrantsWithResponse(s.T.Context(), of.User, &gamificationapi.ListUserGrantsParams{Pinned: new(true)})
		page = service.OK(s.T, r, err).JSON200
	}
	for _, item := range page.Items {
		names = append(names, item.Achievement.NameI18N["en"])
	}
	return names
}

func TestMembersPinWhatTheyHave(t *testing.T) {
	t.Parallel()
	s := start(t)
	other := s.people(1)[0]
	first, second := s.grant(s.achievement(named("first"), published).ID, s.member), s.grant(s.achievement(named("second"), published).ID, s.member)
	hidden := s.grant(s.achievement(named("secret"), published, secret).ID, s.member)
	quiet := s.grant(s.achievement(named("quiet"), published).ID, s.member, private)
	theirs := s.grant(s.achievement(named("theirs"), published).ID, other)

	require.Empty(t, s.pinned(other, s.member))
	service.OK(t, s.pin(s.member, hidden.ID, first.ID, second.ID), nil)
	require.Equal(t, []string{"secret", "first", "second"}, s.pinned(s.member, s.member))
	require.Equal(t, []string{"first", "second"}, s.pinned(other, s.member))
	service.OK(t, s.pin(s.member, second.ID, first.ID), nil)
	require.Equal(t, []string{"second", "first"}, s.pinned(other, s.member))
	for _, wrong := range [][]uuid.UUID{{quiet.ID}, {theirs.ID}, {uuid.New()}, {first.ID, first.ID}} {
		service.Invalid(t, s.pin(s.member, wrong...), nil, "grant_ids")
	}
	service.Invalid(t, s.pin(s.Outsider(memberKeys...), first.ID), nil, "grant_ids")
	require.Equal(t, []string{"second", "first"}, s.pinned(other, s.member), "what is refused changes nothing")

	service.OK(t, s.revoke(s.admin, second.ID, ""), nil)
	require.Equal(t, []string{"first"}, s.pinned(s.member, s.member))
	service.Invalid(t, s.pin(s.member, second.ID), nil, "grant_ids")
	service.OK(t, s.pin(s.member), nil)
	require.Empty(t, s.pinned(s.member, s.member))
}
