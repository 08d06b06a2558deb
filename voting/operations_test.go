package voting_test

import (
	"bytes"
	"net/http"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/tools/devkit/testkit/service"
	"go.updspace.com/voting/domain"
)

// Every operation checks the permission that it declares, in the scope of the poll, and refuses a caller who lacks only
// that one. The table must hold every operation of the document.
func TestOperationsCheckWhatTheyDeclare(t *testing.T) {
	t.Parallel()
	s := start(t)
	chess := authz.CommunityScope(uuid.New())
	s.group(chess, groups.Active)
	inChess := func(b *votingapi.PollCreate) {
		b.ScopeType, b.ScopeID, b.AllowRevoting = ptr(votingapi.ScopeTypeCOMMUNITY), some(chess.ID.String()), ptr(true)
	}
	draft := func(b *votingapi.PollCreate) {
		inChess(b)
		b.Nominations = some([]votingapi.NominationCreate{nomination(2), nomination(1)})
	}
	table := map[string]service.Operation[client]{
		"listPolls": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListPollsWithResponse(t.Context(), &votingapi.ListPollsParams{ScopeType: ptr(votingapi.ScopeTypeCOMMUNITY), ScopeID: ptr(chess.ID.String())})
		}},
		"listMyPolls": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListMyPollsWithResponse(t.Context(), &votingapi.ListMyPollsParams{ScopeType: ptr(votingapi.ScopeTypeCOMMUNITY), ScopeID: ptr(chess.ID.String())})
		}},
		"copyPoll": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.CopyPollWithResponse(t.Context(), s.poll(inChess, 1).Poll.ID, votingapi.PollCopy{})
		}},
		"exportResults": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ExportResultsWithResponse(t.Context(), s.poll(draft).Poll.ID)
		}},
		"createPoll": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			body := votingapi.PollCreate{Title: "t"}
			inChess(&body)
			return c.CreatePollWithResponse(t.Context(), body)
		}},
		"getPoll": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetPollWithResponse(t.Context(), s.poll(inChess, 1).Poll.ID)
		}},
		"getPollInfo": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetPollInfoWithResponse(t.Context(), s.poll(inChess, 1).Poll.ID)
		}},
		"updatePoll": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.UpdatePollWithResponse(t.Context(), s.poll(draft).Poll.ID, votingapi.PollUpdate{Title: ptr("new")})
		}},
		"deletePoll": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.DeletePollWithResponse(t.Context(), s.poll(draft).Poll.ID)
		}},
		"createNomination": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.CreateNominationWithResponse(t.Context(), s.poll(draft).Poll.ID, nomination(1))
		}},
		"updateNomination": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			info := s.poll(draft)
			return c.UpdateNominationWithResponse(t.Context(), info.Poll.ID, info.Nominations[0].ID, votingapi.NominationUpdate{})
		}},
		"deleteNomination": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			info := s.poll(draft)
			return c.DeleteNominationWithResponse(t.Context(), info.Poll.ID, info.Nominations[0].ID)
		}},
		"createOption": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			info := s.poll(draft)
			return c.CreateOptionWithResponse(t.Context(), info.Poll.ID, info.Nominations[0].ID, votingapi.OptionCreate{Title: "o"})
		}},
		"updateOption": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			info := s.poll(draft)
			return c.UpdateOptionWithResponse(t.Context(), info.Poll.ID, info.Options[0].ID, votingapi.OptionUpdate{})
		}},
		"deleteOption": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			info := s.poll(draft)
			return c.DeleteOptionWithResponse(t.Context(), info.Poll.ID, info.Options[0].ID)
		}},
		"uploadImage": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.UploadImageWithBodyWithResponse(t.Context(), s.poll(draft).Poll.ID, "application/octet-stream", bytes.NewReader(picture(t, 1)))
		}},
		"getImage": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			info := s.poll(draft)
			url := s.uploaded(info.Poll.ID, 1)
			r, err := s.As(s.maker).UpdatePollWithResponse(t.Context(), info.Poll.ID, votingapi.PollUpdate{Status: ptr(votingapi.PollStatusActive)})
			service.OK(t, r, err)
			return c.GetImageWithResponse(t.Context(), info.Poll.ID, idOfImage(t, url), &votingapi.GetImageParams{})
		}},
		"castVote": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.CastVoteWithResponse(t.Context(), choose(s.poll(inChess, 1), 0))
		}},
		"replaceBallot": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			info := s.poll(inChess, 1)
			return c.ReplaceBallotWithResponse(t.Context(), info.Poll.ID, ballotOf(info, 0))
		}},
		"revokeVote": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			info := s.poll(inChess, 1)
			held := s.colleagueLike(a) // casts while still allowed to
			return c.RevokeVoteWithResponse(t.Context(), held(info))
		}},
		"listMyVotes": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListMyVotesWithResponse(t.Context(), s.poll(inChess, 1).Poll.ID)
		}},
		"listParticipants": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListParticipantsWithResponse(t.Context(), s.poll(draft).Poll.ID)
		}},
		"putParticipant": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.PutParticipantWithResponse(t.Context(), s.poll(draft).Poll.ID, votingapi.ParticipantPut{UserID: uuid.New(), Role: "observer"})
		}},
		"addParticipants": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.AddParticipantsWithResponse(t.Context(), s.poll(draft).Poll.ID, votingapi.ParticipantsAdd{UserIds: []uuid.UUID{uuid.New()}, Role: "observer"})
		}},
		"listMyInvites": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListMyInvitesWithResponse(t.Context())
		}},
		"acceptInvite": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.AcceptInviteWithResponse(t.Context(), s.invited(s.poll(inChess, 1), a))
		}},
		"declineInvite": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.DeclineInviteWithResponse(t.Context(), s.invited(s.poll(inChess, 1), a))
		}},
		"removeParticipant": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.RemoveParticipantWithResponse(t.Context(), s.poll(draft).Poll.ID, uuid.New())
		}},
		"listAudit": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListAuditWithResponse(t.Context(), &votingapi.ListAuditParams{})
		}},
		"getResults": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetResultsWithResponse(t.Context(), s.poll(inChess, 1).Poll.ID)
		}},
		"listTemplates": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListTemplatesWithResponse(t.Context())
		}},
		"exportPersonalData": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.ExportPersonalDataWithResponse(t.Context(), a.User, &votingapi.ExportPersonalDataParams{})
		}},
		"erasePersonalData": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.ErasePersonalDataWithResponse(t.Context(), a.User)
		}},
	}
	for id, want := range map[string]string{"listTemplates": "user", "listMyInvites": "user", "exportPersonalData": "service", "erasePersonalData": "service"} {
		require.Equal(t, want, votingapi.Operations[id].Authenticated, id)
	}
	for id, operation := range table {
		declared := votingapi.Operations[id]
		operation.Scope = chess
		if declared.Scope == "tenant" {
			operation.Scope = authz.TenantScope(s.Tenant)
		} else if id != "listPolls" && id != "listMyPolls" && slices.Contains([]authz.Permission{domain.PermissionPollRead, domain.PermissionPollsAdmin}, authz.Permission(declared.Permission)) {
			operation.Status, operation.Code = http.StatusNotFound, "NOT_FOUND" // a poll that the caller cannot read: without the right to read, or a draft
		}
		table[id] = operation
	}
	s.Operations(t, votingapi.Operations, adminKeys, table)
}

// A caller who can read a poll and does not manage it gets 403, not 404.
func TestCallersWhoCanReadAPollGetForbidden(t *testing.T) {
	t.Parallel()
	s := start(t)
	info := s.poll(func(*votingapi.PollCreate) {}, 1)
	c := s.As(s.Actor(makerKeys...))
	updated, err := c.UpdatePollWithResponse(t.Context(), info.Poll.ID, votingapi.PollUpdate{Title: ptr("mine")})
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", updated, err)
	gone, err := c.DeletePollWithResponse(t.Context(), info.Poll.ID)
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", gone, err)
}

// colleagueLike casts a vote for a user who may not be allowed to vote, and returns its id.
func (s *fixture) colleagueLike(a authz.Actor) func(votingapi.PollInfo) uuid.UUID {
	return func(info votingapi.PollInfo) uuid.UUID {
		allowed, err := s.Access.Check(service.Request(a), authz.Check{Permission: domain.PermissionVoteCast, Scope: authz.TenantScope(a.Tenant)})
		require.NoError(s.T, err)
		s.Access.Member(a, domain.PermissionVoteCast)
		vote := s.vote(a, info, 0)
		if !allowed {
			s.Access.Revoke(a, domain.PermissionVoteCast)
		}
		return vote.ID
	}
}
