package voting_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/voting"
)

// The demo data has a poll in every phase, however often it is made.
func TestTheDemoHasEveryPhase(t *testing.T) {
	t.Parallel()
	var cfg voting.Config
	s := start(t, func(c *voting.Config) { cfg = *c })
	for range 2 {
		require.NoError(t, voting.SeedDemo(context.Background(), cfg))
	}
	admin := authz.Actor{Tenant: uuid.MustParse("00000000-0000-0000-0000-000000000001"), User: uuid.MustParse("00000000-0000-4000-8000-000000000001")}
	s.Access.Member(admin, adminKeys...)
	page := s.mine(admin, votingapi.ListMyPollsParams{})
	require.Equal(t, votingapi.PollTotals{Todo: 1, Open: 1, Scheduled: 1, Draft: 1, Closed: 1}, page.Totals)
}
