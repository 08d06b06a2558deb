package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/valid"
)

// Categories is ports.Categories.
type Categories struct{ db *pg.DB }

// NewCategories stores categories in db.
func NewCategories(db *pg.DB) *Categories { return &Categories{db} }

type categoryRow struct {
	bun.BaseModel `bun:"table:categories,alias:c"`
	pg.Tenanted

	ID        uuid.UUID    `bun:"id,pk,type:uuid"`
	Slug      string       `bun:"slug"`
	Names     domain.Texts `bun:"names,type:jsonb"`
	SortOrder int          `bun:"sort_order"`
	Active    bool         `bun:"active"`
	CreatedAt time.Time    `bun:"created_at"`
	UpdatedAt time.Time    `bun:"updated_at"`
	Version   int          `bun:"version"`
}

func toRowCategory(c domain.Category) *categoryRow {
	d := c.Data()
	return &categoryRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, ID: d.ID, Slug: d.Slug, Names: d.Names, SortOrder: d.Order, Active: d.Active,
		CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Version: d.Version,
	}
}

func (r *categoryRow) toDomain() domain.Category {
	return domain.RestoreCategory(domain.CategoryData{
		ID: r.ID, TenantID: r.TenantID, Slug: r.Slug, Names: r.Names, Order: r.SortOrder, Active: r.Active,
		CreatedAt: valid.Instant(r.CreatedAt), UpdatedAt: valid.Instant(r.UpdatedAt), Version: r.Version,
	})
}

func inOrder(q *bun.SelectQuery) *bun.SelectQuery {
	return q.OrderExpr(`c.sort_order, c.slug COLLATE "C"`)
}

// List lists all categories.
func (r *Categories) List(ctx context.Context) ([]domain.Category, error) {
	return pg.Many(ctx, r.db, (*categoryRow).toDomain, inOrder)
}

// LockAll lists all categories and locks them.
func (r *Categories) LockAll(ctx context.Context) ([]domain.Category, error) {
	return pg.Many(ctx, r.db, (*categoryRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery { return inOrder(q).For("UPDATE") })
}

// Find returns a category.
func (r *Categories) Find(ctx context.Context, id uuid.UUID) (domain.Category, error) {
	return pg.One(ctx, r.db, domain.ErrCategoryNotFound, (*categoryRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("c.id = ?", id)
	})
}

// Lock returns a category by its slug and locks it.
func (r *Categories) Lock(ctx context.Context, slug string) (domain.Category, error) {
	return pg.One(ctx, r.db, domain.ErrCategoryNotFound, (*categoryRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("c.slug = ?", slug).For("UPDATE")
	})
}

// Add stores a new category.
func (r *Categories) Add(ctx context.Context, category domain.Category) error {
	result, err := r.db.Conn(ctx).NewInsert().Model(toRowCategory(category)).On("CONFLICT (tenant_id, slug) DO NOTHING").Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrCategoryExists)
}

// Update stores changed categories.
func (r *Categories) Update(ctx context.Context, categories ...domain.Category) error {
	for _, c := range categories {
		result, err := r.db.Conn(ctx).NewUpdate().Model(toRowCategory(c)).Column("names", "sort_order", "active", "updated_at", "version").
			Where("id = ?", c.ID()).Where("version < ?", c.Data().Version).Exec(ctx)
		if err := pg.ChangedOne(result, err, errs.Internalf("gamification: category %s was changed without its lock", c.ID())); err != nil {
			return err
		}
	}
	return nil
}

// Delete removes a category.
func (r *Categories) Delete(ctx context.Context, id uuid.UUID) error {
	result, err := r.db.Conn(ctx).NewDelete().Model((*categoryRow)(nil)).Where("id = ?", id).Exec(ctx)
	return pg.ChangedOne(result, pg.Taken(err, map[string]*errs.Error{"achievements_category": domain.ErrCategoryUsed}), domain.ErrCategoryNotFound)
}

// FindOpen returns a category by its slug with a shared lock, so that no achievement gets into it after it is retired.
func (r *Categories) FindOpen(ctx context.Context, slug string) (domain.Category, error) {
	return pg.One(ctx, r.db, domain.ErrCategoryNotFound, (*categoryRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("c.slug = ?", slug).For("SHARE")
	})
}

// MoveAchievements puts the achievements of a category into another one.
func (r *Categories) MoveAchievements(ctx context.Context, from, into uuid.UUID) (int, error) {
	result, err := r.db.Conn(ctx).NewUpdate().Model((*achievementRow)(nil)).Set("category_id = ?", into).Set("version = version + 1").
		Where("category_id = ?", from).Exec(ctx)
	if err != nil {
		return 0, pg.Error(err)
	}
	moved, err := result.RowsAffected()
	return int(moved), pg.Error(err)
}
