package pg

import (
	"context"
	"database/sql"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/pg"
	"go.updspace.com/voting/domain"
)

// Ballots is ports.Ballots.
//
// Results are counted, not kept in counters: a counter is one row that every voter of an option would have to wait for
// until the one before has committed, and it can come to disagree with the ballots. Counting reads one index range of
// the poll and nothing else.
type Ballots struct {
	db *pg.DB
}

// NewBallots keeps ballots in db.
func NewBallots(db *pg.DB) *Ballots { return &Ballots{db: db} }

// Choice reads a poll and whether what the voter points at exists, in one query.
func (r *Ballots) Choice(ctx context.Context, poll, question, option uuid.UUID) (choice domain.Choice, err error) {
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
			return orMissing(err, domain.ErrPollNotFound)
		}
		choice = domain.Choice{
			Poll: row.toDomain(), QuestionID: question, OptionID: option,
			MaxVotes: int(row.MaxVotes.Int64), Offered: row.Offered,
		}
		return nil
	})
	return choice, err
}

// castSQL casts a ballot in one statement.
//
// The share lock on the poll makes it wait for a change under way and look at the outcome: if the version is another by
// then, nothing is inserted. A change that comes later waits for this transaction. So no ballot lands after a close.
//
// The slot is a free one between 1 and max_votes, any, so that several ballots of one user at a time rarely pick the
// same. The unique constraints have the last word: whoever comes second inserts nothing.
const castSQL = `
WITH poll AS (
	SELECT FROM polls WHERE tenant_id = ?tenant AND id = ?poll AND version = ?version FOR SHARE
)
INSERT INTO ballots (tenant_id, id, poll_id, question_id, option_id, user_id, slot, request_id, cast_at)
SELECT ?tenant, ?id, ?poll, ?question, ?option, ?user, free.slot, ?request, ?at
FROM poll, LATERAL (
	SELECT slot FROM generate_series(1, ?limit) AS slot
	WHERE NOT EXISTS (
		SELECT FROM ballots WHERE tenant_id = ?tenant AND poll_id = ?poll AND user_id = ?user AND question_id = ?question AND ballots.slot = slot.slot
	)
	ORDER BY random() LIMIT 1
) AS free
ON CONFLICT DO NOTHING`

// Cast stores a ballot if its poll is as it was and the voter has a vote left.
func (r *Ballots) Cast(ctx context.Context, ballot domain.Ballot, choice domain.Choice) (bool, error) {
	d := ballot.Data()
	result, err := r.db.Conn(ctx).NewRaw(castSQL, struct {
		Tenant, ID, Poll, Question, Option, User uuid.UUID
		Version, Limit                           int
		Request                                  string
		At                                       any
	}{
		Tenant: tenant(ctx), ID: d.ID, Poll: d.PollID, Question: d.QuestionID, Option: d.OptionID, User: d.UserID,
		Version: choice.Poll.Version(), Limit: choice.MaxVotes, Request: d.RequestID, At: d.CastAt,
	}).Exec(ctx)
	return one(result, err)
}

// Revoke removes a ballot if its poll is as it was. The lock is the same as for casting.
func (r *Ballots) Revoke(ctx context.Context, ballot domain.Ballot, poll domain.Poll) (bool, error) {
	result, err := r.db.Conn(ctx).NewRaw(`
WITH poll AS (
	SELECT id FROM polls WHERE tenant_id = ?0 AND id = ?1 AND version = ?2 FOR SHARE
)
DELETE FROM ballots USING poll WHERE ballots.tenant_id = ?0 AND ballots.id = ?3 AND ballots.poll_id = poll.id`,
		tenant(ctx), poll.ID(), poll.Version(), ballot.ID()).Exec(ctx)
	return one(result, err)
}

// Find returns a ballot.
func (r *Ballots) Find(ctx context.Context, id uuid.UUID) (ballot domain.Ballot, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		var row ballotRow
		if err := r.db.Conn(ctx).NewSelect().Model(&row).Where("b.id = ?", id).Scan(ctx); err != nil {
			return orMissing(err, domain.ErrBallotNotFound)
		}
		ballot = row.toDomain()
		return nil
	})
	return ballot, err
}

// Of returns a user's ballots in a poll.
func (r *Ballots) Of(ctx context.Context, poll, user uuid.UUID) (ballots []domain.Ballot, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		var rows []ballotRow
		err := r.db.Conn(ctx).NewSelect().Model(&rows).Where("b.poll_id = ?", poll).Where("b.user_id = ?", user).
			OrderExpr("b.cast_at, b.id").Scan(ctx)
		for i := range rows {
			ballots = append(ballots, rows[i].toDomain())
		}
		return pg.Error(err)
	})
	return ballots, err
}

// Totals counts the ballots of polls.
func (r *Ballots) Totals(ctx context.Context, polls ...uuid.UUID) (map[uuid.UUID]int64, error) {
	if len(polls) == 0 {
		return nil, nil
	}
	return r.count(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.ColumnExpr("b.poll_id AS of").Where("b.poll_id IN (?)", bun.List(polls)).Group("b.poll_id")
	})
}

// Tally counts the ballots of a poll by option.
func (r *Ballots) Tally(ctx context.Context, poll uuid.UUID) (domain.Tally, error) {
	return r.count(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.ColumnExpr("b.option_id AS of").Where("b.poll_id = ?", poll).Group("b.option_id")
	})
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
func one(result sql.Result, err error) (bool, error) {
	if err != nil {
		return false, pg.Error(err)
	}
	n, err := result.RowsAffected()
	return n == 1, pg.Error(err)
}
