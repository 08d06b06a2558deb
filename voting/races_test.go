package voting_test

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit/service"
)

const crowd = 200

// outcome counts answers by status and code.
type outcome struct {
	mu     sync.Mutex
	counts map[string]int
	err    error
}

func (o *outcome) add(r service.Answer, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err != nil {
		o.err = err
		return
	}
	if o.counts == nil {
		o.counts = map[string]int{}
	}
	key := http.StatusText(r.StatusCode())
	if code := service.Code(r); code != "" {
		key += " " + code
	}
	o.counts[key]++
}

// atOnce sends a request per voter, all starting together.
func (s *fixture) atOnce(voters []authz.Actor, send func(context.Context, client, int) (service.Answer, error)) map[string]int {
	s.T.Helper()
	var all outcome
	var wg sync.WaitGroup
	clients := map[authz.Actor]client{}
	for _, voter := range voters {
		if clients[voter] == nil {
			clients[voter] = s.As(voter)
		}
	}
	begin := make(chan struct{})
	for i, voter := range voters {
		wg.Go(func() {
			<-begin
			all.add(send(context.Background(), clients[voter], i))
		})
	}
	close(begin)
	wg.Wait()
	require.NoError(s.T, all.err)
	return all.counts
}

func (s *fixture) crowd() []authz.Actor {
	voters := make([]authz.Actor, crowd)
	for i := range voters {
		voters[i] = s.Actor(memberKeys...)
	}
	return voters
}

func (s *fixture) results(info votingapi.PollInfo) []int64 {
	s.T.Helper()
	r, err := s.As(s.maker).GetResultsWithResponse(s.T.Context(), info.Poll.ID)
	return votesOf(*service.OK(s.T, r, err).JSON200)
}

func TestTwoHundredIdenticalVotesLeaveOne(t *testing.T) {
	t.Parallel()
	s := start(t)
	info := s.poll(nil, 3)
	voters := make([]authz.Actor, crowd)
	for i := range voters {
		voters[i] = s.member
	}
	got := s.atOnce(voters, func(ctx context.Context, c client, _ int) (service.Answer, error) {
		return c.CastVoteWithResponse(ctx, choose(info, 1))
	})
	require.Equal(t, map[string]int{"Created": 1, "Conflict ALREADY_VOTED": crowd - 1}, got)
	require.Equal(t, []int64{0, 1, 0}, s.results(info))
}

func TestOneRequestSentTwoHundredTimesIsAnsweredEachTime(t *testing.T) {
	t.Parallel()
	s := start(t)
	info := s.poll(nil, 3)
	same := service.Request(s.member)
	voters := make([]authz.Actor, crowd)
	for i := range voters {
		voters[i] = s.member
	}
	got := s.atOnce(voters, func(_ context.Context, c client, _ int) (service.Answer, error) {
		return c.CastVoteWithResponse(same, choose(info, 1))
	})
	require.Equal(t, map[string]int{"Created": crowd}, got)
	require.Equal(t, []int64{0, 1, 0}, s.results(info))
}

func TestTwoHundredVotersLeaveTwoHundredVotes(t *testing.T) {
	t.Parallel()
	s := start(t)
	info := s.poll(nil, 4)
	got := s.atOnce(s.crowd(), func(ctx context.Context, c client, i int) (service.Answer, error) {
		return c.CastVoteWithResponse(ctx, choose(info, i%4))
	})
	require.Equal(t, map[string]int{"Created": crowd}, got)
	require.Equal(t, []int64{50, 50, 50, 50}, s.results(info))
}

func TestAUserRacingHimselfUsesAllHisVotesAndNoMore(t *testing.T) {
	t.Parallel()
	s := start(t)
	info := s.poll(func(b *votingapi.PollCreate) {
		n := nomination(20)
		n.MaxVotes = ptr[int32](7)
		b.Nominations, b.Status = some([]votingapi.NominationCreate{n}), ptr(votingapi.PollStatusActive)
	})
	voters := make([]authz.Actor, 60)
	for i := range voters {
		voters[i] = s.member
	}
	got := s.atOnce(voters, func(ctx context.Context, c client, i int) (service.Answer, error) {
		return c.CastVoteWithResponse(ctx, choose(info, i%20))
	})
	require.Equal(t, 7, got["Created"], "%v", got)
	require.Equal(t, 53, got["Conflict ALREADY_VOTED"]+got["Conflict TOO_MANY_VOTES"], "%v", got)
	var sum int64
	for _, votes := range s.results(info) {
		require.LessOrEqual(t, votes, int64(1))
		sum += votes
	}
	require.EqualValues(t, 7, sum)
}

// However many are voting when a poll is closed: what was answered with 201 is in the results, and once the answer to
// the closing is there, nothing comes in any more.
func TestNoVoteLandsAfterTheClose(t *testing.T) {
	t.Parallel()
	s := start(t)
	info := s.poll(nil, 2)
	maker := s.As(s.maker)
	var cast, late atomic.Int32
	var closed atomic.Bool
	middle, closer := make(chan struct{}), make(chan int, 1)
	go func() {
		<-middle
		r, err := maker.UpdatePollWithResponse(context.Background(), info.Poll.ID, votingapi.PollUpdate{Status: ptr(votingapi.PollStatusClosed)})
		closed.Store(true)
		if err != nil {
			closer <- 0
			return
		}
		closer <- r.StatusCode()
	}()
	got := s.atOnce(s.crowd(), func(ctx context.Context, c client, i int) (service.Answer, error) {
		after := closed.Load()
		r, err := c.CastVoteWithResponse(ctx, choose(info, i%2))
		if err == nil && r.StatusCode() == http.StatusCreated {
			if cast.Add(1) == crowd/10 {
				close(middle)
			}
			if after {
				late.Add(1)
			}
		}
		return r, err
	})
	require.Equal(t, http.StatusOK, <-closer)
	require.Zero(t, late.Load())
	require.Equal(t, crowd, got["Created"]+got["Conflict POLL_CLOSED"], "%v", got)
	votes := s.results(info)
	require.EqualValues(t, got["Created"], votes[0]+votes[1])
	r, err := s.As(s.member).CastVoteWithResponse(t.Context(), choose(info, 0))
	service.Refused(t, http.StatusConflict, "POLL_CLOSED", r, err)
}

// A crowd that never pauses cannot keep a poll open: the close gets its turn.
func TestACrowdCannotKeepAPollOpen(t *testing.T) {
	t.Parallel()
	s := start(t)
	info := s.poll(func(b *votingapi.PollCreate) { b.AllowRevoting = ptr(true) }, 1)
	maker := s.As(s.maker)
	var busy, wg sync.WaitGroup
	var surprises outcome
	for range 16 {
		voter := s.Actor(memberKeys...)
		client := s.As(voter)
		busy.Add(1)
		first := sync.OnceFunc(busy.Done)
		wg.Go(func() {
			defer first()
			for { // until the close ends it
				r, err := client.CastVoteWithResponse(context.Background(), choose(info, 0))
				if err != nil || r.StatusCode() != http.StatusCreated {
					surprises.add(r, err)
					return
				}
				mine, err := client.ListMyVotesWithResponse(context.Background(), info.Poll.ID)
				if err != nil || mine.JSON200 == nil || len(*mine.JSON200) != 1 {
					surprises.add(mine, err)
					return
				}
				back, err := client.RevokeVoteWithResponse(context.Background(), (*mine.JSON200)[0].ID)
				if err != nil || back.StatusCode() != http.StatusOK {
					surprises.add(back, err)
					return
				}
				first()
			}
		})
	}
	busy.Wait()
	r, err := maker.UpdatePollWithResponse(t.Context(), info.Poll.ID, votingapi.PollUpdate{Status: ptr(votingapi.PollStatusClosed)})
	service.OK(t, r, err)
	wg.Wait()
	require.NoError(t, surprises.err)
	require.Equal(t, map[string]int{"Conflict POLL_CLOSED": 16}, surprises.counts)
}
