package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
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
	for option := range 3 {
		for _, a := range []*journey.Answer{
			member.Send(t.Context(), http.MethodGet, "/api/v1/session/me", nil),
			member.Send(t.Context(), http.MethodGet, "/api/v1/voting/polls", nil),
		} {
			require.NoError(t, a.Expect(http.StatusOK))
		}
		require.NoError(t, cast(t.Context(), member, p, option).Expect(http.StatusCreated))
	}
	for _, u := range uses {
		require.NoError(t, member.Send(t.Context(), http.MethodGet, u.read, nil).Expect(http.StatusOK))
		require.NoError(t, u.making(admin).send(t).Expect(u.good))
	}

	// A user can still sign in, and signing out still ends the session at once.
	second := signedIn(t, journey.Second)
	cookie := second.Cookie("updspace_session")
	require.NoError(t, second.Send(t.Context(), http.MethodPost, "/api/v1/logout", nil).Expect(http.StatusNoContent))
	second.Remember("updspace_session", cookie)
	require.NoError(t, second.Send(t.Context(), http.MethodGet, "/api/v1/session/me", nil).Expect(http.StatusUnauthorized))

	require.NoError(t, world.Redis.Start(t.Context()))
	require.NoError(t, second.Send(t.Context(), http.MethodGet, "/api/v1/session/me", nil).Expect(http.StatusUnauthorized), "what ended while Redis was away stays ended")
	require.NoError(t, member.Send(t.Context(), http.MethodGet, "/api/v1/session/me", nil).Expect(http.StatusOK))
}

// event is what a consumer sees of a domain event.
type event struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Subject string `json:"subject"`
	Tenant  string `json:"tenantid"`
	Data    struct {
		PollID   string    `json:"poll_id"`
		OptionID string    `json:"option_id"`
		UserID   uuid.UUID `json:"user_id"`
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
	grants := []string{grantAchievement(t, admin), grantAchievement(t, admin)}
	makings, ids := make([]making, len(uses)), make([]string, len(uses))
	for i, u := range uses {
		makings[i] = u.making(admin)
		ids[i] = makings[i].made(t)
	}
	back()

	for i, m := range makings {
		m.told(t, ids[i])
	}
	for _, id := range grants {
		arrived := eventsOf(t, "grant/"+id, 1)
		require.Len(t, arrived, 1)
		require.Equal(t, "gamification.grant.created", arrived[0].Type)
	}
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

// grantAchievement grants a repeatable achievement of the demo data to a member, and returns the id of the grant.
func grantAchievement(t *testing.T, admin *journey.Browser) string {
	t.Helper()
	var list struct{ Items []struct{ ID, Kind string } }
	require.NoError(t, admin.Send(t.Context(), http.MethodGet, "/api/v1/gamification/achievements", nil).JSON(http.StatusOK, &list))
	at := slices.IndexFunc(list.Items, func(a struct{ ID, Kind string }) bool { return a.Kind == "repeatable" })
	require.GreaterOrEqual(t, at, 0)
	var grant struct{ ID string }
	require.NoError(t, admin.Send(t.Context(), http.MethodPost, "/api/v1/gamification/achievements/"+list.Items[at].ID+"/grants",
		map[string]any{"recipient_id": "00000000-0000-4000-8000-000000000002"}).JSON(http.StatusCreated, &grant))
	return grant.ID
}

// load is people using the platform while something happens to it.
type load struct {
	mu       sync.Mutex
	refused  int // answers that were 503
	problems []string
}

// check notes an answer that is neither good nor an honest 503, and reports whether it was good.
func (l *load) check(a *journey.Answer, good int) bool {
	if a.Err == nil && a.Status == good {
		return true
	}
	err := a.Expect(http.StatusServiceUnavailable)
	if err == nil {
		_, err = a.Envelope()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refused++
	if err != nil {
		l.problems = append(l.problems, err.Error())
	}
	return false
}

// insist sends the vote until it is accepted, each time under the same request id, as the frontends do.
func (l *load) insist(ctx context.Context, b *journey.Browser, ballot map[string]any) bool {
	id := uuid.NewString()
	for ctx.Err() == nil {
		if l.check(b.Send(ctx, http.MethodPost, "/api/v1/voting/votes", ballot, "X-Request-Id", id), http.StatusCreated) {
			return true
		}
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
	return false
}

// TestPostgresRestartsUnderLoad restarts the server beneath people who vote and read as fast as they can.
func TestPostgresRestartsUnderLoad(t *testing.T) {
	const options, voters, readers = 200, 8, 4
	admin := signedIn(t, journey.Admin)
	polls := []poll{newPoll(t, admin, options), newPoll(t, admin, options)}
	voter, reader := signedIn(t, journey.Second), signedIn(t, journey.Member)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()

	ballots := make(chan map[string]any, len(polls)*options)
	for _, p := range polls {
		for option := range options {
			ballots <- p.ballot(option)
		}
	}
	close(ballots)
	var (
		l        load
		voting   sync.WaitGroup
		reading  sync.WaitGroup
		accepted = make(chan struct{}, len(polls)*options)
		over     = make(chan struct{})
	)
	for range voters {
		voting.Go(func() {
			for ballot := range ballots {
				if !l.insist(ctx, voter, ballot) {
					return
				}
				accepted <- struct{}{}
			}
		})
	}
	for range readers {
		reading.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
					l.check(reader.Send(ctx, http.MethodGet, "/api/v1/voting/polls/"+polls[0].ID+"/info", nil), http.StatusOK)
				}
			}
		})
	}
	for range 40 { // the load is on
		<-accepted
	}
	require.NoError(t, world.Postgres.Restart(ctx))
	restarted := time.Now()
	voting.Wait()
	t.Logf("all votes were in %s after the restart; %d answers were 503", time.Since(restarted).Round(time.Millisecond), l.refused)
	close(over)
	reading.Wait()

	require.Empty(t, l.problems)
	require.Positive(t, l.refused, "the restart was not felt, so nothing was proved")
	require.Len(t, accepted, len(polls)*options-40, "every vote was accepted in the end")

	// Nothing lost, doubled or half-written: each ballot is there once, and has told of itself once.
	db := database(t, "db_voting")
	for _, p := range polls {
		require.Equal(t, options, count(t, db, `SELECT count(*) FROM ballots WHERE poll_id = $1`, p.ID))
		require.Equal(t, options, count(t, db, `SELECT count(DISTINCT option_id) FROM ballots WHERE poll_id = $1`, p.ID))
		cast := map[string]int{}
		for _, e := range eventsOf(t, "poll/"+p.ID, options+2) {
			if e.Type == "voting.vote.cast" {
				cast[e.Data.OptionID]++
			}
		}
		require.Len(t, cast, options)
		for option, times := range cast {
			require.Equal(t, 1, times, option)
		}
	}
	require.NoError(t, journey.Run(t.Context(), place(), nil), "and can be used as before")
}

// Two copies of a service share the work: neither keeps in memory what the other must know.
func TestTwoInstances(t *testing.T) {
	admin, member := signedIn(t, journey.Admin), signedIn(t, journey.Member)
	p := newPoll(t, admin, 1)
	second, err := world.Service("voting").StartAnother(t.Context(), nil)
	require.NoError(t, err)
	stopAtEnd(t, second)
	gateway, err := world.Service("bff").StartAnother(t.Context(), map[string]string{"VOTING_URL": second.URL})
	require.NoError(t, err)
	stopAtEnd(t, gateway)

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
	const each = 100
	var accepted, refused, busy atomic.Int32
	var unexpected sync.Map
	one := uuid.New()
	sign := signer(t, "voting")
	body, err := json.Marshal(p.ballot(0))
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	// In the middle of it both copies lose every connection they have, those that relay events among them.
	db := database(t, "db_voting")
	cut := func() {
		count(t, db, `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = 'db_voting' AND usename = 'db_voting_app'`)
	}
	cuts := []func(){sync.OnceFunc(cut), sync.OnceFunc(cut), sync.OnceFunc(cut)}
	concurrently(2*each, func(i int) {
		rc := aef(one)
		if i%2 == 1 {
			rc = aef(uuid.New())
		}
		for ctx.Err() == nil { // under this crowd a 503 is allowed; clients try again under the same request id
			r := request(t, http.MethodPost, urls[i/2%2]+"/api/v1/voting/votes", string(body))
			sign.Sign(r, rc, body)
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				unexpected.Store(i, err)
				return
			}
			response.Body.Close()
			switch response.StatusCode {
			case http.StatusCreated:
				if n := accepted.Add(1); n%25 == 0 && int(n)/25 <= len(cuts) {
					cuts[n/25-1]()
				}
				return
			case http.StatusConflict:
				refused.Add(1)
				return
			case http.StatusServiceUnavailable:
				busy.Add(1)
			default:
				unexpected.Store(i, response.Status)
				return
			}
			select {
			case <-ctx.Done():
			case <-time.After(time.Duration(100+i) * time.Millisecond):
			}
		}
	})
	t.Logf("%d answers were 503", busy.Load())
	unexpected.Range(func(i, what any) bool { t.Errorf("vote %d: %v", i, what); return true })
	require.EqualValues(t, 1+each, accepted.Load(), "one ballot for one person")
	require.EqualValues(t, each-1, refused.Load())
	require.Equal(t, 1+each, count(t, db, `SELECT count(*) FROM ballots WHERE poll_id = $1`, p.ID))
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
