package pg

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/batch"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
	"go.updspace.com/voting/domain"
)

// Ballots is ports.Ballots.
//
// Results are counted, not kept in counters: a counter is one row that all voters of an option would lock in turn, and
// it can come to disagree with the ballots. Counting reads one index range of the poll.
type Ballots struct {
	db     *pg.DB
	events Encoder
	casts  *batch.Group[pollKey, *cast]
}

// pollKey is the poll that ballots are cast in.
type pollKey struct{ tenant, poll uuid.UUID }

// cast is one call of the SQL function cast_ballot, with its result.
type cast struct {
	ballot  domain.BallotData
	args    []any
	outcome string
	err     error
}

const (
	maxCasts    = 64 // in one transaction
	castTimeout = 15 * time.Second
)

// Encoder turns an event into its outbox row. Wake tells the relay that a row was stored.
type Encoder interface {
	Encode(ctx context.Context, event domain.Event) (outbox.Row, error)
	Wake()
}

// NewBallots stores ballots in db.
func NewBallots(db *pg.DB, events Encoder) *Ballots {
	r := &Ballots{db: db, events: events}
	r.casts = batch.New(maxCasts, castTimeout, r.castAll)
	return r
}

// Selection reads a poll and whether the question and the option exist, in one query. Its answers are always current.
func (r *Ballots) Selection(ctx context.Context, poll, question, option uuid.UUID, _ bool) (selection domain.Selection, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		var row struct {
			pollRow  `bun:",extend"`
			MaxVotes sql.NullInt64 `bun:"max_votes,scanonly"`
			Offered  bool          `bun:"offered,scanonly"`
		}
		err := r.db.Conn(ctx).NewSelect().Model(&row).
			ColumnExpr("?TableColumns, q.max_votes, o.id IS NOT NULL AS offered").
			Join("LEFT JOIN questions AS q ON q.tenant_id = p.tenant_id AND q.poll_id = p.id AND q.id = ?", question).
			Join("LEFT JOIN options AS o ON o.tenant_id = q.tenant_id AND o.poll_id = q.poll_id AND o.question_id = q.id AND o.id = ?", option).
			Where("p.id = ?", poll).Scan(ctx)
		if err != nil {
			return pg.NotFound(err, domain.ErrPollNotFound)
		}
		selection = domain.Selection{
			Poll: row.toDomain(), QuestionID: question, OptionID: option,
			MaxVotes: int(row.MaxVotes.Int64), Offered: row.Offered,
		}
		return nil
	})
	return selection, err
}

// Cast calls the SQL function cast_ballot, which stores the ballot and its event. Ballots that come at the same time share a
// round trip and a transaction, so it is never part of the caller's.
func (r *Ballots) Cast(ctx context.Context, ballot domain.Ballot, poll domain.Poll) (bool, error) {
	if r.db.InTx(ctx) {
		return false, errs.Internalf("voting: a ballot is cast outside of transactions")
	}
	c, err := r.newCast(ctx, ballot, poll)
	if err != nil {
		return false, err
	}
	err = r.casts.Do(ctx, pollKey{tenant(ctx), poll.ID()}, c)
	switch err = errors.Join(err, c.err); {
	case pg.ConstraintName(err) == "ballots_option": // the question or the option is gone
		return false, nil
	case err != nil:
		return false, err
	}
	switch c.outcome {
	case "stored":
		r.events.Wake()
		return true, nil
	case "observer":
		return false, domain.ErrForbidden
	}
	return false, nil
}

func (r *Ballots) newCast(ctx context.Context, ballot domain.Ballot, poll domain.Poll) (*cast, error) {
	event, err := r.events.Encode(ctx, domain.VoteCast{BallotEvent: domain.BallotEvent{Poll: poll, Ballot: ballot}})
	d := ballot.Data()
	return &cast{ballot: d, args: []any{
		tenant(ctx), d.ID, d.PollID, d.QuestionID, d.OptionID, d.UserID, d.Slot, d.RequestID, d.CastAt, poll.Version(),
		event.ID, event.Type, event.Subject, event.Event,
	}}, err
}

// castAll casts ballots in one transaction. If a constraint refuses one of them, each is cast by itself, so that it fails
// alone.
func (r *Ballots) castAll(ctx context.Context, _ pollKey, casts []*cast) error {
	err := r.castTogether(ctx, casts)
	if len(casts) == 1 || pg.ConstraintName(err) == "" {
		return err
	}
	for i, c := range casts {
		c.err = r.castTogether(ctx, casts[i:i+1])
	}
	return nil
}

// castTogether sends the ballots sorted by what is unique among them: transactions of two instances that store the same
// ballots in different orders could wait for each other in a circle.
func (r *Ballots) castTogether(ctx context.Context, casts []*cast) error {
	slices.SortFunc(casts, func(i, j *cast) int {
		a, b := i.ballot, j.ballot
		return cmp.Or(bytes.Compare(a.UserID[:], b.UserID[:]), bytes.Compare(a.QuestionID[:], b.QuestionID[:]),
			bytes.Compare(a.OptionID[:], b.OptionID[:]), cmp.Compare(a.Slot, b.Slot))
	})
	calls := make([][]any, len(casts))
	for i, c := range casts {
		calls[i] = c.args
	}
	results, err := pg.CallAll[string](ctx, r.db, castBallot, calls...)
	for i, result := range results {
		casts[i].outcome = result
	}
	return err
}

const castBallot = "SELECT cast_ballot($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"

// Revoke removes a ballot if its poll was not changed. It takes the same share lock on the poll as casting does.
func (r *Ballots) Revoke(ctx context.Context, ballot domain.Ballot, poll domain.Poll) (bool, error) {
	result, err := r.db.Conn(ctx).NewRaw(`
WITH poll AS (
	SELECT id FROM polls WHERE tenant_id = ?0 AND id = ?1 AND version = ?2 FOR SHARE
)
DELETE FROM ballots USING poll WHERE ballots.tenant_id = ?0 AND ballots.id = ?3 AND ballots.poll_id = poll.id`,
		tenant(ctx), poll.ID(), poll.Version(), ballot.ID()).Exec(ctx)
	return one(result, err)
}

// LockVoter takes an advisory lock, because a voter without ballots has no row.
func (r *Ballots) LockVoter(ctx context.Context, poll, voter uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewRaw("SELECT pg_advisory_xact_lock(hashtextextended('ballots of ' || ?::text || ' ' || ?::text, 0))",
		poll.String(), voter.String()).Exec(ctx)
	return pg.Error(err)
}

// Replace removes and adds ballots. A vote of the same voter that is being cast makes it wait at the unique constraints.
func (r *Ballots) Replace(ctx context.Context, remove, add []domain.Ballot) (bool, error) {
	if len(remove) > 0 {
		ids := make([]uuid.UUID, len(remove))
		for i, b := range remove {
			ids[i] = b.ID()
		}
		result, err := r.db.Conn(ctx).NewDelete().Model((*ballotRow)(nil)).Where("id IN (?)", bun.List(ids)).Exec(ctx)
		if done, err := all(len(remove), result, err); err != nil || !done {
			return false, err
		}
	}
	if len(add) == 0 {
		return true, nil
	}
	rows := make([]*ballotRow, len(add))
	for i, b := range add {
		rows[i] = toRowBallot(b)
	}
	result, err := r.db.Conn(ctx).NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Exec(ctx)
	return all(len(add), result, err)
}

// Find returns a ballot.
func (r *Ballots) Find(ctx context.Context, id uuid.UUID) (domain.Ballot, error) {
	return pg.One(ctx, r.db, domain.ErrBallotNotFound, (*ballotRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("b.id = ?", id)
	})
}

// ListByUser returns a user's ballots in a poll.
func (r *Ballots) ListByUser(ctx context.Context, poll, user uuid.UUID) ([]domain.Ballot, error) {
	return pg.Many(ctx, r.db, (*ballotRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("b.poll_id = ?", poll).Where("b.user_id = ?", user).OrderExpr("b.cast_at, b.id")
	})
}

// Exists reports whether a poll has ballots.
func (r *Ballots) Exists(ctx context.Context, poll uuid.UUID) (found bool, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		var err error
		found, err = r.db.Conn(ctx).NewSelect().Model((*ballotRow)(nil)).Where("b.poll_id = ?", poll).Exists(ctx)
		return pg.Error(err)
	})
	return found, err
}

// Totals counts the ballots of polls.
func (r *Ballots) Totals(ctx context.Context, polls ...domain.Poll) (map[uuid.UUID]int64, error) {
	if len(polls) == 0 {
		return nil, nil
	}
	ids := make([]uuid.UUID, len(polls))
	for i, poll := range polls {
		ids[i] = poll.ID()
	}
	return r.count(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.ColumnExpr("b.poll_id AS of").Where("b.poll_id IN (?)", bun.List(ids)).Group("b.poll_id")
	})
}

// Tally counts the ballots of a poll by option.
func (r *Ballots) Tally(ctx context.Context, poll uuid.UUID) (domain.Tally, error) {
	return r.count(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.ColumnExpr("b.option_id AS of").Where("b.poll_id = ?", poll).Group("b.option_id")
	})
}

// Voters counts the voters of a poll in one pass over the index of ballots_within_limit.
func (r *Ballots) Voters(ctx context.Context, poll uuid.UUID) (voters domain.Voters, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		var rows []struct {
			Question uuid.NullUUID
			Voters   int64
		}
		err := r.db.Conn(ctx).NewRaw(`
SELECT question_id AS question, count(DISTINCT user_id) AS voters FROM ballots WHERE tenant_id = ? AND poll_id = ?
GROUP BY GROUPING SETS ((question_id), ())`, tenant(ctx), poll).Scan(ctx, &rows)
		if err != nil {
			return pg.Error(err)
		}
		voters.Questions = make(map[uuid.UUID]int64, len(rows))
		for _, row := range rows {
			if row.Question.Valid {
				voters.Questions[row.Question.UUID] = row.Voters
			} else {
				voters.Poll = row.Voters
			}
		}
		return nil
	})
	return voters, err
}

// Progress is domain.Questionnaire.Progress for many polls at once.
func (r *Ballots) Progress(ctx context.Context, user uuid.UUID, polls ...uuid.UUID) (progress map[uuid.UUID]domain.Progress, err error) {
	if len(polls) == 0 {
		return nil, nil
	}
	err = r.db.Read(ctx, func(ctx context.Context) error {
		var rows []struct {
			PollID    uuid.UUID
			Votes     int
			VotesLeft bool
			Missing   bool
		}
		err := r.db.Conn(ctx).NewRaw(`
SELECT poll_id, sum(votes) AS votes, bool_or(votes < LEAST(max_votes, options)) AS votes_left, bool_or(is_required AND votes = 0) AS missing
FROM (
	SELECT q.poll_id, q.max_votes, q.is_required,
		(SELECT count(*) FROM ballots AS b WHERE b.tenant_id = q.tenant_id AND b.poll_id = q.poll_id AND b.user_id = ?1 AND b.question_id = q.id) AS votes,
		(SELECT count(*) FROM options AS o WHERE o.tenant_id = q.tenant_id AND o.poll_id = q.poll_id AND o.question_id = q.id) AS options
	FROM questions AS q WHERE q.tenant_id = ?0 AND q.poll_id IN (?2)
) AS question GROUP BY poll_id`, tenant(ctx), user, bun.List(polls)).Scan(ctx, &rows)
		if err != nil {
			return pg.Error(err)
		}
		progress = make(map[uuid.UUID]domain.Progress, len(rows))
		for _, row := range rows {
			progress[row.PollID] = domain.Progress{Votes: row.Votes, VotesLeft: row.VotesLeft, Missing: row.Missing}
		}
		return nil
	})
	return progress, err
}

func (r *Ballots) count(ctx context.Context, by func(*bun.SelectQuery) *bun.SelectQuery) (counts map[uuid.UUID]int64, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		var rows []struct {
			Of    uuid.UUID
			Votes int64
		}
		if err := r.db.Conn(ctx).NewSelect().Model((*ballotRow)(nil)).Apply(by).ColumnExpr("count(*) AS votes").Scan(ctx, &rows); err != nil {
			return pg.Error(err)
		}
		counts = make(map[uuid.UUID]int64, len(rows))
		for _, row := range rows {
			counts[row.Of] = row.Votes
		}
		return nil
	})
	return counts, err
}

// one reports whether a statement changed its row.
func one(result sql.Result, err error) (bool, error) { return all(1, result, err) }

// all reports whether a statement changed so many rows.
func all(rows int, result sql.Result, err error) (bool, error) {
	if err != nil {
		return false, pg.Error(err)
	}
	n, err := result.RowsAffected()
	return n == int64(rows), pg.Error(err)
}
