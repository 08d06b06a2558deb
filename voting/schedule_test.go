package voting_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
	store "go.updspace.com/voting/adapters/pg"
)

// Scheduled polls open and close by the clock, each once, however many instances look.
func TestPollsFollowTheirSchedule(t *testing.T) {
	t.Parallel()
	s := start(t)
	now := s.Clock.Now()
	info := s.poll(func(b *votingapi.PollCreate) {
		b.StartsAt, b.EndsAt = some(now.Add(time.Hour)), some(now.Add(2*time.Hour))
	}, 1)
	s.poll(nil, 1) // open from its publishing: no event of its opening
	require.Equal(t, votingapi.PollPhaseScheduled, info.Poll.Phase)
	r, err := s.As(s.member).CastVoteWithResponse(t.Context(), choose(info, 0))
	service.Refused(t, 409, "POLL_NOT_STARTED", r, err)
	race := func() {
		t.Helper()
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if err := s.lifecycle.FollowSchedules(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		require.NoError(t, s.lifecycle.FollowSchedules(context.Background()), "nothing is left over")
	}
	events := func(kind string) int {
		t.Helper()
		return len(s.announced(kind))
	}
	race()
	require.Zero(t, events("voting.poll.opened"))
	s.Clock.Advance(time.Hour)
	race()
	require.Equal(t, 1, events("voting.poll.opened"))
	s.vote(s.member, info, 0)
	s.Clock.Advance(time.Hour + time.Second)
	r, err = s.As(s.maker).CastVoteWithResponse(t.Context(), choose(info, 0))
	require.NoError(t, err)
	require.Equal(t, 409, r.StatusCode(), "whether or not the job ran")
	race()
	require.Equal(t, 1, events("voting.poll.closed"))
	require.Equal(t, 1, events("voting.poll.opened"))
}

// announced are the subjects of the events of a type, in their order.
func (s *fixture) announced(kind string) (subjects []string) {
	s.T.Helper()
	ctx := reqctx.With(context.Background(), reqctx.Context{TenantID: s.Tenant})
	require.NoError(s.T, s.DB.Read(ctx, func(ctx context.Context) error {
		return s.DB.Conn(ctx).NewRaw("SELECT subject FROM outbox WHERE type = ? ORDER BY subject", kind).Scan(ctx, &subjects)
	}))
	return subjects
}

// Two instances of the service follow one schedule: each poll is announced once, whichever instance is first.
func TestTwoInstancesAnnounceEachPollOnce(t *testing.T) {
	t.Parallel()
	database := testkit.Postgres(t, store.Migrations())
	shared := func(testing.TB) pg.Config { return database }
	one, other := startOn(t, shared), startOn(t, shared)
	now := one.Clock.Now()
	var subjects []string
	for range 12 {
		info := one.poll(func(b *votingapi.PollCreate) {
			b.StartsAt, b.EndsAt = some(now.Add(time.Hour)), some(now.Add(2*time.Hour))
		}, 1)
		subjects = append(subjects, "poll/"+info.Poll.ID.String())
	}
	slices.Sort(subjects)
	race := func() {
		t.Helper()
		var wg sync.WaitGroup
		for _, s := range []*fixture{one, other, one, other} {
			wg.Go(func() {
				if err := s.lifecycle.FollowSchedules(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		// a poll that one call left to another, which then failed on it, is found by the next
		require.NoError(t, other.lifecycle.FollowSchedules(context.Background()))
	}
	for _, step := range []struct {
		passes time.Duration
		kind   string
	}{{time.Hour, "voting.poll.opened"}, {time.Hour + time.Second, "voting.poll.closed"}} {
		require.Empty(t, one.announced(step.kind))
		one.Clock.Advance(step.passes)
		other.Clock.Advance(step.passes)
		race()
		race()
		require.Equal(t, subjects, one.announced(step.kind))
	}
}
