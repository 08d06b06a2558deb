package pg

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
)

// Reports implements ports.Reports.
type Reports struct{ db *pg.DB }

var _ ports.Reports = (*Reports)(nil)

// NewReports stores reports and the word filter in db.
func NewReports(db *pg.DB) *Reports { return &Reports{db} }

type reportRow struct {
	bun.BaseModel `bun:"table:news_reports,alias:r"`
	pg.Tenanted

	ID         uuid.UUID     `bun:"id,pk,type:uuid"`
	PostID     uuid.UUID     `bun:"post_id,type:uuid"`
	CommentID  int64         `bun:"comment_id"`
	ReporterID uuid.UUID     `bun:"reporter_id,type:uuid"`
	Reason     string        `bun:"reason"`
	Text       string        `bun:"text"`
	CreatedAt  time.Time     `bun:"created_at"`
	Resolution string        `bun:"resolution"`
	ResolvedAt *time.Time    `bun:"resolved_at"`
	ResolvedBy uuid.NullUUID `bun:"resolved_by,type:uuid"`
}

func (r *reportRow) toDomain() domain.NewsReport {
	return domain.NewsReport{
		ID: r.ID, PostID: r.PostID, CommentID: r.CommentID, ReporterID: r.ReporterID, Reason: domain.ReportReason(r.Reason), Text: r.Text,
		CreatedAt: r.CreatedAt.UTC(), Resolution: domain.ReportResolution(r.Resolution), ResolvedAt: orZero(r.ResolvedAt), ResolvedBy: r.ResolvedBy.UUID,
	}
}

// Add stores a report, or returns the open one of the same reporter.
func (r *Reports) Add(ctx context.Context, d domain.NewsReport) (domain.NewsReport, error) {
	result, err := r.db.Conn(ctx).NewInsert().Model(&reportRow{
		ID: d.ID, PostID: d.PostID, CommentID: d.CommentID, ReporterID: d.ReporterID, Reason: string(d.Reason), Text: d.Text, CreatedAt: pg.Time(d.CreatedAt),
	}).On("CONFLICT DO NOTHING").Returning("NULL").Exec(ctx)
	if pg.ConstraintName(err) == "news_reports_tenant_id_post_id_fkey" {
		return d, domain.ErrNewsNotFound.Wrap(err)
	}
	if err != nil {
		return d, pg.Error(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return d, pg.Error(err)
	}
	return pg.One(ctx, r.db, domain.ErrReportNotFound, (*reportRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("r.post_id = ?", d.PostID).Where("r.comment_id = ?", d.CommentID).Where("r.reporter_id = ?", d.ReporterID).Where("r.resolution = ''")
	})
}

// Lock returns a report and locks it.
func (r *Reports) Lock(ctx context.Context, id uuid.UUID) (domain.NewsReport, error) {
	return pg.One(ctx, r.db, domain.ErrReportNotFound, (*reportRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("r.id = ?", id).For("UPDATE")
	})
}

// List lists reports about posts in the scopes that the viewer moderates.
func (r *Reports) List(ctx context.Context, viewer domain.NewsViewer, open bool, after uuid.UUID, limit int) ([]domain.NewsReport, error) {
	return pg.Many(ctx, r.db, (*reportRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		if open {
			q = q.Where("r.resolution = ''")
		}
		q = q.Join("JOIN news_posts AS i ON i.tenant_id = r.tenant_id AND i.id = r.post_id").
			WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
				return inside(q, "i", viewer.Actor.Tenant, viewer.Manage, "")
			})
		return pg.PageByIDDesc(q, after, limit)
	})
}

// Resolve stores the decision on all open reports of the same content.
func (r *Reports) Resolve(ctx context.Context, d domain.NewsReport) error {
	_, err := r.db.Conn(ctx).NewUpdate().Model((*reportRow)(nil)).Set("resolution = ?", d.Resolution).Set("resolved_at = ?", pg.Time(d.ResolvedAt)).
		Set("resolved_by = ?", d.ResolvedBy).Where("post_id = ?", d.PostID).Where("comment_id = ?", d.CommentID).Where("resolution = ''").Exec(ctx)
	return pg.Error(err)
}

type wordFilterRow struct {
	bun.BaseModel `bun:"table:news_word_filters,alias:f"`
	pg.Tenanted

	Words     []string  `bun:"words,array"`
	UpdatedBy uuid.UUID `bun:"updated_by,type:uuid"`
	UpdatedAt time.Time `bun:"updated_at"`
}

var errNoFilter = errs.New(errs.NotFound, "", "This tenant has no word filter.")

// Words returns the word filter.
func (r *Reports) Words(ctx context.Context) (domain.WordFilter, error) {
	filter, err := pg.One(ctx, r.db, errNoFilter, func(row *wordFilterRow) domain.WordFilter {
		return domain.WordFilter{Words: row.Words, UpdatedBy: row.UpdatedBy, UpdatedAt: row.UpdatedAt.UTC()}
	}, func(q *bun.SelectQuery) *bun.SelectQuery { return q })
	if errors.Is(err, errNoFilter) {
		return domain.WordFilter{Words: []string{}}, nil
	}
	return filter, err
}

// SetWords replaces the word filter.
func (r *Reports) SetWords(ctx context.Context, f domain.WordFilter) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(&wordFilterRow{Words: f.Words, UpdatedBy: f.UpdatedBy, UpdatedAt: pg.Time(f.UpdatedAt)}).
		On("CONFLICT (tenant_id) DO UPDATE").Set("words = EXCLUDED.words").Set("updated_by = EXCLUDED.updated_by").Set("updated_at = EXCLUDED.updated_at").
		Returning("NULL").Exec(ctx)
	return pg.Error(err)
}
