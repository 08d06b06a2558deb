package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"go.updspace.com/api/portalevents"
	bff "go.updspace.com/bff/domain"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/tools/bench/cpu"
	"go.updspace.com/tools/bench/harness"
	"go.updspace.com/tools/bench/stats"
	"go.updspace.com/tools/journey"
)

// What arrives in the feed is measured on a platform of its own, in which activity gets the events of all services.
const (
	rowIngest  = "activity: ingest"
	rowStreams = "bff: 5,000 open streams"
)

// The targets.
const (
	leastIngest = 2_000 // events per second on two cores
	mostStreams = 400   // MB that 5,000 streams add to the platform, gateway and activity together
)

const (
	ingestEvents  = 20_000 // in a round
	longestIngest = 5 * time.Minute
	openStreams   = 5_000
	streamsOpened = 16 // at once
	arriveEvery   = 200 * time.Millisecond
)

// arrivals is what was measured.
type arrivals struct {
	ingest        []float64 // microseconds of processor time for an event, in each round
	rates         []float64 // events per second
	megabytes     float64   // of streams
	quiet, loaded watchSample
	streams       bool
	visible       []time.Duration
}

// measureArrivals measures the rows whose name matches, if there are any.
func measureArrivals(ctx context.Context, s settings) (*arrivals, error) {
	ingest, streams, visible := s.only.MatchString(rowIngest), s.only.MatchString(rowStreams), s.only.MatchString(rowVisible)
	if !ingest && !streams && !visible {
		return nil, nil
	}
	h, err := harness.Start(ctx, harness.Options{Log: s.log, Note: note, Session: baselineSession, Feed: true})
	if err != nil {
		return nil, err
	}
	defer h.Stop()
	v, err := newFixture(ctx, h)
	if err != nil {
		return nil, err
	}
	nc, err := nats.Connect(h.NATSURL)
	if err != nil {
		return nil, err
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, err
	}
	m, found := maker{harness: h, fixture: v}, &arrivals{}
	b := &bench{settings: s, harness: h}
	if visible {
		note(rowVisible)
		if found.visible, err = m.visible(ctx, s.runs*postsEach); err != nil {
			return nil, fmt.Errorf("%s: %w", rowVisible, err)
		}
	}
	for round := range s.runs {
		if !ingest {
			break
		}
		note("%s, round %d of %d", rowIngest, round+1, s.runs)
		if err := m.ingest(ctx, js, found); err != nil {
			return nil, fmt.Errorf("%s: %w", rowIngest, err)
		}
		note("%s: %.0f events per second, %.0f µs of processor time each", rowIngest, found.rates[round], found.ingest[round])
	}
	if streams {
		note(rowStreams)
		if err := m.openStreams(ctx, b, js, found); err != nil {
			return nil, fmt.Errorf("%s: %w", rowStreams, err)
		}
	}
	return found, nil
}

// tellPosts puts events of posts into the stream, as portal's relay does.
func tellPosts(js jetstream.JetStream, n int) error {
	const atOnce = 1000 // that are not acknowledged yet
	for ; n > atOnce; n -= atOnce {
		if err := tellPosts(js, atOnce); err != nil {
			return err
		}
	}
	futures := make([]jetstream.PubAckFuture, 0, n)
	for range n {
		post := uuid.New()
		text, err := json.Marshal(map[string]any{
			"specversion": "1.0", "id": uuid.New(), "source": "portal", "type": portalevents.TypePostCreated, "subject": "post/" + post.String(),
			"datacontenttype": "application/json", "time": time.Now().UTC(), outbox.ExtTenant: tenantAEF,
			"data": portalevents.Post{
				PostID: post, Title: "Told by the bench", ScopeType: "TENANT", ScopeID: tenantAEF, Visibility: "public", CreatedBy: post, ActorID: post,
				SourceRef: "post:" + post.String(),
			},
		})
		if err != nil {
			return err
		}
		future, err := js.PublishAsync("updspace."+portalevents.TypePostCreated, text)
		if err != nil {
			return err
		}
		futures = append(futures, future)
	}
	for _, future := range futures {
		select {
		case <-future.Ok():
		case err := <-future.Err():
			return err
		}
	}
	return nil
}

// ingest tells activity of events and waits until all are items. What is announced to open streams and to webhooks is part of the price.
func (m maker) ingest(ctx context.Context, js jetstream.JetStream, found *arrivals) (err error) {
	ctx, cancel := context.WithTimeout(ctx, longestIngest)
	defer cancel()
	db, err := pgx.Connect(ctx, m.harness.ActivityURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close(ctx)) }()
	count := func() (n int, err error) {
		err = db.QueryRow(ctx, "SELECT count(*) FROM items WHERE tenant_id = $1 AND type = 'post.created'", tenantAEF).Scan(&n)
		return n, err
	}
	had, err := count()
	if err != nil {
		return err
	}
	before, err := settled(ctx, m.harness.Platform)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := tellPosts(js, ingestEvents); err != nil {
		return err
	}
	for n := had; n < had+ingestEvents; {
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d of %d events have arrived: %w", n-had, ingestEvents, ctx.Err())
		case <-time.After(settleStep):
		}
		if n, err = count(); err != nil {
			return err
		}
	}
	took := time.Since(began)
	after, err := settled(ctx, m.harness.Platform)
	if err != nil {
		return err
	}
	found.rates = append(found.rates, ingestEvents/took.Seconds())
	found.ingest = append(found.ingest, float64(after.Since(before).Total().Microseconds())/ingestEvents)
	return nil
}

// openStreams opens streams of the feed through the gateway, for so many readers that each has as many as are allowed. Then posts arrive, of which all
// are told, while another request is made now and then.
func (m maker) openStreams(ctx context.Context, b *bench, js jetstream.JetStream, found *arrivals) error {
	sessions, err := m.sessions(ctx)
	if err != nil {
		return err
	}
	request := m.row("bff: proxied GET", "bff", http.StatusOK, m.proxied)
	if found.quiet, err = b.watched(ctx, request); err != nil {
		return err
	}
	before, err := cpu.Resident(m.harness.PlatformPid)
	if err != nil {
		return err
	}
	transport := journey.Transport()
	transport.MaxIdleConnsPerHost, transport.DisableCompression = openStreams, true
	defer transport.CloseIdleConnections()
	reading, stop := context.WithCancel(ctx)
	var readers sync.WaitGroup
	defer readers.Wait()
	defer stop()
	slots, failed := make(chan struct{}, streamsOpened), make(chan error, openStreams)
	for i := range openStreams {
		slots <- struct{}{}
		readers.Go(func() {
			opened := sync.OnceFunc(func() { <-slots })
			defer opened()
			err := errBusy
			for errors.Is(err, errBusy) && reading.Err() == nil { // while thousands open at once; a page tries again, too
				err = m.follow(reading, &http.Client{Transport: transport}, sessions[i%len(sessions)], opened)
			}
			if err != nil && reading.Err() == nil {
				failed <- err
			}
		})
	}
	for range streamsOpened { // all are open
		slots <- struct{}{}
	}
	after, err := cpu.Resident(m.harness.PlatformPid)
	if err != nil {
		return err
	}
	found.megabytes, found.streams = float64(after-before)/(1<<20), true
	arriving, enough := context.WithCancel(ctx)
	told := make(chan error, 1)
	go func() {
		for arriving.Err() == nil {
			if err := tellPosts(js, 1); err != nil {
				told <- err
				return
			}
			select {
			case <-arriving.Done():
			case <-time.After(arriveEvery):
			}
		}
		told <- nil
	}()
	found.loaded, err = b.watched(ctx, request)
	enough()
	if err := errors.Join(err, <-told); err != nil {
		return err
	}
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

var errBusy = errors.New("a service is busy")

// openStream opens a stream of the feed.
func (m maker) openStream(ctx context.Context, client *http.Client, session bff.Secret) (*http.Response, error) {
	r, err := get(ctx, strings.TrimPrefix(m.harness.Origin, "http://"), "/api/v1/activity/feed/live")
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", "text/event-stream")
	r.AddCookie(&http.Cookie{Name: "updspace_session", Value: string(session)})
	response, err := client.Do(r)
	switch {
	case err != nil:
		return nil, err
	case response.StatusCode == http.StatusOK:
		return response, nil
	case response.StatusCode == http.StatusServiceUnavailable:
		return nil, errors.Join(errBusy, response.Body.Close())
	}
	return nil, errors.Join(fmt.Errorf("a stream answered %s", response.Status), response.Body.Close())
}

// follow reads a stream to its end.
func (m maker) follow(ctx context.Context, client *http.Client, session bff.Secret, opened func()) error {
	response, err := m.openStream(ctx, client, session)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.ReadFull(response.Body, make([]byte, 1)); err != nil {
		return err
	}
	opened()
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

// sessions begins a session of each of the crowd, where the gateway stores them.
func (m maker) sessions(ctx context.Context) (secrets []bff.Secret, err error) {
	db, err := pgx.Connect(ctx, m.harness.GatewayURL)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close(ctx)) }()
	for n := range harness.Crowd {
		session, secret := bff.NewSession(tenantAEF, bff.SignIn{UserID: harness.CrowdMember(n), SID: uuid.New()}, time.Now().UTC())
		_, err := db.Exec(ctx, "INSERT INTO sessions (token_hash, tenant_id, user_id, sid, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
			session.ID[:], session.TenantID, session.UserID, session.SID, session.CreatedAt, session.ExpiresAt)
		if err != nil {
			return nil, err
		}
		secrets = append(secrets, secret)
	}
	return secrets, nil
}

// report adds what was measured to the table, and tells whether the targets were met.
func (a *arrivals) report(t *table) bool {
	met := true
	verdict := func(ok bool) string {
		if ok {
			return "met"
		}
		met = false
		return "MISSED"
	}
	if len(a.ingest) > 0 {
		used, rate := stats.Of(a.ingest), stats.Of(a.rates)
		can := capacity(used.Median, 2)
		t.add(rowIngest, "1", number(used.Median), span(used, "%.0f"), "", number(rate.Median), span(rate, "%.0f"), "", "",
			fmt.Sprintf("%d events", ingestEvents), "", "", "", fmt.Sprintf("%.0f/s >= %d/s on 2 cores", can, leastIngest), verdict(can >= leastIngest))
	}
	if a.streams {
		limit := harmLimit(a.quiet.p99)
		t.add(rowStreams, "1", "", "", "", "", "", fmt.Sprintf("%.2f", a.loaded.p50), fmt.Sprintf("%.2f", a.loaded.p99),
			fmt.Sprintf("p99 alone %.2f ms", a.quiet.p99), "", "", "", fmt.Sprintf("%.0f MB <= %d MB, p99 <= %.2f ms", a.megabytes, mostStreams, limit),
			verdict(a.megabytes <= mostStreams && a.loaded.p99 <= limit))
	}
	if len(a.visible) > 0 {
		met = a.reportVisible(t) && met
	}
	return met
}
