package voting_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/voting/domain"
)

// Every operation asks Access for the permission it declares, in the scope of the poll, and refuses whoever lacks just
// that one. The table must know every operation of the document.
func TestWhatIsDeclaredIsWhatIsAsked(t *testing.T) {
	s := start(t)
	chess := domain.Scope{Type: domain.ScopeCommunity, ID: "chess"}
	inChess := func(b *votingapi.PollCreate) {
		b.ScopeType, b.ScopeID, b.AllowRevoting = ptr(votingapi.ScopeTypeCOMMUNITY), some(chess.ID), ptr(true)
	}
	draft := func(b *votingapi.PollCreate) {
		inChess(b)
		b.Nominations = some([]votingapi.NominationCreate{nomination(2), nomination(1)})
	}
	keys := append([]domain.Permission{domain.PermissionPollsAdmin}, adminKeys...)
	tests := map[string]func(*votingapi.ClientWithResponses, domain.Actor) (answer, error){
		"listPolls": func(c *votingapi.ClientWithResponses, _ domain.Actor) (answer, error) {
			return c.ListPollsWithResponse(t.Context(), &votingapi.ListPollsParams{ScopeType: ptr(votingapi.ScopeTypeCOMMUNITY), ScopeID: &chess.ID})
		},
		"createPoll": func(c *votingapi.ClientWithResponses, _ domain.Actor) (answer, error) {
			body := votingapi.PollCreate{Title: "t"}
			inChess(&body)
			return c.CreatePollWithResponse(t.Context(), body)
		},
		"getPoll": func(c *votingapi.ClientWithResponses, _ domain.Actor) (answer, error) {
			return c.GetPollWithResponse(t.Context(), s.poll(inChess, 1).Poll.ID)
		},
		"getPollInfo": func(c *votingapi.ClientWithResponses, _ domain.Actor) (answer, error) {
			return c.GetPollInfoWithResponse(t.Context(), s.poll(inChess, 1).Poll.ID)
		},
		"updatePoll": func(c *votingapi.ClientWithResponses, _ domain.Actor) (answer, error) {
			return c.UpdatePollWithResponse(t.Context(), s.poll(draft).Poll.ID, votingapi.PollUpdate{Title: ptr("new")})
		},
		"deletePoll": func(c *votingapi.ClientWithResponses, _ domain.Actor) (answer, error) {
			return c.DeletePollWithResponse(t.Context(), s.poll(draft).Poll.ID)
		},
		"createNomination": func(c *votingapi.ClientWithResponses, _ domain.Actor) (answer, error) {
			return c.CreateNominationWithResponse(t.Context(), s.poll(draft).Poll.ID, nomination(1))
		},
		"updateNomination": func(c *votingapi.ClientWithResponses, _ domain.Actor) (answer, error) {
			info := s.poll(draft)
			return c.UpdateNominationWithResponse(t.Context(), info.Poll.ID, info.Nominations[0].ID, votingapi.NominationUpdate{})
		},
		"deleteNomination": func(c *votingapi.ClientWithResponses, _ domain.Actor) (answer, error) {
			info := s.poll(draft)
			return c.DeleteNominationWithResponse(t.Context(), info.Poll.ID, info.Nominations[0].ID)
		},
		"createOption": func(c *votingapi.ClientWithResponses, _ domain.Actor) (answer, error) {
			info := s.poll(draft)
			return c.CreateOptionWithResponse(t.Context(), info.Poll.ID, info.Nominations[0].ID, votingapi.OptionCreate{Title: "o"})
		},
		"updateOption": func(c *votingapi.ClientWithResponses, _ domain.Actor) (answer, error) {
			info := s.poll(draft)
			return c.UpdateOptionWithResponse(t.Context(), info.Poll.ID, info.Options[0].ID, votingapi.OptionUpdate{})
		},
		"deleteOption": func(c *votingapi.ClientWithResponses, _ domain.Actor) (answer, error) {
			info := s.poll(draft)
			return c.DeleteOptionWithResponse(t.Context(), info.Poll.ID, info.Options[0].ID)
		},
		"castVote": func(c *votingapi.ClientWithResponses, _ domain.Actor) (answer, error) {
			return c.CastVoteWithResponse(t.Context(), choose(s.poll(inChess, 1), 0))
		},
		"revokeVote": func(c *votingapi.ClientWithResponses, a domain.Actor) (answer, error) {
			info := s.poll(inChess, 1)
			held := s.colleagueLike(a) // casts while still allowed to
			return c.RevokeVoteWithResponse(t.Context(), held(info))
		},
		"listMyVotes": func(c *votingapi.ClientWithResponses, _ domain.Actor) (answer, error) {
			return c.ListMyVotesWithResponse(t.Context(), s.poll(inChess, 1).Poll.ID)
		},
		"getResults": func(c *votingapi.ClientWithResponses, _ domain.Actor) (answer, error) {
			return c.GetResultsWithResponse(t.Context(), s.poll(inChess, 1).Poll.ID)
		},
	}
	for id, operation := range votingapi.Operations {
		try, ok := tests[id]
		require.True(t, ok, "%s has no test", id)
		declared := domain.Permission(operation.Permission)
		require.NotEmpty(t, declared, "%s declares no permission", id)
		t.Run(id, func(t *testing.T) {
			holder := s.colleague(keys...)
			s.access.Asked()
			r, err := try(s.as(holder), holder)
			fine(t, r, err)
			asked, _ := s.access.Asked()
			var found bool
			for _, ask := range asked {
				found = found || ask.Permission == declared && ask.Scope == chess
			}
			require.True(t, found, "%s declares %s and asked %v", id, declared, asked)

			lacking := s.colleague(keys...)
			s.access.Revoke(lacking.User, declared)
			r, err = try(s.as(lacking), lacking)
			status, code := http.StatusForbidden, "FORBIDDEN"
			if id != "listPolls" && (declared == domain.PermissionPollRead || declared == domain.PermissionPollsAdmin) {
				status, code = http.StatusNotFound, "NOT_FOUND" // a poll that he does not see: without the right to read, or a draft
			}
			refused(t, status, code, r, err)
		})
	}
	require.Len(t, tests, len(votingapi.Operations), "a test of an operation that does not exist")
}

// Whoever sees a poll and may not administer it is told just that.
func TestADenialIsNoHiding(t *testing.T) {
	s := start(t)
	info := s.poll(func(*votingapi.PollCreate) {}, 1)
	c := s.as(s.colleague(makerKeys...))
	updated, err := c.UpdatePollWithResponse(t.Context(), info.Poll.ID, votingapi.PollUpdate{Title: ptr("mine")})
	refused(t, http.StatusForbidden, "FORBIDDEN", updated, err)
	gone, err := c.DeletePollWithResponse(t.Context(), info.Poll.ID)
	refused(t, http.StatusForbidden, "FORBIDDEN", gone, err)
}

// colleagueLike votes for somebody while he may, whatever he may later, and returns the vote.
func (s *service) colleagueLike(a domain.Actor) func(votingapi.PollInfo) uuid.UUID {
	return func(info votingapi.PollInfo) uuid.UUID {
		allowed, _ := s.access.AllowedEach(request(a), []domain.Ask{{Permission: domain.PermissionVoteCast}})
		s.access.Grant(a.User, []domain.Permission{domain.PermissionVoteCast})
		vote := s.vote(a, info, 0)
		if !allowed[0] {
			s.access.Revoke(a.User, domain.PermissionVoteCast)
		}
		return vote.ID
	}
}
