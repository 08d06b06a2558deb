package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/valid"
)

// Nominations is ports.Nominations.
type Nominations struct{ db *pg.DB }

// NewNominations stores nominations in db.
func NewNominations(db *pg.DB) *Nominations { return &Nominations{db} }

type nominationRow struct {
	bun.BaseModel `bun:"table:nominations,alias:n"`
	pg.Tenanted

	ID             uuid.UUID `bun:"id,pk,type:uuid"`
	AchievementID  uuid.UUID `bun:"achievement_id,type:uuid"`
	NomineeID      uuid.UUID `bun:"nominee_id,type:uuid"`
	NominatorID    uuid.UUID `bun:"nominator_id,type:uuid"`
	Text           string    `bun:"text"`
	Status         string    `bun:"status"`
	CreatedAt      time.Time `bun:"created_at"`
	DecidedAt      time.Time `bun:"decided_at,nullzero"`
	DecidedBy      uuid.UUID `bun:"decided_by,type:uuid,nullzero"`
	DecisionReason string    `bun:"decision_reason"`
	GrantID        uuid.UUID `bun:"grant_id,type:uuid,nullzero"`
}

func toRowNomination(n domain.Nomination) *nominationRow {
	d := n.Data()
	return &nominationRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, ID: d.ID, AchievementID: d.AchievementID, NomineeID: d.NomineeID, NominatorID: d.NominatorID,
		Text: d.Text, Status: string(d.Status), CreatedAt: d.CreatedAt, DecidedAt: d.DecidedAt, DecidedBy: d.DecidedBy,
		DecisionReason: d.DecisionReason, GrantID: d.GrantID,
	}
}

func (r *nominationRow) toDomain() domain.Nomination {
	return domain.RestoreNomination(domain.NominationData{
		ID: r.ID, TenantID: r.TenantID, AchievementID: r.AchievementID, NomineeID: r.NomineeID, NominatorID: r.NominatorID, Text: r.Text,
		Status: domain.NominationStatus(r.Status), CreatedAt: valid.Instant(r.CreatedAt), DecidedAt: valid.Instant(r.DecidedAt), DecidedBy: r.DecidedBy,
		DecisionReason: r.DecisionReason, GrantID: r.GrantID,
	})
}

func (r *Nominations) one(ctx context.Context, query func(*bun.SelectQuery) *bun.SelectQuery) (domain.Nomination, error) {
	return pg.One(ctx, r.db, domain.ErrNominationNotFound, (*nominationRow).toDomain, query)
}

// Find returns a nomination.
func (r *Nominations) Find(ctx context.Context, id uuid.UUID) (domain.Nomination, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("n.id = ?", id) })
}

// Lock returns a nomination and locks it.
func (r *Nominations) Lock(ctx context.Context, id uuid.UUID) (domain.Nomination, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("n.id = ?", id).For("UPDATE") })
}

// CountOpen counts the open nominations that a member has made, one transaction at a time.
func (r *Nominations) CountOpen(ctx context.Context, nominator uuid.UUID) (int, error) {
	if err := lockUser(ctx, r.db, "nominations", nominator); err != nil {
		return 0, err
	}
	n, err := r.db.Conn(ctx).NewSelect().Model((*nominationRow)(nil)).Where("n.nominator_id = ?", nominator).Where("n.status = 'open'").Count(ctx)
	return int(n), pg.Error(err)
}

// Page lists nominations.
func (r *Nominations) Page(ctx context.Context, f ports.NominationFilter, before uuid.UUID, limit int) ([]domain.Nomination, error) {
	return pg.Many(ctx, r.db, (*nominationRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		if f.Status != "" {
			q = q.Where("n.status = ?", f.Status)
		}
		if f.Nominator != uuid.Nil {
			q = q.Where("n.nominator_id = ?", f.Nominator)
		}
		if f.Scopes != nil {
			q = q.Where(`EXISTS (SELECT FROM achievements AS a WHERE a.tenant_id = n.tenant_id AND a.id = n.achievement_id
				AND (a.scope_type, a.scope_id) IN ?)`, pg.Scopes(f.Scopes))
		}
		return pg.PageByIDDesc(q, before, limit)
	})
}

// Add stores a new nomination.
func (r *Nominations) Add(ctx context.Context, nomination domain.Nomination) error {
	result, err := r.db.Conn(ctx).NewInsert().Model(toRowNomination(nomination)).On("CONFLICT DO NOTHING").Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrNominated)
}

// Delete removes a nomination.
func (r *Nominations) Delete(ctx context.Context, id uuid.UUID) error {
	result, err := r.db.Conn(ctx).NewDelete().Model((*nominationRow)(nil)).Where("id = ?", id).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrNominationNotFound)
}

// Update stores the decision about a nomination.
func (r *Nominations) Update(ctx context.Context, nomination domain.Nomination) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowNomination(nomination)).Column("status", "decided_at", "decided_by", "decision_reason", "grant_id").
		Where("id = ?", nomination.ID()).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrNominationNotFound)
}

// Forget removes nominations that were decided long ago.
func (r *Nominations) Forget(ctx context.Context, before time.Time) error {
	_, err := r.db.Prune(pg.AcrossTenants(ctx, "retention of nominations"), "nominations", "decided_at", before)
	return err
}
