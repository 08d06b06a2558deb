package pg

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/batch"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
)

// Answers is ports.Answers.
type Answers struct {
	db     *pg.DB
	events Encoder
	sets   *batch.Group[dateKey, *setCall]
}

// dateKey is the date that is answered about.
type dateKey struct{ tenant, occurrence uuid.UUID }

// setCall is an answer to store, with the result.
type setCall struct {
	event          domain.Event
	answer         domain.Answer
	saved, waiting outbox.Row
	outcome        string
}

const (
	maxSets    = 64 // in one transaction
	setTimeout = 15 * time.Second
)

// Encoder turns a domain event into its outbox row. Wake tells the relay that a row was stored.
type Encoder interface {
	Encode(ctx context.Context, event domain.DomainEvent) (outbox.Row, error)
	Wake()
}

// NewAnswers stores answers in db.
func NewAnswers(db *pg.DB, events Encoder) *Answers {
	r := &Answers{db: db, events: events}
	r.sets = batch.New(maxSets, setTimeout, r.callAll)
	return r
}

type answerRow struct {
	bun.BaseModel `bun:"table:answers,alias:a"`
	pg.Tenanted

	OccurrenceID uuid.UUID `bun:"occurrence_id,pk,type:uuid"`
	UserID       uuid.UUID `bun:"user_id,pk,type:uuid"`
	Status       string    `bun:"status"`
	Waiting      bool      `bun:"waiting"`
	Place        int       `bun:"place"`
	PlusOnes     int       `bun:"plus_ones"`
	Comment      string    `bun:"comment"`
	AnsweredAt   time.Time `bun:"answered_at"`
	AnsweredBy   uuid.UUID `bun:"answered_by,type:uuid"`

	Guest *string `bun:"guest,scanonly"` // the address of a guest; in lists only
}

func (r *answerRow) toDomain() domain.Answer {
	a := domain.Answer{
		OccurrenceID: r.OccurrenceID, UserID: r.UserID, Status: domain.AnswerStatus(r.Status), Waiting: r.Waiting, Place: r.Place,
		PlusOnes: r.PlusOnes, Comment: r.Comment, At: valid.Instant(r.AnsweredAt), By: r.AnsweredBy,
	}
	if r.Guest != nil {
		a.Guest, a.Address = true, *r.Guest
	}
	return a
}

// Answerable reads an event and one of its dates. Its answers are always current.
func (r *Answers) Answerable(ctx context.Context, event uuid.UUID, occurrence *uuid.UUID, now time.Time, _ bool) (a ports.Answerable, err error) {
	if a.Event, err = NewEvents(r.db).Find(ctx, event); err != nil {
		return a, err
	}
	if occurrence != nil {
		a.Occurrence, err = NewOccurrences(r.db).Find(ctx, event, *occurrence)
	} else {
		a.Occurrence, err = NewOccurrences(r.db).Shown(ctx, event, now)
	}
	return a, err
}

// Set calls the SQL function set_answers, which stores the answer and its event. Answers about a date that come at the same time share a
// round trip and a transaction, so they do not wait for each other's lock of the date. Whether a member waits for a seat is known only in
// the function, so the event is then encoded for both cases.
func (r *Answers) Set(ctx context.Context, event domain.Event, occurrence domain.Occurrence, answer domain.Answer) (ports.Outcome, domain.Counts, error) {
	if r.db.InTx(ctx) {
		return "", domain.Counts{}, errs.Internalf("events: an answer is set outside of transactions")
	}
	changed := domain.RSVPChanged{Change: domain.Change{Event: event, Occurrence: &occurrence, By: answer.By}, Answer: answer}
	saved, err := r.events.Encode(ctx, changed)
	if err != nil {
		return "", domain.Counts{}, err
	}
	waiting := saved
	if answer.Status == domain.AnswerGoing && event.Data().Answers.Capacity > 0 {
		changed.Answer.Waiting = true
		if waiting, err = r.events.Encode(ctx, changed); err != nil {
			return "", domain.Counts{}, err
		}
	}
	call := &setCall{event: event, answer: answer, saved: saved, waiting: waiting}
	if err := r.sets.Do(ctx, dateKey{reqctx.From(ctx).TenantID, answer.OccurrenceID}, call); err != nil {
		return "", domain.Counts{}, err
	}
	r.events.Wake()
	return outcomeOf(call.outcome)
}

// callAll stores the answers in their order, with one call of set_answers for as many as decided on the same version of the event and are
// of different members.
func (r *Answers) callAll(ctx context.Context, date dateKey, calls []*setCall) error {
	var args [][]any
	for rest := calls; len(rest) > 0; {
		n := together(rest)
		args = append(args, setArgs(date, rest[:n]))
		rest = rest[n:]
	}
	all, err := pg.CallAll[[]string](ctx, r.db, setAnswers, args...)
	if err != nil {
		return err
	}
	for i, outcome := range slices.Concat(all...) {
		calls[i].outcome = outcome
	}
	return nil
}

// together is how many of the first calls set_answers takes at once.
func together(calls []*setCall) int {
	members := map[uuid.UUID]bool{}
	for i, c := range calls {
		if members[c.answer.UserID] || c.event.Version() != calls[0].event.Version() {
			return i
		}
		members[c.answer.UserID] = true
	}
	return len(calls)
}

// setArgs are the arguments of set_answers.
func setArgs(date dateKey, calls []*setCall) []any {
	event, told := calls[0].event, calls[0].saved
	return []any{
		date.tenant, event.ID(), event.Version(), date.occurrence,
		each(calls, func(c *setCall) uuid.UUID { return c.answer.UserID }),
		each(calls, func(c *setCall) string { return string(c.answer.Status) }),
		each(calls, func(c *setCall) int { return c.answer.PlusOnes }),
		each(calls, func(c *setCall) string { return c.answer.Comment }),
		each(calls, func(c *setCall) uuid.UUID { return c.answer.By }),
		each(calls, func(c *setCall) time.Time { return c.answer.At }),
		each(calls, func(c *setCall) uuid.UUID { return c.waiting.ID }),
		told.Type, told.Subject,
		each(calls, func(c *setCall) string { return c.saved.Event }),
		each(calls, func(c *setCall) string { return c.waiting.Event }),
	}
}

// outcomeOf reads what set_answer returns: a word, and for an answer that was stored five numbers.
func outcomeOf(text string) (outcome ports.Outcome, counts domain.Counts, err error) {
	word, numbers, counted := strings.Cut(text, " ")
	if counted {
		if _, err = fmt.Sscan(numbers, &counts.Seats, &counts.Going, &counts.Interested, &counts.NotGoing, &counts.Waiting); err != nil {
			err = errs.Internalf("events: set_answer returned %q: %w", text, err)
		}
	}
	return ports.Outcome(word), counts, err
}

const setAnswers = "SELECT set_answers($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"

// SetAll calls set_answer for each date, in one round trip. A function that changes data is called after the rows are sorted, so the
// dates are locked in one order.
func (r *Answers) SetAll(ctx context.Context, event domain.Event, a domain.Answer, occurrences ...uuid.UUID) (outcomes []ports.Outcome, err error) {
	d := event.Data()
	err = r.db.Conn(ctx).NewRaw(`SELECT split_part(set_answer(?, ?, ?, o.id, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL, NULL, NULL), ' ', 1)
		FROM occurrences AS o WHERE o.tenant_id = ? AND o.id IN ? ORDER BY o.starts_at, o.id`,
		d.TenantID, d.ID, d.Version, a.UserID, string(a.Status), a.PlusOnes, a.Comment, a.By, a.At, d.TenantID, bun.Tuple(occurrences)).Scan(ctx, &outcomes)
	if len(outcomes) < len(occurrences) {
		outcomes = append(outcomes, ports.OutcomeStale) // a date is gone
	}
	return outcomes, pg.Error(err)
}

// SetSeries stores an answer about a series. Another status gets another place.
func (r *Answers) SetSeries(ctx context.Context, event domain.Event, a domain.Answer) error {
	tenant := event.Data().TenantID
	_, err := r.db.Conn(ctx).NewRaw("DELETE FROM series_answers WHERE tenant_id = ? AND event_id = ? AND user_id = ? AND status <> ?",
		tenant, event.ID(), a.UserID, string(a.Status)).Exec(ctx)
	if err != nil || a.Status == domain.AnswerWithdrawn {
		return pg.Error(err)
	}
	_, err = r.db.Conn(ctx).NewRaw(`INSERT INTO series_answers (tenant_id, event_id, user_id, status, plus_ones, comment, answered_at, answered_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant_id, event_id, user_id) DO UPDATE SET
		plus_ones = EXCLUDED.plus_ones, comment = EXCLUDED.comment, answered_at = EXCLUDED.answered_at, answered_by = EXCLUDED.answered_by`,
		tenant, event.ID(), a.UserID, string(a.Status), a.PlusOnes, a.Comment, a.At, a.By).Exec(ctx)
	return pg.Error(err)
}

// FollowSeries calls set_answer for each answer and date, in one round trip, as SetAll does. The caller has locked the event. People who
// are brought along must still be allowed.
func (r *Answers) FollowSeries(ctx context.Context, event uuid.UUID, occurrences ...domain.Occurrence) error {
	if len(occurrences) == 0 {
		return nil
	}
	_, err := r.db.Conn(ctx).NewRaw(`SELECT set_answer(s.tenant_id, s.event_id, e.version, o.id, s.user_id, s.status, least(s.plus_ones, e.plus_ones),
			s.comment, s.answered_by, s.answered_at, NULL, NULL, NULL, NULL, NULL)
		FROM series_answers AS s JOIN events AS e ON e.tenant_id = s.tenant_id AND e.id = s.event_id
		JOIN occurrences AS o ON o.tenant_id = s.tenant_id AND o.event_id = s.event_id
		WHERE s.tenant_id = ? AND s.event_id = ? AND o.id IN ? ORDER BY s.place, o.starts_at, o.id`,
		reqctx.From(ctx).TenantID, event, bun.Tuple(each(occurrences, domain.Occurrence.ID))).Exec(ctx)
	return pg.Error(err)
}

// CopySeries gives the answers about one series to another, in their order.
func (r *Answers) CopySeries(ctx context.Context, from, to uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewRaw(`INSERT INTO series_answers (tenant_id, event_id, user_id, status, plus_ones, comment, answered_at, answered_by)
		SELECT tenant_id, ?, user_id, status, plus_ones, comment, answered_at, answered_by FROM series_answers
		WHERE tenant_id = ? AND event_id = ? ORDER BY place`, to, reqctx.From(ctx).TenantID, from).Exec(ctx)
	return pg.Error(err)
}

// SeatWaiting calls seat_event.
func (r *Answers) SeatWaiting(ctx context.Context, event domain.Event, now time.Time) error {
	d := event.Data()
	_, err := r.db.Conn(ctx).NewRaw("SELECT seat_event(?, ?, ?, ?)", d.TenantID, d.ID, orNull(d.Answers.Capacity), now).Exec(ctx)
	return pg.Error(err)
}

// MostSeats returns how many seats a date to come has taken at most.
func (r *Answers) MostSeats(ctx context.Context, event uuid.UUID, now time.Time) (most int, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewSelect().Model((*occurrenceRow)(nil)).ColumnExpr("coalesce(max(o.seats_taken), 0)").
			Where("o.event_id = ?", event).Where("o.ends_at > ?", now).Scan(ctx, &most))
	})
	return most, err
}

// OfUser returns the answers of a user.
func (r *Answers) OfUser(ctx context.Context, user uuid.UUID, occurrences ...uuid.UUID) (map[uuid.UUID]domain.Answer, error) {
	if len(occurrences) == 0 {
		return nil, nil
	}
	list, err := pg.Many(ctx, r.db, (*answerRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("a.user_id = ?", user).Where("a.occurrence_id IN ?", bun.Tuple(occurrences))
	})
	answers := make(map[uuid.UUID]domain.Answer, len(list))
	for _, a := range list {
		answers[a.OccurrenceID] = a
	}
	return answers, err
}

// IsGuest reports whether a user is invited or has an answer.
func (r *Answers) IsGuest(ctx context.Context, event, user uuid.UUID) (guest bool, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		guest, err = r.db.Conn(ctx).NewSelect().Model((*eventRow)(nil)).Where("e.id = ?", event).Where(guests, user, reqctx.From(ctx).TenantID).Exists(ctx)
		return pg.Error(err)
	})
	return guest, err
}

// guests is the condition that a user, ?0, of a tenant, ?1, is invited to an event or has an answer about a date of it. The user's events
// are found once, and not for each event that is looked at.
const guests = `(e.id IN (SELECT d.event_id FROM answers AS g JOIN occurrences AS d ON d.tenant_id = g.tenant_id AND d.id = g.occurrence_id
		WHERE g.tenant_id = ?1 AND g.user_id = ?0 AND g.status <> 'withdrawn')
	OR e.id IN (SELECT v.event_id FROM invitations AS v WHERE v.tenant_id = ?1 AND v.user_id = ?0 AND NOT v.withdrawn))`

// guestAddress is the address of a user who is a guest, else null.
const guestAddress = `(SELECT v.address FROM invitations AS v WHERE v.tenant_id = ?TableAlias.tenant_id AND v.user_id = ?TableAlias.user_id AND v.guest LIMIT 1)`

// rank is that of ports.PositionOfAnswer.
const rank = "CASE WHEN a.waiting THEN 1 WHEN a.status = 'going' THEN 0 WHEN a.status = 'interested' THEN 2 ELSE 3 END"

// Page lists answers about a date.
func (r *Answers) Page(ctx context.Context, occurrence uuid.UUID, f ports.AnswerFilter, after *ports.AnswerPosition, limit int) ([]domain.Answer, error) {
	return pg.Many(ctx, r.db, (*answerRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.ColumnExpr("?TableColumns, "+guestAddress+" AS guest").Where("a.occurrence_id = ?", occurrence).Where("a.status <> 'withdrawn'")
		if f.Status != "" {
			q = q.Where("a.status = ?", f.Status)
		}
		if f.Waiting != nil {
			q = q.Where("a.waiting = ?", *f.Waiting)
		}
		if !f.NotGoing {
			q = q.Where("a.status <> 'not_going'")
		}
		if after != nil {
			q = q.Where("("+rank+", a.place, a.answered_at, a.user_id) > (?, ?, ?, ?)", after.Rank, after.Place, after.At, after.User)
		}
		return q.OrderExpr(rank + ", a.place, a.answered_at, a.user_id").Limit(int64(limit))
	})
}

type promotionRow struct {
	bun.BaseModel `bun:"table:promotions,alias:p"`
	pg.Tenanted

	ID           uuid.UUID `bun:"id,pk,type:uuid"`
	OccurrenceID uuid.UUID `bun:"occurrence_id,type:uuid"`
	UserID       uuid.UUID `bun:"user_id,type:uuid"`
	EventID      uuid.UUID `bun:"event_id,scanonly,type:uuid"`
}

// ListPromotions lists promotions of all tenants.
func (r *Answers) ListPromotions(ctx context.Context, limit int) ([]ports.Promotion, error) {
	return pg.Many(pg.AcrossTenants(ctx, "telling of promotions"), r.db, func(row *promotionRow) ports.Promotion {
		return ports.Promotion{Tenant: row.TenantID, ID: row.ID, Event: row.EventID, Occurrence: row.OccurrenceID, User: row.UserID}
	}, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.ColumnExpr("?TableColumns, o.event_id").Join("JOIN occurrences AS o ON o.tenant_id = p.tenant_id AND o.id = p.occurrence_id").
			OrderExpr("p.promoted_at, p.place, p.id").Limit(int64(limit))
	})
}

// TakePromotion removes a promotion. Of several instances one finds it.
func (r *Answers) TakePromotion(ctx context.Context, id uuid.UUID) (bool, error) {
	result, err := r.db.Conn(ctx).NewDelete().Model((*promotionRow)(nil)).Where("id = ?", id).Exec(ctx)
	if err != nil {
		return false, pg.Error(err)
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// orNull is nil for 0, which stands for none.
func orNull(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}
