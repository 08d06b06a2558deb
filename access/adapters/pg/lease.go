package pg

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
	// leaseTime is how long an instance may remember without having been heard
	// of, and how long a change waits for one that died.
	leaseTime = time.Second
	// leaseMargin is by how much an instance's own count is shorter: clocks do
	// not run at quite the same pace.
	leaseMargin = 50 * time.Millisecond
	renewEvery  = leaseTime / 3
	// changes is the channel of the migrations' triggers.
	changes = "access_changes"
)

// Memory is what remembers facts; adapters/snapshot has one.
type Memory interface {
	// Rely says until when what is remembered may be relied on; if the time
	// before had run out, all is forgotten first.
	Rely(until time.Time)
	// Forget drops what is remembered of a user in a tenant, of everybody in it
	// (user nil), or of everybody (both nil).
	Forget(tenant, user uuid.UUID)
}

// Lease lets an instance remember facts, and holds it to forgetting them.
//
// The instance has a row in the table leases that runs out unless it is
// renewed, by the same connection over which it hears of changes. A change
// waits until every instance whose row has not run out has heard of it (see
// [Tx]). So an instance may rely on what it remembers for as long as its row
// certainly has not run out, which it counts from before it asked for it. When
// the connection is lost it forgets everything and asks for a new one.
type Lease struct {
	db       *pg.DB
	memory   Memory
	instance uuid.UUID
	now      func() time.Time
	log      *slog.Logger
	lost     prometheus.Counter
}

// NewLease makes the lease of an instance that remembers in memory. now is the
// clock of memory.
func NewLease(db *pg.DB, memory Memory, now func() time.Time, log *slog.Logger, reg prometheus.Registerer) *Lease {
	l := &Lease{
		db: db, memory: memory, instance: uuid.New(), now: now, log: log.With("component", "lease"),
		lost: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "access_lease_lost_total", Help: "How often this instance lost the right to remember and went on without.",
		}),
	}
	reg.MustRegister(l.lost)
	return l
}

// Run holds the lease until ctx ends, and then gives it back.
func (l *Lease) Run(ctx context.Context) {
	for failures := 0; ; {
		began := l.now()
		err := l.hold(ctx)
		if ctx.Err() != nil { // which is why it ended
			break
		}
		l.lost.Inc()
		l.log.Warn("nothing is remembered until the lease is back", "error", err)
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
		failures++
	}
}

// hold has the lease for as long as one connection lasts.
func (l *Lease) hold(ctx context.Context) error {
	conn, err := l.db.Dedicated(ctx)
	if err != nil {
		return err
	}
	h := &holding{Lease: l, conn: conn}
	defer h.end(ctx)
	// what is committed from here on is heard of, so what is read from here on may be remembered
	if _, err := conn.PgConn().Exec(ctx, "SET application_name = 'access lease'; LISTEN "+changes).ReadAll(); err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	if err := h.acquire(ctx); err != nil {
		return err
	}
	for {
		wait, cancel := context.WithDeadline(ctx, h.renewal)
		n, err := conn.WaitForNotification(wait)
		cancel()
		switch {
		case err == nil:
			h.hear(n)
			h.hearWhatHasArrived()
		case ctx.Err() != nil:
			return ctx.Err()
		case !errors.Is(err, context.DeadlineExceeded) && !pgconn.Timeout(err):
			return fmt.Errorf("listening: %w", err)
		}
		if err := h.answer(ctx); err != nil {
			return err
		}
		if !l.now().Before(h.renewal) {
			if err := h.renew(ctx); err != nil {
				return err
			}
		}
	}
}

// holding is a lease on one connection.
type holding struct {
	*Lease
	conn     *pgx.Conn
	renewal  time.Time // when it is due
	heard    int64     // the highest barrier
	answered int64     // the highest that the table knows we have heard
}

const (
	acquireLease = `
INSERT INTO leases (instance, until, heard) SELECT $1, clock_timestamp() + $2::interval, CASE WHEN is_called THEN last_value ELSE 0 END FROM barriers
ON CONFLICT (instance) DO UPDATE SET until = excluded.until, heard = excluded.heard RETURNING heard`
	forgetOldLeases = `DELETE FROM leases WHERE until < clock_timestamp() - interval '1 minute'`
	renewLease      = `UPDATE leases SET until = clock_timestamp() + $2::interval WHERE instance = $1 AND until > clock_timestamp()`
	endLease        = `DELETE FROM leases WHERE instance = ?`
)

// acquire gets a lease when there is none. The memory is empty after it, so it
// need not hear of changes before.
func (h *holding) acquire(ctx context.Context) error {
	h.memory.Rely(time.Time{})
	ctx, cancel := bounded(ctx)
	defer cancel()
	if _, err := h.conn.Exec(ctx, forgetOldLeases); err != nil {
		return fmt.Errorf("acquiring the lease: %w", err)
	}
	asked := h.now()
	if err := h.conn.QueryRow(ctx, acquireLease, h.instance, leaseTime).Scan(&h.answered); err != nil {
		return fmt.Errorf("acquiring the lease: %w", err)
	}
	h.heard = h.answered
	h.got(asked)
	return nil
}

func (h *holding) renew(ctx context.Context) error {
	timed, cancel := bounded(ctx)
	defer cancel()
	asked := h.now()
	done, err := h.conn.Exec(timed, renewLease, h.instance, leaseTime)
	if err != nil {
		return fmt.Errorf("renewing the lease: %w", err)
	}
	if done.RowsAffected() == 0 { // we were away for too long, and changes went on without us
		h.lost.Inc()
		return h.acquire(ctx)
	}
	h.got(asked)
	return nil
}

// got has the memory rely on a lease that was asked for at a time.
func (h *holding) got(asked time.Time) {
	h.memory.Rely(asked.Add(leaseTime - leaseMargin))
	h.renewal = asked.Add(renewEvery)
}

// hear forgets what a notification is about.
func (h *holding) hear(n *pgconn.Notification) {
	tenant, user, of := strings.Cut(n.Payload, " ")
	if barrier, err := strconv.ParseInt(n.Payload, 10, 64); err == nil {
		h.heard = max(h.heard, barrier)
		return
	}
	tenantID, err := uuid.Parse(tenant)
	if err != nil { // everybody; and what cannot be read may be about anybody
		h.memory.Forget(uuid.Nil, uuid.Nil)
		return
	}
	if !of {
		h.memory.Forget(tenantID, uuid.Nil)
		return
	}
	userID, err := uuid.Parse(user)
	if err != nil {
		userID = uuid.Nil
	}
	h.memory.Forget(tenantID, userID)
}

// hearWhatHasArrived takes what is there without waiting for more, so that many
// changes at once get one answer.
func (h *holding) hearWhatHasArrived() {
	done, cancel := context.WithCancel(context.Background())
	cancel()
	for {
		n, err := h.conn.WaitForNotification(done)
		if err != nil {
			return
		}
		h.hear(n)
	}
}

// answer tells those who wait how far we have heard. If the server forgets it
// in a crash they wait longer, so it need not be on disk.
func (h *holding) answer(ctx context.Context) error {
	if h.heard == h.answered {
		return nil
	}
	ctx, cancel := bounded(ctx)
	defer cancel()
	heard := h.heard
	// no arguments: several statements in one round trip
	_, err := h.conn.PgConn().Exec(ctx, fmt.Sprintf(
		"BEGIN; SET LOCAL synchronous_commit = off; UPDATE leases SET heard = %d WHERE instance = '%s'; COMMIT", heard, h.instance)).ReadAll()
	if err != nil {
		return fmt.Errorf("answering a barrier: %w", err)
	}
	h.answered = heard
	return nil
}

// end stops relying and gives the lease back, so that nobody waits for it. It
// does so by another connection, because this one may be gone.
func (h *holding) end(ctx context.Context) {
	h.memory.Rely(time.Time{})
	ctx, cancel := bounded(ctx)
	defer cancel()
	if _, err := h.db.Conn(ctx).ExecContext(ctx, endLease, h.instance); err != nil {
		h.log.Warn("the lease was not given back; it runs out", "error", err)
	}
	_ = h.conn.Close(ctx) // it is over either way
}

// bounded is for a statement about the lease. That the service stops is no
// reason to break it off half-way.
func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), leaseTime)
}
