package voting_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit/service"
)

// invited invites a user to a poll of the maker's, and returns the poll's id.
func (s *fixture) invited(info votingapi.PollInfo, who authz.Actor) uuid.UUID {
	s.T.Helper()
	r, err := s.As(s.maker).PutParticipantWithResponse(s.T.Context(), info.Poll.ID, votingapi.ParticipantPut{UserID: who.User, Role: "participant", Invite: ptr(true)})
	require.Equal(s.T, votingapi.ParticipantStatusPending, service.OK(s.T, r, err).JSON200.Status)
	return info.Poll.ID
}

func (s *fixture) myInvites(who authz.Actor) []votingapi.MyInvite {
	s.T.Helper()
	r, err := s.As(who).ListMyInvitesWithResponse(s.T.Context())
	return *service.OK(s.T, r, err).JSON200
}

func (s *fixture) participants(poll uuid.UUID) map[uuid.UUID]votingapi.ParticipantStatus {
	s.T.Helper()
	r, err := s.As(s.maker).ListParticipantsWithResponse(s.T.Context(), poll)
	statuses := map[uuid.UUID]votingapi.ParticipantStatus{}
	for _, p := range *service.OK(s.T, r, err).JSON200 {
		statuses[p.UserID] = p.Status
	}
	return statuses
}

func TestAnInviteIsAccepted(t *testing.T) {
	t.Parallel()
	s := start(t)
	private := s.poll(func(b *votingapi.PollCreate) { b.Visibility = ptr(commonapi.VisibilityPrivate) }, 1)
	id := s.invited(private, s.member)
	hidden, err := s.As(s.member).GetPollWithResponse(t.Context(), id)
	service.Refused(t, http.StatusNotFound, "NOT_FOUND", hidden, err)
	mine := s.myInvites(s.member)
	require.Len(t, mine, 1)
	require.Equal(t, id, mine[0].PollID)
	require.Equal(t, private.Poll.Title, mine[0].PollTitle)
	require.Equal(t, s.maker.User, mine[0].InvitedBy)
	require.Equal(t, votingapi.ParticipantStatusPending, s.participants(id)[s.member.User])

	stranger := s.Actor(memberKeys...)
	refused, err := s.As(stranger).AcceptInviteWithResponse(t.Context(), id)
	service.Refused(t, http.StatusNotFound, "NOT_FOUND", refused, err)
	for range 2 {
		r, err := s.As(s.member).AcceptInviteWithResponse(t.Context(), id)
		require.Equal(t, votingapi.ParticipantStatusAccepted, service.OK(t, r, err).JSON200.Status)
	}
	require.Empty(t, s.myInvites(s.member))
	s.vote(s.member, private, 0)
	declined, err := s.As(s.member).DeclineInviteWithResponse(t.Context(), id)
	service.Refused(t, http.StatusNotFound, "NOT_FOUND", declined, err)
}

func TestAnInviteIsDeclined(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := s.invited(s.poll(nil, 1), s.member)
	for range 2 {
		r, err := s.As(s.member).DeclineInviteWithResponse(t.Context(), id)
		service.OK(t, r, err)
	}
	require.Empty(t, s.myInvites(s.member))
	require.Equal(t, votingapi.ParticipantStatusDeclined, s.participants(id)[s.member.User])
	r, err := s.As(s.member).AcceptInviteWithResponse(t.Context(), id)
	service.Refused(t, http.StatusNotFound, "NOT_FOUND", r, err)
	s.invited(votingapi.PollInfo{Poll: votingapi.Poll{ID: id}}, s.member)
	require.Len(t, s.myInvites(s.member), 1, "a second invite")

	removed, err := s.As(s.maker).RemoveParticipantWithResponse(t.Context(), id, s.member.User)
	service.OK(t, removed, err)
	require.Empty(t, s.myInvites(s.member))

	s.invited(votingapi.PollInfo{Poll: votingapi.Poll{ID: id}}, s.member)
	put, err := s.As(s.maker).PutParticipantWithResponse(t.Context(), id, votingapi.ParticipantPut{UserID: s.member.User, Role: "observer"})
	require.Equal(t, votingapi.ParticipantStatusAccepted, service.OK(t, put, err).JSON200.Status, "without an invite the role counts at once")
	require.Len(t, s.participants(id), 2)
	require.Empty(t, s.myInvites(s.member))
}

func TestParticipantsAreAddedTogether(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := s.poll(nil, 1).Poll.ID
	users := []uuid.UUID{uuid.New(), uuid.New(), s.maker.User}
	add := func(role string, invite bool, users ...uuid.UUID) votingapi.ParticipantsAdded {
		t.Helper()
		r, err := s.As(s.maker).AddParticipantsWithResponse(t.Context(), id, votingapi.ParticipantsAdd{UserIds: users, Role: role, Invite: &invite})
		return *service.OK(t, r, err).JSON200
	}
	got := add("observer", true, append(users, users[0])...)
	require.Equal(t, 2, got.Added)
	require.Len(t, got.Items, 4)
	require.Equal(t, votingapi.ParticipantRoleOwner, got.Items[2].Role, "who has a role keeps it")
	require.Equal(t, votingapi.ParticipantStatusPending, got.Items[0].Status)
	require.Zero(t, add("observer", true, users...).Added)
	require.Equal(t, 2, add("participant", false, users...).Added)
	require.Equal(t, map[uuid.UUID]votingapi.ParticipantStatus{users[0]: "accepted", users[1]: "accepted", users[2]: "accepted"}, s.participants(id))
	r, err := s.As(s.maker).AddParticipantsWithResponse(t.Context(), id, votingapi.ParticipantsAdd{UserIds: []uuid.UUID{uuid.New()}, Role: "king"})
	service.Refused(t, http.StatusBadRequest, "INVALID_ROLE", r, err)
	r, err = s.As(s.maker).AddParticipantsWithResponse(t.Context(), id, votingapi.ParticipantsAdd{UserIds: make([]uuid.UUID, 101), Role: "observer"})
	service.Refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", r, err)
}

// When the only owner is erased, an administrator of the poll becomes its owner and cannot leave it without one.
func TestAPollKeepsAnOwnerAfterAnErasure(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := s.poll(nil, 1).Poll.ID
	heir, other := s.Actor(makerKeys...), s.Actor(makerKeys...)
	for _, a := range []authz.Actor{heir, other} {
		r, err := s.As(s.maker).PutParticipantWithResponse(t.Context(), id, votingapi.ParticipantPut{UserID: a.User, Role: "admin"})
		service.OK(t, r, err)
		s.Clock.Advance(time.Second)
	}
	r, err := s.AsService("bff").ErasePersonalDataWithResponse(t.Context(), s.maker.User)
	service.OK(t, r, err)
	removed, err := s.As(s.admin).RemoveParticipantWithResponse(t.Context(), id, heir.User)
	service.Refused(t, http.StatusConflict, "LAST_OWNER", removed, err)
	put, err := s.As(heir).PutParticipantWithResponse(t.Context(), id, votingapi.ParticipantPut{UserID: heir.User, Role: "admin"})
	service.Refused(t, http.StatusConflict, "LAST_OWNER", put, err)
	put, err = s.As(heir).PutParticipantWithResponse(t.Context(), id, votingapi.ParticipantPut{UserID: other.User, Role: "owner"})
	service.OK(t, put, err)
	removed, err = s.As(s.admin).RemoveParticipantWithResponse(t.Context(), id, heir.User)
	service.OK(t, removed, err)
}
