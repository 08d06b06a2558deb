// Package pg stores the data of activity in PostgreSQL.
package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/activity/adapters/pg/migrations"
	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/pg"
)

// Migrations are the tables of activity.
func Migrations() pg.Migrations { return pg.Migrations{Table: "goose_activity", FS: migrations.Files} }

// Items implements ports.Items.
type Items struct{ db *pg.DB }

var _ ports.Items = (*Items)(nil)

// NewItems stores items in db.
func NewItems(db *pg.DB) *Items { return &Items{db} }

type itemRow struct {
	bun.BaseModel `bun:"table:items,alias:item"`
	pg.Tenanted

	ID        uuid.UUID `bun:"id,pk,type:uuid"`
	Title     string    `bun:"title"`
	Text      string    `bun:"text"`
	CreatedBy uuid.UUID `bun:"created_by,type:uuid"`
	CreatedAt time.Time `bun:"created_at"`
	UpdatedAt time.Time `bun:"updated_at"`
}

func toRow(item domain.Item) *itemRow {
	d := item.Data()
	return &itemRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, ID: d.ID, Title: d.Title, Text: d.Text,
		CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
	}
}

func (r *itemRow) toDomain() domain.Item {
	return domain.RestoreItem(domain.ItemData{
		ID: r.ID, TenantID: r.TenantID, Title: r.Title, Text: r.Text,
		CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
	})
}

func withID(id uuid.UUID) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("item.id = ?", id) }
}

// Find returns an item.
func (r *Items) Find(ctx context.Context, id uuid.UUID) (domain.Item, error) {
	return pg.One(ctx, r.db, domain.ErrItemNotFound, (*itemRow).toDomain, withID(id))
}

// Lock returns an item and locks its row until the transaction ends.
func (r *Items) Lock(ctx context.Context, id uuid.UUID) (domain.Item, error) {
	return pg.One(ctx, r.db, domain.ErrItemNotFound, (*itemRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return withID(id)(q).For("UPDATE")
	})
}

// Page lists items, newest first: ids grow with time.
func (r *Items) Page(ctx context.Context, request page.Request) (page.Page[domain.Item], error) {
	var after uuid.UUID
	if _, err := page.Decode("items", request.Cursor, &after); err != nil {
		return page.Page[domain.Item]{}, err
	}
	return page.Fetch(request.Limit, func(limit int) ([]domain.Item, error) {
		return pg.Many(ctx, r.db, (*itemRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery { return pg.PageByIDDesc(q, after, limit) })
	}, func(last domain.Item) string { return page.Encode("items", last.Data().ID) })
}

// Add stores a new item.
func (r *Items) Add(ctx context.Context, item domain.Item) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(toRow(item)).Exec(ctx)
	return pg.Error(err)
}

// Update stores a changed item.
func (r *Items) Update(ctx context.Context, item domain.Item) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRow(item)).Column("title", "text", "updated_at").Where("id = ?", item.Data().ID).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrItemNotFound)
}

// Delete removes an item.
func (r *Items) Delete(ctx context.Context, id uuid.UUID) error {
	result, err := r.db.Conn(ctx).NewDelete().Model((*itemRow)(nil)).Where("id = ?", id).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrItemNotFound)
}
