package app_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	contentapp "go.updspace.com/portal/content/app"
	contentdomain "go.updspace.com/portal/content/domain"
)

// rankSequence answers each call with the next ranks.
type rankSequence struct{ next []map[uuid.UUID]int }

func (r *rankSequence) Ranks(context.Context, uuid.UUID) (map[uuid.UUID]int, error) {
	ranks := r.next[0]
	r.next = r.next[1:]
	return ranks, nil
}

// A post is refused when the author's rank in its community or team has dropped since Access allowed the post.
func TestAuthorsWhoseRankDroppedAreRefused(t *testing.T) {
	t.Parallel()
	s := newFixture(asIs)
	author := authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	s.access.Member(author, readers...)
	chess := s.found(t, author, "Chess", uuid.Nil)
	openings := s.found(t, author, "Openings", chess.CommunityID)
	s.access.Grant(author, chess.AuthzScope(author.Tenant), readers...)
	s.access.Grant(author, openings.AuthzScope(author.Tenant), readers...)
	community, team := chess.CommunityID, openings.TeamID
	ranks := func(inCommunity, inTeam int) map[uuid.UUID]int {
		return map[uuid.UUID]int{community: inCommunity, team: inTeam}
	}
	for name, c := range map[string]struct {
		visibility authz.Visibility
		next       []map[uuid.UUID]int
		refused    bool
	}{
		"the same rank":                  {authz.VisibilityTeam, []map[uuid.UUID]int{ranks(1, 2), ranks(1, 2)}, false},
		"a higher rank":                  {authz.VisibilityTeam, []map[uuid.UUID]int{ranks(1, 1), ranks(2, 3)}, false},
		"a lower rank in the team":       {authz.VisibilityTeam, []map[uuid.UUID]int{ranks(1, 2), ranks(1, 1)}, true},
		"a lower rank in the community":  {authz.VisibilityTeam, []map[uuid.UUID]int{ranks(2, 1), ranks(1, 1)}, true},
		"removed from the team":          {authz.VisibilityTeam, []map[uuid.UUID]int{ranks(1, 1), ranks(1, 0)}, true},
		"removed from the community":     {authz.VisibilityCommunity, []map[uuid.UUID]int{ranks(1, 0), ranks(0, 0)}, true},
		"never a member":                 {authz.VisibilityTeam, []map[uuid.UUID]int{ranks(0, 0)}, false},
		"a member of the community only": {authz.VisibilityTeam, []map[uuid.UUID]int{ranks(1, 0), ranks(1, 0)}, false},
	} {
		deps := s.deps
		deps.Roles = &rankSequence{c.next}
		scope := openings
		if c.visibility == authz.VisibilityCommunity {
			scope = chess
		}
		_, err := contentapp.Posts{Deps: deps}.Create(s.as(author), author, contentapp.CreatePost{Draft: contentdomain.PostDraft{Title: name, Visibility: c.visibility, Scope: scope}})
		if c.refused {
			require.ErrorIs(t, err, authz.ErrDenied, name)
			continue
		}
		require.NoError(t, err, name)
	}
}
