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

// Cast stores a ballot if its poll is as it was and the voter has a vote left. It inserts a row and leaves the judging
// to the database: the trigger ballots_need_their_poll skips it when the poll has changed, the unique constraints when
// another ballot of the voter is in the way.
func (r *Ballots) Cast(ctx context.Context, ballot domain.Ballot, choice domain.Choice) (bool, error) {
	d := ballot.Data()
	result, err := r.db.Exec(ctx, insertBallot, d.TenantID, d.ID, d.PollID, d.QuestionID, d.OptionID, d.UserID,
		d.Slot, d.RequestID, d.CastAt, choice.Poll.Version())
	return one(result, err)
}

const insertBallot = `
INSERT INTO ballots (tenant_id, id, poll_id, question_id, option_id, user_id, slot, request_id, cast_at, poll_version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`

// Revoke removes a ballot if its poll is as it was. It takes the same share of the poll's lock as casting does.
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

// Any reports whether a poll has ballots.
func (r *Ballots) Any(ctx context.Context, poll uuid.UUID) (found bool, err error) {
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
