package voting_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
	"go.updspace.com/voting"
)

// relayProcess names the variable that makes the test program a relay and nothing else, so that a test can kill one.
const relayProcess = "VOTING_TEST_RELAY"

// relay moves events until it is killed.
func relay() {
	db, err := pg.Open(context.Background(), pg.Config{URL: os.Getenv("DATABASE_URL")})
	if err == nil {
		err = outbox.NewRelay(outbox.NewPublisher(db, "voting").Validating(), outbox.RelayConfig{NATSURL: os.Getenv("NATS_URL")}).Run(context.Background())
	}
	fmt.Fprintln(os.Stderr, "relay:", err)
	os.Exit(1)
}

// startRelay runs a relay in a process of its own.
func (s *fixture) startRelay(natsURL string) (kill func()) {
	s.T.Helper()
	self, err := os.Executable()
	require.NoError(s.T, err)
	process := exec.Command(self)
	process.Env = append(os.Environ(), relayProcess+"=1", "DATABASE_URL="+s.Database.URL, "NATS_URL="+natsURL)
	require.NoError(s.T, process.Start())
	dead := false
	kill = func() {
		if !dead {
			dead = true
			_ = process.Process.Kill() // SIGKILL: no time for anything
			_ = process.Wait()
		}
	}
	s.T.Cleanup(kill)
	return kill
}

// patience is far beyond what anything here takes on a machine with nothing else to do.
const patience = 2 * time.Minute

type message struct {
	ID, Type, Subject, Source    string
	TenantID, RequestID, ActorID string
	Data                         map[string]any
}

// stream reads what is on the event stream, and waits until there is a number of messages.
type stream struct {
	t  testing.TB
	js jetstream.JetStream
}

func openStream(t testing.TB, url string) stream {
	t.Helper()
	nc, err := nats.Connect(url, nats.MaxReconnects(-1), nats.ReconnectWait(50*time.Millisecond))
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	return stream{t, js}
}

func (s stream) await(n int) {
	s.t.Helper()
	require.NoError(s.t, s.wait(n))
}

// wait is await for goroutines, which must not end a test.
func (s stream) wait(n int) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		stored, err := s.js.Stream(ctx, outbox.StreamEvents)
		if err == nil && int(stored.CachedInfo().State.Msgs) >= n {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("waiting for %d messages: %w", n, errors.Join(err, ctx.Err()))
		}
	}
}

func (s stream) read() (messages []message) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	stored, err := s.js.Stream(ctx, outbox.StreamEvents)
	require.NoError(s.t, err)
	for seq := uint64(1); seq <= stored.CachedInfo().State.LastSeq; seq++ {
		raw, err := stored.GetMsg(ctx, seq)
		require.NoError(s.t, err)
		var m message
		require.NoError(s.t, json.Unmarshal(raw.Data, &m))
		require.Equal(s.t, "updspace."+m.Type, raw.Subject)
		messages = append(messages, m)
	}
	return messages
}

// Votes race, the relay is killed in the middle of them and another takes over: each vote is on the stream once.
func TestEachVoteIsToldOnceAcrossAKilledRelay(t *testing.T) {
	t.Parallel()
	s := start(t) // without a broker of its own: the relays are separate processes here
	broker := testkit.NATSServer(t)
	events := openStream(t, broker.URL)
	info := s.poll(nil, 4)
	kill := s.startRelay(broker.URL)
	killed := make(chan error, 1)
	go func() {
		err := events.wait(20)
		kill()
		killed <- err
	}()
	got := s.atOnce(s.crowd(), func(ctx context.Context, c client, i int) (service.Answer, error) {
		return c.CastVoteWithResponse(ctx, choose(info, i%4))
	})
	require.Equal(t, map[string]int{"Created": crowd}, got)
	require.NoError(t, <-killed)
	s.startRelay(broker.URL)
	events.await(crowd + 2)

	options, voters := map[any]int{}, map[any]int{}
	messages := events.read()
	require.Len(t, messages, crowd+2)
	require.Equal(t, "voting.poll.created", messages[0].Type)
	require.Equal(t, "voting.poll.published", messages[1].Type)
	for _, m := range messages[2:] {
		require.Equal(t, "voting.vote.cast", m.Type)
		options[m.Data["option_id"]]++
		voters[m.Data["user_id"]]++
	}
	require.Len(t, voters, crowd, "nobody twice")
	for i, votes := range s.results(info) {
		require.EqualValues(t, votes, options[info.Options[i].ID.String()])
	}
}

// The broker goes away while people vote: they do not notice, and what they did arrives when it is back, in order.
func TestVotesDoNotNeedTheBroker(t *testing.T) {
	t.Parallel()
	broker := testkit.NATSServer(t)
	s := start(t, func(c *voting.Config) { c.NATSURL = broker.URL })
	info := s.poll(func(b *votingapi.PollCreate) { b.AllowRevoting = ptr(true) }, 2)
	s.vote(s.maker, info, 0)
	events := openStream(t, broker.URL)
	events.await(3)
	broker.Stop()
	vote := s.vote(s.member, info, 0)
	r, err := s.As(s.member).RevokeVoteWithResponse(t.Context(), vote.ID)
	service.OK(t, r, err)
	s.setStatus(info.Poll.ID, votingapi.PollStatusClosed)
	broker.Start()
	events.await(6)

	messages := events.read()
	types := make([]string, len(messages))
	for i, m := range messages {
		types[i] = m.Type
		require.Equal(t, "voting", m.Source)
		require.Equal(t, "poll/"+info.Poll.ID.String(), m.Subject)
		require.Equal(t, s.maker.Tenant.String(), m.TenantID)
	}
	require.Equal(t, []string{"voting.poll.created", "voting.poll.published", "voting.vote.cast", "voting.vote.cast", "voting.vote.revoked", "voting.poll.closed"}, types)
	require.Equal(t, s.member.User.String(), messages[3].ActorID)
	require.Equal(t, s.member.User.String(), messages[3].Data["user_id"])
	require.Equal(t, vote.ID.String(), messages[4].Data["vote_id"])
}

func TestNothingOnTheStreamNamesAnAnonymousVoter(t *testing.T) {
	t.Parallel()
	broker := testkit.NATSServer(t)
	s := start(t, func(c *voting.Config) { c.NATSURL = broker.URL })
	info := s.poll(func(b *votingapi.PollCreate) { b.Anonymous, b.AllowRevoting = ptr(true), ptr(true) }, 1)
	ctx := service.Request(s.member)
	r, err := s.As(s.member).CastVoteWithResponse(ctx, choose(info, 0))
	service.OK(t, r, err)
	mine, err := s.As(s.member).ListMyVotesWithResponse(ctx, info.Poll.ID)
	back, err2 := s.As(s.member).RevokeVoteWithResponse(ctx, (*service.OK(t, mine, err).JSON200)[0].ID)
	service.OK(t, back, err2)
	events := openStream(t, broker.URL)
	events.await(4)
	messages := events.read()
	require.Len(t, messages, 4)
	for _, m := range messages[2:] {
		require.Empty(t, m.ActorID)
		require.Empty(t, m.RequestID)
		text, err := json.Marshal(m)
		require.NoError(t, err)
		require.NotContains(t, string(text), s.member.User.String())
	}
	require.True(t, slices.ContainsFunc(messages, func(m message) bool { return m.ActorID == s.maker.User.String() }), "the maker is no voter")
	require.NotEqual(t, uuid.Nil.String(), messages[2].Data["vote_id"])
}
