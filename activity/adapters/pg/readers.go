package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
)

// Readers implements ports.Readers.
type Readers struct{ db *pg.DB }

var _ ports.Readers = (*Readers)(nil)

// NewReaders stores in db what readers have chosen.
func NewReaders(db *pg.DB) *Readers { return &Readers{db} }

type subscriptionRow struct {
	bun.BaseModel `bun:"table:subscriptions,alias:s"`
	pg.Tenanted

	ID     int64         `bun:"id,autoincrement"`
	UserID uuid.UUID     `bun:"user_id,pk,type:uuid"`
	Scopes []scopeColumn `bun:"scopes,type:jsonb"`
}

type scopeColumn struct {
	Type authz.ScopeType `json:"type"`
	ID   uuid.UUID       `json:"id"`
}

func (r *subscriptionRow) toDomain() domain.Subscription {
	s := domain.Subscription{ID: r.ID, Tenant: r.TenantID, User: r.UserID, Scopes: make([]authz.Scope, len(r.Scopes))}
	for i, scope := range r.Scopes {
		s.Scopes[i] = authz.Scope(scope)
	}
	return s
}

// errNone stands for the absence of a row, which is no error.
var errNone = errs.New(errs.NotFound, "", "There is none.")

// Subscription returns the subscription of a user.
func (r *Readers) Subscription(ctx context.Context, user uuid.UUID) (domain.Subscription, bool, error) {
	s, err := pg.One(ctx, r.db, errNone, (*subscriptionRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("s.user_id = ?", user) })
	if errs.KindOf(err) == errs.NotFound {
		return domain.Subscription{}, false, nil
	}
	return s, err == nil, err
}

// PutSubscription stores a subscription.
func (r *Readers) PutSubscription(ctx context.Context, s domain.Subscription) (domain.Subscription, error) {
	row := &subscriptionRow{Tenanted: pg.Tenanted{TenantID: s.Tenant}, UserID: s.User, Scopes: make([]scopeColumn, len(s.Scopes))}
	for i, scope := range s.Scopes {
		row.Scopes[i] = scopeColumn(scope)
	}
	_, err := r.db.Conn(ctx).NewInsert().Model(row).ExcludeColumn("id").On("CONFLICT (tenant_id, user_id) DO UPDATE").Set("scopes = EXCLUDED.scopes").
		Returning("id").Exec(ctx)
	if err != nil {
		return s, pg.Error(err)
	}
	s.ID = row.ID
	return s, nil
}

type readRow struct {
	bun.BaseModel `bun:"table:feed_reads,alias:r"`
	pg.Tenanted

	UserID uuid.UUID `bun:"user_id,pk,type:uuid"`
	ReadTo time.Time `bun:"read_to"`
}

// ReadTo returns until when a user has read the feed.
func (r *Readers) ReadTo(ctx context.Context, user uuid.UUID) (time.Time, error) {
	at, err := pg.One(ctx, r.db, errNone, func(row *readRow) time.Time { return row.ReadTo.UTC() }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("r.user_id = ?", user)
	})
	if errs.KindOf(err) == errs.NotFound {
		return time.Time{}, nil
	}
	return at, err
}

// MarkRead stores until when a user has read the feed.
func (r *Readers) MarkRead(ctx context.Context, user uuid.UUID, to time.Time) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(&readRow{UserID: user, ReadTo: pg.Time(to)}).On("CONFLICT (tenant_id, user_id) DO UPDATE").
		Set("read_to = greatest(r.read_to, EXCLUDED.read_to)").Exec(ctx)
	return pg.Error(err)
}
