package pg

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

type unsubscriptionRow struct {
	bun.BaseModel `bun:"table:mail_unsubscriptions,alias:u"`
	pg.Tenanted

	UserID      *uuid.UUID `bun:"user_id,type:uuid"`
	AddressHash []byte     `bun:"address_hash"`
	Kind        string     `bun:"kind"`
	CreatedAt   time.Time  `bun:"created_at"`
}

// MailSubscriptions implements ports.MailSubscriptions.
type MailSubscriptions struct{ DB *pg.DB }

// Ended implements ports.MailSubscriptions.
func (s MailSubscriptions) Ended(ctx context.Context, sub domain.MailSubscription) (ended bool, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		ended, err = s.DB.Conn(ctx).NewSelect().Model((*unsubscriptionRow)(nil)).ApplyQueryBuilder(recipient(sub)).Exists(ctx)
		return pg.Error(err)
	})
	return ended, err
}

// End implements ports.MailSubscriptions.
func (s MailSubscriptions) End(ctx context.Context, sub domain.MailSubscription, at time.Time) (bool, error) {
	row := unsubscriptionRow{Kind: sub.Kind, CreatedAt: at}
	if sub.User != uuid.Nil {
		row.UserID = &sub.User
	} else {
		row.AddressHash = sub.Address[:]
	}
	return changed(s.DB.Conn(ctx).NewInsert().Model(&row).On("CONFLICT DO NOTHING").Exec(ctx))
}

// Renew implements ports.MailSubscriptions.
func (s MailSubscriptions) Renew(ctx context.Context, sub domain.MailSubscription) (bool, error) {
	return changed(s.DB.Conn(ctx).NewDelete().Model((*unsubscriptionRow)(nil)).ApplyQueryBuilder(recipient(sub)).Exec(ctx))
}

// recipient selects the row of a subscription.
func recipient(sub domain.MailSubscription) func(bun.QueryBuilder) bun.QueryBuilder {
	return func(q bun.QueryBuilder) bun.QueryBuilder {
		q = q.Where("u.kind = ?", sub.Kind)
		if sub.User != uuid.Nil {
			return q.Where("u.user_id = ?", sub.User)
		}
		return q.Where("u.address_hash = ?", sub.Address[:])
	}
}

// changed reports whether a statement has changed a row.
func changed(result sql.Result, err error) (bool, error) {
	if err != nil {
		return false, pg.Error(err)
	}
	n, err := result.RowsAffected()
	return n > 0, err
}
