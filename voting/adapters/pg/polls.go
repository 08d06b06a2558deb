package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/groups/portalgroups"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/valid"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// Polls is ports.Polls.
type Polls struct {
	db *pg.DB
}

// NewPolls stores polls in db.
func NewPolls(db *pg.DB) *Polls { return &Polls{db: db} }

// Find returns a poll. It is a prepared statement, because every request about a poll begins with it.
func (r *Polls) Find(ctx context.Context, id uuid.UUID) (poll domain.Poll, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		var row pollRow
		if err := r.db.QueryRow(ctx, &row, selectPoll, tenant(ctx), id); err != nil {
			return pg.NotFound(err, domain.ErrPollNotFound)
		}
		poll = row.toDomain()
		return nil
	})
	return poll, err
}

const selectPoll = `
SELECT tenant_id, id, title, description, status, scope_type, scope_id, visibility, template, allow_revoting, anonymous,
	results_visibility, settings, starts_at, ends_at, amendments, opened, hidden, created_by, created_at, updated_at, version
FROM polls WHERE tenant_id = $1 AND id = $2`

// Lock takes the row lock that a change of the poll needs. Casting a ballot takes a shared one.
func (r *Polls) Lock(ctx context.Context, id uuid.UUID) (domain.Poll, error) {
	return pg.One(ctx, r.db, domain.ErrPollNotFound, (*pollRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("p.id = ?", id).For("UPDATE")
	})
}

// LockFree leaves a poll that another transaction has locked to it.
func (r *Polls) LockFree(ctx context.Context, id uuid.UUID) (domain.Poll, error) {
	return pg.One(ctx, r.db, domain.ErrPollNotFound, (*pollRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("p.id = ?", id).For("UPDATE SKIP LOCKED")
	})
}

// LockShared takes the row lock that casting a ballot takes.
func (r *Polls) LockShared(ctx context.Context, id uuid.UUID) (domain.Poll, error) {
	return pg.One(ctx, r.db, domain.ErrPollNotFound, (*pollRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("p.id = ?", id).For("SHARE")
	})
}

// Add stores a new poll.
func (r *Polls) Add(ctx context.Context, poll domain.Poll) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(toRowPoll(poll)).Value("search_text", "?", searchText(poll)).Exec(ctx)
	return pg.Error(err)
}

// Update stores a changed poll.
func (r *Polls) Update(ctx context.Context, poll domain.Poll) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowPoll(poll)).Value("search_text", "?", searchText(poll)).
		ExcludeColumn("tenant_id", "id", "scope_type", "scope_id", "template", "created_by", "created_at").
		Where("id = ?", poll.ID()).Where("version < ?", poll.Version()).Exec(ctx)
	return pg.ChangedOne(result, err, errs.Internalf("voting: poll %s was changed without its lock", poll.ID()))
}

// Delete removes a poll and its ballots; the database removes everything else below it.
func (r *Polls) Delete(ctx context.Context, id uuid.UUID) error {
	if _, err := r.db.Conn(ctx).NewDelete().Model((*ballotRow)(nil)).Where("poll_id = ?", id).Exec(ctx); err != nil {
		return pg.Error(err)
	}
	_, err := r.db.Conn(ctx).NewDelete().Model((*pollRow)(nil)).Where("id = ?", id).Exec(ctx)
	return pg.Error(err)
}

// Audiences lists the audiences of the polls that match.
func (r *Polls) Audiences(ctx context.Context, filter ports.PollFilter) ([]authz.Audience, error) {
	return pg.ListAudiences(ctx, r.db, (*pollRow)(nil), matching(filter))
}

// Page lists a part of the polls that match and that the viewer sees.
func (r *Polls) Page(ctx context.Context, filter ports.PollFilter, viewer authz.Viewer, part ports.PageRange) ([]domain.Poll, error) {
	return pg.Many(ctx, r.db, (*pollRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		if part.After != nil {
			q = q.Where("(p.created_at, p.id) < (?, ?)", part.After.CreatedAt, part.After.ID)
		}
		return q.Apply(matching(filter)).Apply(pg.VisibleTo(viewer, visibility)).
			OrderExpr("p.created_at DESC, p.id DESC").Limit(int64(part.Limit)).Offset(int64(part.Offset))
	})
}

// Count counts the polls that match and that the viewer sees.
func (r *Polls) Count(ctx context.Context, filter ports.PollFilter, viewer authz.Viewer) (count int, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		n, err := r.db.Conn(ctx).NewSelect().Model((*pollRow)(nil)).Apply(matching(filter)).Apply(pg.VisibleTo(viewer, visibility)).Count(ctx)
		count = int(n)
		return pg.Error(err)
	})
	return count, err
}

// ListByGroup lists the polls of a community with its teams, or of a team.
func (r *Polls) ListByGroup(ctx context.Context, group authz.Scope) ([]uuid.UUID, error) {
	return pg.Many(ctx, r.db, func(row *pollRow) uuid.UUID { return row.ID }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Column("id").Apply(portalgroups.Within(ctx, group)).OrderExpr("p.id")
	})
}

// ListEnded lists active polls of all tenants whose end has passed.
func (r *Polls) ListEnded(ctx context.Context, now time.Time, limit int) ([]ports.PollOfTenant, error) {
	return pg.Many(pg.AcrossTenants(ctx, "closing of ended polls"), r.db, func(row *pollRow) ports.PollOfTenant {
		return ports.PollOfTenant{Tenant: row.TenantID, Poll: row.ID}
	}, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Column("tenant_id", "id").Where("p.status = ? AND p.ends_at < ?", domain.StatusActive, now).OrderExpr("p.ends_at").Limit(int64(limit))
	})
}

// ListOpening lists active polls of all tenants whose start has come and was not announced.
func (r *Polls) ListOpening(ctx context.Context, now time.Time, limit int) ([]ports.PollOfTenant, error) {
	return pg.Many(pg.AcrossTenants(ctx, "opening of scheduled polls"), r.db, func(row *pollRow) ports.PollOfTenant {
		return ports.PollOfTenant{Tenant: row.TenantID, Poll: row.ID}
	}, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Column("tenant_id", "id").Where("p.status = ? AND NOT p.opened AND (p.starts_at IS NULL OR p.starts_at <= ?)", domain.StatusActive, now).
			Where("p.ends_at IS NULL OR p.ends_at >= ?", now).OrderExpr("p.starts_at").Limit(int64(limit))
	})
}

func matching(filter ports.PollFilter) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		if filter.ScopeType != "" {
			q = q.Where("p.scope_type = ?", filter.ScopeType)
		}
		if filter.ScopeID != uuid.Nil {
			q = q.Where("p.scope_id = ?", filter.ScopeID)
		}
		if filter.Status != "" {
			q = q.Where("p.status = ?", filter.Status)
		}
		if pattern := pg.Contains(filter.Query); pattern != "" {
			q = q.Where("p.search_text LIKE ?", pattern)
		}
		return q
	}
}

// searchText is the text that a query is looked for in.
func searchText(poll domain.Poll) string {
	d := poll.Data()
	return valid.Fold(d.Title) + "\n" + valid.Fold(d.Description)
}

// visibility is the rule of domain.NewPollAccess about reading, for all polls at once.
var visibility = pg.VisibilityRule{
	Read: domain.PermissionPollRead, Manage: domain.PermissionPollsAdmin, Shown: "p.status <> 'draft' AND NOT p.hidden",
	Own: `EXISTS (
		SELECT FROM participants AS m WHERE m.tenant_id = p.tenant_id AND m.poll_id = p.id AND m.user_id = ?0
		AND (m.role IN ('owner', 'admin') OR NOT p.hidden AND (m.role = 'moderator' OR p.status <> 'draft')))`,
}
