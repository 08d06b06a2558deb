package pg

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
)

// Attendance is ports.Attendance.
type Attendance struct {
	db *pg.DB
}

// NewAttendance stores marks in db.
func NewAttendance(db *pg.DB) *Attendance { return &Attendance{db: db} }

type attendanceRow struct {
	bun.BaseModel `bun:"table:attendance,alias:m"`
	pg.Tenanted

	OccurrenceID uuid.UUID `bun:"occurrence_id,pk,type:uuid"`
	UserID       uuid.UUID `bun:"user_id,pk,type:uuid"`
	MarkedBy     uuid.UUID `bun:"marked_by,type:uuid"`
	MarkedAt     time.Time `bun:"marked_at"`
	Method       string    `bun:"method"`
}

func toRowAttendance(a domain.Attendance) *attendanceRow {
	return &attendanceRow{OccurrenceID: a.OccurrenceID, UserID: a.UserID, MarkedBy: a.By, MarkedAt: a.At, Method: string(a.Method)}
}

func (r *attendanceRow) toDomain() domain.Attendance {
	return domain.Attendance{OccurrenceID: r.OccurrenceID, UserID: r.UserID, By: r.MarkedBy, At: valid.Instant(r.MarkedAt), Method: domain.Method(r.Method)}
}

// Mark stores marks. The first one of a member stays.
func (r *Attendance) Mark(ctx context.Context, marks ...domain.Attendance) (marked []uuid.UUID, err error) {
	rows := each(marks, toRowAttendance)
	_, err = r.db.Conn(ctx).NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Returning("user_id").Exec(ctx, &marked)
	return marked, pg.Error(err)
}

// Unmark removes a mark.
func (r *Attendance) Unmark(ctx context.Context, occurrence, user uuid.UUID) (*domain.Attendance, error) {
	var rows []attendanceRow
	_, err := r.db.Conn(ctx).NewDelete().Model(&rows).Where("occurrence_id = ?", occurrence).Where("user_id = ?", user).Returning("*").Exec(ctx)
	if err != nil || len(rows) == 0 {
		return nil, pg.Error(err)
	}
	return new(rows[0].toDomain()), nil
}

var errNotMarked = errs.NotFoundf("not marked")

// Find returns a mark.
func (r *Attendance) Find(ctx context.Context, occurrence, user uuid.UUID) (*domain.Attendance, error) {
	found, err := pg.One(ctx, r.db, errNotMarked, (*attendanceRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("m.occurrence_id = ?", occurrence).Where("m.user_id = ?", user)
	})
	if errs.KindOf(err) == errs.NotFound {
		return nil, nil
	}
	return &found, err
}

const attendees = `
SELECT coalesce(a.user_id, m.user_id) AS user_id, a.user_id IS NOT NULL AS going, coalesce(a.plus_ones, 0) AS plus_ones,
	m.marked_by, m.marked_at, m.method,
	(SELECT v.address FROM invitations AS v WHERE v.tenant_id = ?0 AND v.user_id = coalesce(a.user_id, m.user_id) AND v.guest LIMIT 1) AS guest
FROM (SELECT * FROM answers WHERE tenant_id = ?0 AND occurrence_id = ?1 AND status = 'going' AND NOT waiting) AS a
FULL JOIN (SELECT * FROM attendance WHERE tenant_id = ?0 AND occurrence_id = ?1) AS m ON m.user_id = a.user_id
WHERE coalesce(a.user_id, m.user_id) > ?2 AND (?3::boolean IS NULL OR (m.user_id IS NOT NULL) = ?3) ORDER BY 1 LIMIT ?4`

// Page lists attendees.
func (r *Attendance) Page(ctx context.Context, occurrence uuid.UUID, present *bool, after uuid.UUID, limit int) (list []domain.Attendee, err error) {
	var rows []struct {
		UserID   uuid.UUID
		Going    bool
		PlusOnes int
		MarkedBy uuid.NullUUID
		MarkedAt sql.NullTime
		Method   sql.NullString
		Guest    sql.NullString
	}
	err = r.db.Read(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewRaw(attendees, reqctx.From(ctx).TenantID, occurrence, after, present, limit).Scan(ctx, &rows))
	})
	for _, row := range rows {
		attendee := domain.Attendee{UserID: row.UserID, Going: row.Going, PlusOnes: row.PlusOnes, Guest: row.Guest.Valid, Address: row.Guest.String}
		if row.MarkedAt.Valid {
			attendee.Attendance = &domain.Attendance{
				OccurrenceID: occurrence, UserID: row.UserID, By: row.MarkedBy.UUID, At: valid.Instant(row.MarkedAt.Time), Method: domain.Method(row.Method.String),
			}
		}
		list = append(list, attendee)
	}
	return list, err
}

// Expected lists members whose codes may be read.
func (r *Attendance) Expected(ctx context.Context, occurrence uuid.UUID) ([]uuid.UUID, error) {
	return pg.Many(ctx, r.db, func(row *answerRow) uuid.UUID { return row.UserID }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Column("user_id").Where("a.occurrence_id = ?", occurrence).Where("a.status IN ('going', 'interested')")
	})
}

// Secret returns the key of the codes.
func (r *Attendance) Secret(ctx context.Context, event uuid.UUID) (secret domain.CheckInSecret, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		err := r.db.Conn(ctx).NewSelect().Model((*eventRow)(nil)).ColumnExpr("e.check_in_secret").Where("e.id = ?", event).Scan(ctx, (*[]byte)(&secret))
		return pg.NotFound(err, domain.ErrEventNotFound)
	})
	return secret, err
}
