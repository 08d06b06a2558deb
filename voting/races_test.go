package voting_test

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/voting/domain"
)

const crowd = 200

// outcome counts answers by status and code.
type outcome struct {
	mu     sync.Mutex
	counts map[string]int
	err    error
}

func (o *outcome) add(r answer, err error) {
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
	if code := codeOf(r); code != "" {
		key += " " + code
	}
	o.counts[key]++
}

// atOnce sends a request per voter, all starting together.
func (s *service) atOnce(voters []domain.Actor, send func(context.Context, *votingapi.ClientWithResponses, int) (answer, error)) map[string]int {
	s.t.Helper()
	var all outcome
	var wg sync.WaitGroup
	clients := map[domain.Actor]*votingapi.ClientWithResponses{}
	for _, voter := range voters {
		if clients[voter] == nil {
			clients[voter] = s.as(voter)
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
	require.NoError(s.t, all.err)
	return all.counts
}

func (s *service) crowd() []domain.Actor {
	voters := make([]domain.Actor, crowd)
	for i := range voters {
		voters[i] = s.colleague(memberKeys...)
	}
	return voters
}

func (s *service) results(info votingapi.PollInfo) []int64 {
	s.t.Helper()
	r, err := s.as(s.maker).GetResultsWithResponse(s.t.Context(), info.Poll.ID)
	return votesOf(*fine(s.t, r, err).JSON200)
}

func TestTwoHundredIdenticalVotesLeaveOne(t *testing.T) {
	s := start(t)
	info := s.poll(nil, 3)
	voters := make([]domain.Actor, crowd)
	for i := range voters {
		voters[i] = s.member
	}
	got := s.atOnce(voters, func(ctx context.Context, c *votingapi.ClientWithResponses, _ int) (answer, error) {
		return c.CastVoteWithResponse(ctx, choose(info, 1))
	})
	require.Equal(t, map[string]int{"Created": 1, "Conflict ALREADY_VOTED": crowd - 1}, got)
	require.Equal(t, []int64{0, 1, 0}, s.results(info))
}

func TestOneRequestSentTwoHundredTimesIsAnsweredEachTime(t *testing.T) {
	s := start(t)
	info := s.poll(nil, 3)
	same := request(s.member)
	voters := make([]domain.Actor, crowd)
	for i := range voters {
		voters[i] = s.member
	}
	got := s.atOnce(voters, func(_ context.Context, c *votingapi.ClientWithResponses, _ int) (answer, error) {
		return c.CastVoteWithResponse(same, choose(info, 1))
	})
	require.Equal(t, map[string]int{"Created": crowd}, got)
	require.Equal(t, []int64{0, 1, 0}, s.results(info))
}

func TestTwoHundredVotersLeaveTwoHundredVotes(t *testing.T) {
	s := start(t)
	info := s.poll(nil, 4)
	got := s.atOnce(s.crowd(), func(ctx context.Context, c *votingapi.ClientWithResponses, i int) (answer, error) {
		return c.CastVoteWithResponse(ctx, choose(info, i%4))
	})
	require.Equal(t, map[string]int{"Created": crowd}, got)
	require.Equal(t, []int64{50, 50, 50, 50}, s.results(info))
}

func TestAUserRacingHimselfUsesAllHisVotesAndNoMore(t *testing.T) {
	s := start(t)
	info := s.poll(func(b *votingapi.PollCreate) {
		n := nomination(20)
		n.MaxVotes = ptr[int32](7)
		b.Nominations, b.Status = some([]votingapi.NominationCreate{n}), ptr(votingapi.PollStatusActive)
	})
	voters := make([]domain.Actor, 60)
	for i := range voters {
		voters[i] = s.member
	}
	got := s.atOnce(voters, func(ctx context.Context, c *votingapi.ClientWithResponses, i int) (answer, error) {
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
	s := start(t)
	info := s.poll(nil, 2)
	maker := s.as(s.maker)
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
	got := s.atOnce(s.crowd(), func(ctx context.Context, c *votingapi.ClientWithResponses, i int) (answer, error) {
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
	r, err := s.as(s.member).CastVoteWithResponse(t.Context(), choose(info, 0))
	refused(t, http.StatusConflict, "POLL_CLOSED", r, err)
}

// A crowd that never pauses cannot keep a poll open: the close gets its turn.
func TestACrowdCannotKeepAPollOpen(t *testing.T) {
	s := start(t)
	info := s.poll(func(b *votingapi.PollCreate) { b.AllowRevoting = ptr(true) }, 1)
	maker := s.as(s.maker)
	var busy, wg sync.WaitGroup
	var surprises outcome
	for range 16 {
		voter := s.colleague(memberKeys...)
		client := s.as(voter)
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
	fine(t, r, err)
	wg.Wait()
	require.NoError(t, surprises.err)
	require.Equal(t, map[string]int{"Conflict POLL_CLOSED": 16}, surprises.counts)
}
