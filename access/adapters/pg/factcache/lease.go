package factcache

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/prometheus/client_golang/prometheus"

	"go.updspace.com/libs/pg"
)

const (
	// leaseTime is how long a lease lasts without renewal, and so how long a change waits for an instance that died.
	leaseTime = time.Second
	// leaseMargin makes the instance's own count shorter than the server's: clocks do not run at quite the same pace.
	leaseMargin = 50 * time.Millisecond
	renewEvery  = leaseTime / 3
	// channel is the notification channel of the migrations' triggers.
	channel = "access_changes"
)

// Invalidator is the part of [Cache] that a lease controls.
type Invalidator interface {
	SetValidUntil(until time.Time)
	Invalidate(tenant, user uuid.UUID)
}

// Lease keeps an instance's cache valid, and invalidates what changes.
//
// The instance has a row in the table leases that runs out unless renewed over the connection that receives the
// notifications. A change waits until every instance whose row has not run out has acknowledged it (see [Tx]). The cache
// is valid while the row certainly has not run out, counted from before the renewal was sent. When the connection is
// lost, the cache is emptied and a new lease is acquired.
type Lease struct {
	db       *pg.DB
	cache    Invalidator
	instance uuid.UUID
	now      func() time.Time
	log      *slog.Logger
	lost     prometheus.Counter
}

// NewLease makes the lease of an instance with the given cache. now is the clock of the cache.
func NewLease(db *pg.DB, cache Invalidator, now func() time.Time, log *slog.Logger, reg prometheus.Registerer) *Lease {
	l := &Lease{
		db: db, cache: cache, instance: uuid.New(), now: now, log: log.With("component", "lease"),
		lost: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "access_lease_lost_total", Help: "How often this instance lost its lease and emptied its cache.",
		}),
	}
	reg.MustRegister(l.lost)
	return l
}

// Run holds the lease until ctx ends, and then deletes it and returns nil.
func (l *Lease) Run(ctx context.Context) error {
	for failures := 0; ctx.Err() == nil; failures++ {
		began := l.now()
		if err := l.hold(ctx); ctx.Err() == nil { // else err is the end of ctx
			l.lost.Inc()
			l.log.Warn("the lease is lost; nothing is cached until it is acquired again", "error", err)
		}
		if l.now().Sub(began) > leaseTime {
			failures = 0
		}
		const first, longest = 20 * time.Millisecond, time.Second
		timer := time.NewTimer(min(first<<min(failures, 10), longest))
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
	return nil
}

// hold keeps the lease for as long as one connection lasts.
func (l *Lease) hold(ctx context.Context) error {
	conn, err := l.db.Dedicated(ctx)
	if err != nil {
		return err
	}
	s := &session{Lease: l, conn: conn}
	defer s.end(ctx)
	// every commit after LISTEN is notified, so facts read after it may be cached
	if _, err := conn.PgConn().Exec(ctx, "SET application_name = 'access lease'; LISTEN "+channel).ReadAll(); err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	if err := s.acquire(ctx); err != nil {
		return err
	}
	for {
		wait, cancel := context.WithDeadline(ctx, s.renewal)
		n, err := conn.WaitForNotification(wait)
		cancel()
		switch {
		case err == nil:
			s.handle(n)
			s.drainNotifications()
		case ctx.Err() != nil:
			return ctx.Err()
		case !errors.Is(err, context.DeadlineExceeded) && !pgconn.Timeout(err):
			return fmt.Errorf("listening: %w", err)
		}
		if err := s.acknowledge(ctx); err != nil {
			return err
		}
		if !l.now().Before(s.renewal) {
			if err := s.renew(ctx); err != nil {
				return err
			}
		}
	}
}

// session is a lease on one connection.
type session struct {
	*Lease
	conn         *pgx.Conn
	renewal      time.Time // when it is due
	received     int64     // the highest barrier received
	acknowledged int64     // the highest barrier that the table knows of
}

const (
	acquireLease = `
INSERT INTO leases (instance, until, acknowledged) SELECT $1, clock_timestamp() + $2::interval, CASE WHEN is_called THEN last_value ELSE 0 END FROM barriers
ON CONFLICT (instance) DO UPDATE SET until = excluded.until, acknowledged = excluded.acknowledged RETURNING acknowledged`
	deleteOldLeases = `DELETE FROM leases WHERE until < clock_timestamp() - interval '1 minute'`
	renewLease      = `UPDATE leases SET until = clock_timestamp() + $2::interval WHERE instance = $1 AND until > clock_timestamp()`
	deleteLease     = `DELETE FROM leases WHERE instance = ?`
)

// acquire makes a new lease. The cache is empty after it, so barriers sent before are acknowledged by it.
func (s *session) acquire(ctx context.Context) error {
	s.cache.SetValidUntil(time.Time{})
	ctx, cancel := bounded(ctx)
	defer cancel()
	if _, err := s.conn.Exec(ctx, deleteOldLeases); err != nil {
		return fmt.Errorf("acquiring the lease: %w", err)
	}
	sent := s.now()
	if err := s.conn.QueryRow(ctx, acquireLease, s.instance, leaseTime).Scan(&s.acknowledged); err != nil {
		return fmt.Errorf("acquiring the lease: %w", err)
	}
	s.received = s.acknowledged
	s.extend(sent)
	return nil
}

func (s *session) renew(ctx context.Context) error {
	timed, cancel := bounded(ctx)
	defer cancel()
	sent := s.now()
	done, err := s.conn.Exec(timed, renewLease, s.instance, leaseTime)
	if err != nil {
		return fmt.Errorf("renewing the lease: %w", err)
	}
	if done.RowsAffected() == 0 { // it had run out, and changes no longer waited for this instance
		s.lost.Inc()
		return s.acquire(ctx)
	}
	s.extend(sent)
	return nil
}

// extend makes the cache valid for a lease whose request was sent at the given time.
func (s *session) extend(sent time.Time) {
	s.cache.SetValidUntil(sent.Add(leaseTime - leaseMargin))
	s.renewal = sent.Add(renewEvery)
}

// handle invalidates what a notification is about: "<tenant> <user>", "<tenant>", or a barrier's number. Anything else
// invalidates everything.
func (s *session) handle(n *pgconn.Notification) {
	tenant, user, hasUser := strings.Cut(n.Payload, " ")
	if barrier, err := strconv.ParseInt(n.Payload, 10, 64); err == nil {
		s.received = max(s.received, barrier)
		return
	}
	tenantID, err := uuid.Parse(tenant)
	if err != nil {
		s.cache.Invalidate(uuid.Nil, uuid.Nil)
		return
	}
	if !hasUser {
		s.cache.Invalidate(tenantID, uuid.Nil)
		return
	}
	userID, err := uuid.Parse(user)
	if err != nil {
		userID = uuid.Nil
	}
	s.cache.Invalidate(tenantID, userID)
}

// drainNotifications handles what has already arrived, so that many changes get one acknowledgement.
func (s *session) drainNotifications() {
	done, cancel := context.WithCancel(context.Background())
	cancel()
	for {
		n, err := s.conn.WaitForNotification(done)
		if err != nil {
			return
		}
		s.handle(n)
	}
}

// acknowledge stores the highest barrier received. If the server loses it in a crash, waiting changes wait for the
// lease to run out, so it is committed asynchronously.
func (s *session) acknowledge(ctx context.Context) error {
	if s.received == s.acknowledged {
		return nil
	}
	ctx, cancel := bounded(ctx)
	defer cancel()
	received := s.received
	// without arguments: several statements in one round trip
	_, err := s.conn.PgConn().Exec(ctx, fmt.Sprintf(
		"BEGIN; SET LOCAL synchronous_commit = off; UPDATE leases SET acknowledged = %d WHERE instance = '%s'; COMMIT", received, s.instance)).ReadAll()
	if err != nil {
		return fmt.Errorf("acknowledging a barrier: %w", err)
	}
	s.acknowledged = received
	return nil
}

// end empties the cache and deletes the lease, so that no change waits for it. It uses another connection, because this
// one may be lost.
func (s *session) end(ctx context.Context) {
	s.cache.SetValidUntil(time.Time{})
	ctx, cancel := bounded(ctx)
	defer cancel()
	if _, err := s.db.Conn(ctx).ExecContext(ctx, deleteLease, s.instance); err != nil {
		s.log.Warn("the lease was not deleted; it will run out", "error", err)
	}
	_ = s.conn.Close(ctx) // the session is over either way
}

// bounded is the context of a statement about the lease: it outlives the end of the service's context.
func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), leaseTime)
}
