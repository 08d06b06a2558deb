package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/outbox"
	"go.updspace.com/tools/journey"
)

// patience is how long a condition may take to come true.
const patience = 30 * time.Second

func TestRedisAway(t *testing.T) {
	admin, member := signedIn(t, journey.Admin), signedIn(t, journey.Member)
	p := newPoll(t, admin, 3)
	require.NoError(t, member.Send(t.Context(), http.MethodGet, "/api/v1/session/me", nil).Expect(http.StatusOK))

	require.NoError(t, world.Redis.Kill())
	t.Cleanup(func() { // also when the test fails: the others need it
		if world.Redis.Done() == nil && !world.Redis.StandIn {
			require.NoError(t, world.Redis.Start(context.WithoutCancel(t.Context())))
		}
	})
	slowest := time.Duration(0)
	for option := range 3 {
		for _, a := range []*journey.Answer{
			timed(&slowest, func() *journey.Answer { return member.Send(t.Context(), http.MethodGet, "/api/v1/session/me", nil) }),
			timed(&slowest, func() *journey.Answer { return member.Send(t.Context(), http.MethodGet, "/api/v1/voting/polls", nil) }),
		} {
			require.NoError(t, a.Expect(http.StatusOK))
		}
		require.NoError(t, timed(&slowest, func() *journey.Answer { return cast(t.Context(), member, p, option) }).Expect(http.StatusCreated))
	}
	require.Less(t, slowest, 2*time.Second, "a dead Redis must not make everyone wait")

	// Somebody new can come in, and signing out still ends the session at once.
	second := signedIn(t, journey.Second)
	cookie := second.Cookie("updspace_session")
	require.NoError(t, second.Send(t.Context(), http.MethodPost, "/api/v1/logout", nil).Expect(http.StatusNoContent))
	second.Remember("updspace_session", cookie)
	require.NoError(t, second.Send(t.Context(), http.MethodGet, "/api/v1/session/me", nil).Expect(http.StatusUnauthorized))

	require.NoError(t, world.Redis.Start(t.Context()))
	require.NoError(t, second.Send(t.Context(), http.MethodGet, "/api/v1/session/me", nil).Expect(http.StatusUnauthorized), "what ended while Redis was away stays ended")
	require.NoError(t, member.Send(t.Context(), http.MethodGet, "/api/v1/session/me", nil).Expect(http.StatusOK))
}

func timed(slowest *time.Duration, f func() *journey.Answer) *journey.Answer {
	began := time.Now()
	a := f()
	*slowest = max(*slowest, time.Since(began))
	return a
}

// event is what a consumer sees of a domain event.
type event struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Subject string `json:"subject"`
	Tenant  string `json:"tenantid"`
	Data    struct {
		PollID   string `json:"poll_id"`
		OptionID string `json:"option_id"`
	} `json:"data"`
}

// eventsOf reads the stream for the events of one aggregate until there are as many as expected, and then a little on, so that one too many
// is seen as well.
func eventsOf(t *testing.T, subject string, expected int) []event {
	t.Helper()
	nc, err := nats.Connect(world.NATS.URL())
	require.NoError(t, err)
	defer nc.Close()
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	consumer, err := js.OrderedConsumer(t.Context(), outbox.StreamEvents, jetstream.OrderedConsumerConfig{})
	require.NoError(t, err)
	var found []event
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		wait := time.Second
		if len(found) < expected {
			wait = time.Until(deadline)
		}
		message, err := consumer.Next(jetstream.FetchMaxWait(min(wait, time.Second)))
		if err != nil {
			if len(found) >= expected {
				break
			}
			continue
		}
		var e event
		require.NoError(t, json.Unmarshal(message.Data(), &e))
		if e.Subject == subject {
			found = append(found, e)
		}
	}
	return found
}

func TestNATSAway(t *testing.T) {
	admin, member := signedIn(t, journey.Admin), signedIn(t, journey.Member)
	p := newPoll(t, admin, 5)

	world.NATS.Stop()
	back := sync.OnceFunc(func() { require.NoError(t, world.NATS.Start()) })
	t.Cleanup(back)
	for option := range 5 {
		require.NoError(t, cast(t.Context(), member, p, option).Expect(http.StatusCreated))
	}
	back()

	cast := map[string]int{}
	for _, e := range eventsOf(t, "poll/"+p.ID, 5+2) { // created and published before
		if e.Type == "voting.vote.cast" {
			cast[e.Data.OptionID]++
			require.Equal(t, "00000000-0000-0000-0000-000000000001", e.Tenant)
		}
	}
	require.Len(t, cast, 5, "every vote's event arrives after the broker is back")
	for option, times := range cast {
		require.Equal(t, 1, times, option)
	}
}

// TestPostgresRestartsUnderLoad restarts the server beneath forty people who vote and read as fast as they can.
func TestPostgresRestartsUnderLoad(t *testing.T) {
	admin := signedIn(t, journey.Admin)
	const options = 400
	p := newPoll(t, admin, options)
	readers := []*journey.Browser{signedIn(t, journey.Member), signedIn(t, journey.Second)}

	var (
		mu       sync.Mutex
		votes    = map[int][]*journey.Answer{} // by option, the retries included
		reads    []*journey.Answer
		refused  int
		loading  sync.WaitGroup
		stop     = make(chan struct{})
		next     = make(chan int, options)
		progress = make(chan struct{}, 10*options)
	)
	for i := range options {
		next <- i
	}
	voter := signedIn(t, journey.Second)
	for range 8 {
		loading.Go(func() {
			for {
				select {
				case <-stop:
					return
				case option := <-next:
					a := cast(context.WithoutCancel(t.Context()), voter, p, option)
					mu.Lock()
					votes[option] = append(votes[option], a)
					mu.Unlock()
					progress <- struct{}{}
				}
			}
		})
	}
	for i := range 6 {
		loading.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				a := readers[i%2].Send(context.WithoutCancel(t.Context()), http.MethodGet, "/api/v1/voting/polls/"+p.ID+"/info", nil)
				mu.Lock()
				reads = append(reads, a)
				mu.Unlock()
			}
		})
	}
	for range 40 { // the load is on
		<-progress
	}
	require.NoError(t, world.Postgres.Restart(t.Context()))
	restarted := time.Now()
	for range 40 { // and goes on
		<-progress
	}
	require.Eventually(t, func() bool {
		return admin.Send(t.Context(), http.MethodGet, "/api/v1/voting/polls/"+p.ID+"/info", nil).Status == http.StatusOK
	}, patience, 50*time.Millisecond, "recovers by itself")
	t.Logf("recovered %s after the restart", time.Since(restarted))
	close(stop)
	loading.Wait()

	for _, a := range reads {
		checkUnderLoad(t, a, http.StatusOK, &refused)
	}
	accepted := map[int]bool{}
	for option, answers := range votes {
		for _, a := range answers {
			checkUnderLoad(t, a, http.StatusCreated, &refused)
			if a.Status == http.StatusCreated {
				accepted[option] = true
			}
		}
	}
	t.Logf("%d reads, %d votes accepted, %d answers were 503", len(reads), len(accepted), refused)
	require.Positive(t, refused, "the restart was not felt, so nothing was proved")

	// Nothing half-written: what was accepted is there, and every ballot has its event and every event its ballot.
	db := database(t, "db_voting")
	ballots := count(t, db, `SELECT count(*) FROM ballots WHERE poll_id = $1`, p.ID)
	require.GreaterOrEqual(t, ballots, len(accepted))
	for option := range accepted {
		require.Equal(t, 1, count(t, db, `SELECT count(*) FROM ballots WHERE poll_id = $1 AND option_id = $2`, p.ID, p.Options[option]))
	}
	cast := map[string]int{}
	for _, e := range eventsOf(t, "poll/"+p.ID, ballots+2) {
		if e.Type == "voting.vote.cast" {
			cast[e.Data.OptionID]++
		}
	}
	require.Len(t, cast, ballots, "ballots and events agree")
	for option, times := range cast {
		require.Equal(t, 1, times, option)
	}

	// And a platform that can be used as before.
	require.NoError(t, journey.Run(t.Context(), place(), nil))
}

func checkUnderLoad(t *testing.T, a *journey.Answer, good int, refused *int) {
	t.Helper()
	require.NoError(t, a.Err)
	if a.Status == good {
		return
	}
	require.NoError(t, a.Expect(http.StatusServiceUnavailable))
	_, err := a.Envelope()
	require.NoError(t, err)
	*refused++
}

// Two copies of a service share the work: neither keeps in memory what the other must know.
func TestTwoInstances(t *testing.T) {
	admin, member := signedIn(t, journey.Admin), signedIn(t, journey.Member)
	p := newPoll(t, admin, 1)
	second, err := world.Service("voting").StartAnother(t.Context(), nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, second.Stop(context.WithoutCancel(t.Context()))) })
	gateway, err := world.Service("bff").StartAnother(t.Context(), map[string]string{"VOTING_URL": second.URL})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, gateway.Stop(context.WithoutCancel(t.Context()))) })

	// Signed in at one gateway, known at the other; signed out at one, unknown at the other.
	there := func(b *journey.Browser, path string) int {
		r := request(t, http.MethodGet, gateway.URL+path, "")
		r.Host = "aef.localhost"
		r.AddCookie(&http.Cookie{Name: "updspace_session", Value: b.Cookie("updspace_session")})
		status, _ := answer(t, r)
		return status
	}
	require.Equal(t, http.StatusOK, there(member, "/api/v1/voting/polls/"+p.ID+"/info"))
	session := member.Cookie("updspace_session")
	require.NoError(t, member.Send(t.Context(), http.MethodPost, "/api/v1/logout", nil).Expect(http.StatusNoContent))
	member.Remember("updspace_session", session)
	require.Equal(t, http.StatusUnauthorized, there(member, "/api/v1/session/me"), "at once, at every instance")

	// A hundred people vote through both copies at once, and one of them a hundred times.
	urls := []string{world.Service("voting").URL(), second.URL}
	statuses := make([]int, 200)
	one := uuid.New()
	sign := signer(t, "voting")
	body, err := json.Marshal(p.ballot(0))
	require.NoError(t, err)
	concurrently(len(statuses), func(i int) {
		user := one
		if i%2 == 1 {
			user = uuid.New()
		}
		r := request(t, http.MethodPost, urls[i/2%2]+"/api/v1/voting/votes", string(body))
		sign.Sign(r, aef(user), body)
		response, err := http.DefaultClient.Do(r)
		if err == nil {
			statuses[i] = response.StatusCode
			response.Body.Close()
		}
	})
	accepted := 0
	for i, status := range statuses {
		if i%2 == 1 {
			require.Equal(t, http.StatusCreated, status)
		} else if status == http.StatusCreated {
			accepted++
		} else {
			require.Equal(t, http.StatusConflict, status)
		}
	}
	require.Equal(t, 1, accepted, "one ballot for one person")
	require.Equal(t, 101, count(t, database(t, "db_voting"), `SELECT count(*) FROM ballots WHERE poll_id = $1`, p.ID))
	ids := map[string]int{}
	for _, e := range eventsOf(t, "poll/"+p.ID, 101+2) {
		if e.Type == "voting.vote.cast" {
			ids[e.ID]++
		}
	}
	require.Len(t, ids, 101)
	for id, times := range ids {
		require.Equal(t, 1, times, id)
	}
}
