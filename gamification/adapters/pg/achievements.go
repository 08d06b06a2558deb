package pg

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/groups/portalgroups"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/valid"
)

// Achievements is ports.Achievements.
type Achievements struct{ db *pg.DB }

// NewAchievements stores achievements in db.
func NewAchievements(db *pg.DB) *Achievements { return &Achievements{db} }

type achievementRow struct {
	bun.BaseModel `bun:"table:achievements,alias:a"`
	pg.Tenanted

	ID               uuid.UUID    `bun:"id,pk,type:uuid"`
	Names            domain.Texts `bun:"names,type:jsonb"`
	Description      string       `bun:"description"`
	Descriptions     domain.Texts `bun:"descriptions,type:jsonb"`
	CategoryID       uuid.UUID    `bun:"category_id,type:uuid"`
	Category         string       `bun:"category,scanonly"`
	Status           string       `bun:"status"`
	ImageSmall       string       `bun:"image_small"`
	ImageMedium      string       `bun:"image_medium"`
	ImageLarge       string       `bun:"image_large"`
	ImageAlt         string       `bun:"image_alt"`
	ImageAlts        domain.Texts `bun:"image_alts,type:jsonb"`
	ImageIDs         []uuid.UUID  `bun:"image_ids,array,type:uuid[]"`
	Tier             string       `bun:"tier"`
	Rarity           string       `bun:"rarity"`
	Secret           bool         `bun:"secret"`
	Kind             string       `bun:"kind"`
	MaxGrants        int          `bun:"max_grants"`
	IssuerDailyLimit int          `bun:"issuer_daily_limit"`
	ExpiresAfterDays int          `bun:"expires_after_days"`
	Prerequisites    []uuid.UUID  `bun:"prerequisites,array,type:uuid[]"`
	Points           int          `bun:"points"`
	ScopeType        string       `bun:"scope_type"`
	ScopeID          uuid.UUID    `bun:"scope_id,type:uuid"`
	Visibility       string       `bun:"visibility"`
	Removed          bool         `bun:"removed"`
	CreatedBy        uuid.UUID    `bun:"created_by,type:uuid"`
	CreatedAt        time.Time    `bun:"created_at"`
	UpdatedAt        time.Time    `bun:"updated_at"`
	PublishedAt      time.Time    `bun:"published_at,nullzero"`
	Holders          int          `bun:"holders,scanonly"`
	Members          int          `bun:"members,scanonly"`
	HasRule          bool         `bun:"has_rule,scanonly"`
	Version          int          `bun:"version"`
}

func toRowAchievement(a domain.Achievement) *achievementRow {
	d := a.Data()
	if d.Rules.Prerequisites == nil {
		d.Rules.Prerequisites = []uuid.UUID{}
	}
	return &achievementRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, ID: d.ID, Names: d.Names, Description: d.Description, Descriptions: d.Descriptions,
		CategoryID: d.Category.ID, Status: string(d.Status), ImageSmall: d.Images.Small, ImageMedium: d.Images.Medium, ImageLarge: d.Images.Large,
		ImageAlt: d.ImageAlt, ImageAlts: d.ImageAlts, ImageIDs: d.Images.Uploaded(), Tier: string(d.Rules.Tier), Rarity: string(d.Rules.Rarity), Secret: d.Rules.Secret, Kind: string(d.Rules.Kind),
		MaxGrants: d.Rules.MaxGrants, IssuerDailyLimit: d.Rules.IssuerDailyLimit, ExpiresAfterDays: d.Rules.ExpiresAfterDays,
		Prerequisites: d.Rules.Prerequisites, Points: d.Rules.Points, ScopeType: string(d.Scope.Type), ScopeID: d.Scope.ID, Visibility: string(domain.VisibilityOf(d.Scope)),
		Removed: d.Removed, CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, PublishedAt: d.PublishedAt, Version: d.Version,
	}
}

func (r *achievementRow) toDomain() domain.Achievement {
	if len(r.Prerequisites) == 0 {
		r.Prerequisites = nil
	}
	return domain.RestoreAchievement(domain.AchievementData{
		ID: r.ID, TenantID: r.TenantID, Names: r.Names, Description: r.Description, Descriptions: r.Descriptions,
		Category: domain.CategoryRef{ID: r.CategoryID, Slug: r.Category}, Status: domain.Status(r.Status),
		Images: domain.Images{Small: r.ImageSmall, Medium: r.ImageMedium, Large: r.ImageLarge}, ImageAlt: r.ImageAlt, ImageAlts: r.ImageAlts,
		Rules: domain.Rules{
			Tier: domain.Tier(r.Tier), Rarity: domain.Rarity(r.Rarity), Secret: r.Secret, Kind: domain.Kind(r.Kind), MaxGrants: r.MaxGrants,
			IssuerDailyLimit: r.IssuerDailyLimit, ExpiresAfterDays: r.ExpiresAfterDays, Prerequisites: r.Prerequisites, Points: r.Points,
		},
		Scope: authz.Scope{Type: authz.ScopeType(r.ScopeType), ID: r.ScopeID}, Removed: r.Removed, CreatedBy: r.CreatedBy,
		CreatedAt: valid.Instant(r.CreatedAt), UpdatedAt: valid.Instant(r.UpdatedAt), PublishedAt: valid.Instant(r.PublishedAt), HasRule: r.HasRule, Version: r.Version,
		Holders: r.Holders, Members: r.Members,
	})
}

// hasRule is met by achievements that have a rule.
const hasRule = "EXISTS (SELECT FROM rules AS r WHERE r.tenant_id = a.tenant_id AND r.achievement_id = a.id)"

// withCategory selects achievements with the slugs of their categories and whether they have a rule.
func withCategory(q *bun.SelectQuery) *bun.SelectQuery {
	return q.ColumnExpr("?TableColumns").ColumnExpr("(SELECT c.slug FROM categories AS c WHERE c.tenant_id = a.tenant_id AND c.id = a.category_id) AS category").
		ColumnExpr(hasRule + " AS has_rule").ColumnExpr("coalesce(h.holders, 0) AS holders, coalesce(h.members, 0) AS members").
		Join("LEFT JOIN holder_counts AS h ON h.tenant_id = a.tenant_id AND h.achievement_id = a.id")
}

// Find returns an achievement.
func (r *Achievements) Find(ctx context.Context, id uuid.UUID) (domain.Achievement, error) {
	return pg.One(ctx, r.db, domain.ErrAchievementNotFound, (*achievementRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return withCategory(q).Where("a.id = ?", id)
	})
}

// Lock takes the row lock that every change of the achievement and its grants needs.
func (r *Achievements) Lock(ctx context.Context, id uuid.UUID) (domain.Achievement, error) {
	return pg.One(ctx, r.db, domain.ErrAchievementNotFound, (*achievementRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return withCategory(q).Where("a.id = ?", id).For("UPDATE OF a")
	})
}

// Audiences lists the audiences of the achievements that match.
func (r *Achievements) Audiences(ctx context.Context, filter ports.AchievementFilter) ([]authz.Audience, error) {
	return pg.ListAudiences(ctx, r.db, (*achievementRow)(nil), matching(filter))
}

// Page lists a part of the achievements that match and that the viewer sees.
func (r *Achievements) Page(
	ctx context.Context, filter ports.AchievementFilter, viewer authz.Viewer, after *ports.AchievementKey, limit int,
) ([]domain.Achievement, error) {
	return pg.Many(ctx, r.db, (*achievementRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		switch {
		case after != nil && filter.Rarest:
			q = q.Where("(-coalesce(h.holders, 0), a.created_at, a.id) < (?, ?, ?)", -after.Holders, after.CreatedAt, after.ID)
		case after != nil:
			q = q.Where("(a.created_at, a.id) < (?, ?)", after.CreatedAt, after.ID)
		}
		if filter.Rarest {
			q = q.OrderExpr("coalesce(h.holders, 0)")
		}
		return withCategory(q).Apply(matching(filter)).Apply(pg.VisibleTo(viewer, visibility)).OrderExpr("a.created_at DESC, a.id DESC").Limit(int64(limit))
	})
}

// Missing returns the ids that no achievement has.
func (r *Achievements) Missing(ctx context.Context, ids []uuid.UUID) (missing []uuid.UUID, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := pg.Many(ctx, r.db, func(row *achievementRow) uuid.UUID { return row.ID }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Column("id").Where("a.id IN ?", bun.Tuple(ids))
	})
	known := make(map[uuid.UUID]bool, len(found))
	for _, id := range found {
		known[id] = true
	}
	for _, id := range ids {
		if !known[id] {
			missing = append(missing, id)
		}
	}
	return missing, err
}

// FindAll returns achievements by their ids.
func (r *Achievements) FindAll(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]domain.Achievement, error) {
	byID := make(map[uuid.UUID]domain.Achievement, len(ids))
	if len(ids) == 0 {
		return byID, nil
	}
	found, err := pg.Many(ctx, r.db, (*achievementRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return withCategory(q).Where("a.id IN ?", bun.Tuple(ids))
	})
	for _, a := range found {
		byID[a.ID()] = a
	}
	return byID, err
}

// ListByGroup lists the achievements of a community with its teams, or of a team.
func (r *Achievements) ListByGroup(ctx context.Context, group authz.Scope) ([]uuid.UUID, error) {
	return pg.Many(ctx, r.db, func(row *achievementRow) uuid.UUID { return row.ID }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Column("id").Where("NOT a.removed").Apply(portalgroups.Within(ctx, group)).OrderExpr("a.id")
	})
}

// CountHolders counts in one statement, and writes what has changed.
func (r *Achievements) CountHolders(ctx context.Context) error {
	ctx = pg.AcrossTenants(ctx, "counting of holders")
	return r.db.Do(ctx, func(ctx context.Context) error {
		_, err := r.db.Conn(ctx).NewRaw(`
			INSERT INTO holder_counts AS c (tenant_id, achievement_id, holders, members)
			SELECT a.tenant_id, a.id, coalesce(g.holders, 0), coalesce(m.members, 0) FROM achievements AS a
			LEFT JOIN (SELECT g.tenant_id, g.achievement_id, count(DISTINCT g.recipient_id) AS holders FROM grants AS g
				JOIN members AS m ON m.tenant_id = g.tenant_id AND m.user_id = g.recipient_id AND m.active
				WHERE g.ended_at IS NULL GROUP BY 1, 2) AS g ON g.tenant_id = a.tenant_id AND g.achievement_id = a.id
			LEFT JOIN (SELECT tenant_id, count(*) AS members FROM members WHERE active GROUP BY 1) AS m ON m.tenant_id = a.tenant_id
			WHERE a.status <> 'draft'
			ON CONFLICT (tenant_id, achievement_id) DO UPDATE SET holders = EXCLUDED.holders, members = EXCLUDED.members
			WHERE (c.holders, c.members) <> (EXCLUDED.holders, EXCLUDED.members)`).Exec(ctx)
		return pg.Error(err)
	})
}

// Add stores a new achievement.
func (r *Achievements) Add(ctx context.Context, a domain.Achievement) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(toRowAchievement(a)).Value("search_text", "?", a.Data().Search()).Exec(ctx)
	return pg.Error(err)
}

// Update stores a changed achievement.
func (r *Achievements) Update(ctx context.Context, a domain.Achievement) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowAchievement(a)).Value("search_text", "?", a.Data().Search()).
		ExcludeColumn("tenant_id", "id", "scope_type", "scope_id", "visibility", "created_by", "created_at").
		Where("id = ?", a.ID()).Where("version < ?", a.Version()).Exec(ctx)
	return pg.ChangedOne(result, err, errs.Internalf("gamification: achievement %s was changed without its lock", a.ID()))
}

// Delete removes an achievement.
func (r *Achievements) Delete(ctx context.Context, id uuid.UUID) error {
	result, err := r.db.Conn(ctx).NewDelete().Model((*achievementRow)(nil)).Where("id = ?", id).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrAchievementNotFound)
}

func matching(f ports.AchievementFilter) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		if len(f.Statuses) > 0 {
			q = q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
				q = q.Where("a.status IN ?", bun.Tuple(f.Statuses))
				if slices.Contains(f.Statuses, ports.StatusActive) {
					q = q.WhereOr("a.status = 'published' AND " + hasRule)
				}
				return q
			})
		}
		if len(f.Categories) > 0 {
			q = q.Where("a.category_id IN (SELECT c.id FROM categories AS c WHERE c.tenant_id = a.tenant_id AND c.slug IN ?)", bun.Tuple(f.Categories))
		}
		if len(f.IDs) > 0 {
			q = q.Where("a.id IN ?", bun.Tuple(f.IDs))
		}
		if pattern := pg.Contains(f.Query); pattern != "" {
			q = q.Where("a.search_text LIKE ?", pattern)
		}
		if f.CreatedBy != uuid.Nil {
			q = q.Where("a.created_by = ?", f.CreatedBy)
		}
		if f.Scope.Type != "" {
			q = q.Where("a.scope_type = ? AND a.scope_id = ?", f.Scope.Type, f.Scope.ID)
		}
		return q
	}
}

// visibility is the rule of domain.NewAchievementAccess about reading, for all achievements at once.
var visibility = pg.VisibilityRule{
	Read: domain.PermissionRead, Manage: domain.PermissionViewPrivate, Shown: "a.status = 'published' AND NOT a.secret AND NOT a.removed",
	Own: `a.status <> 'draft' AND EXISTS (
		SELECT FROM grants AS g WHERE g.tenant_id = a.tenant_id AND g.achievement_id = a.id AND g.recipient_id = ?0 AND g.ended_at IS NULL)`,
}
