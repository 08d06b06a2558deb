package pg

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"go.updspace.com/libs/pg"
)

// InboundMails is ports.InboundMails. It keeps hashes only.
type InboundMails struct {
	db *pg.DB
}

// NewInboundMails stores the mails that were read in db.
func NewInboundMails(db *pg.DB) *InboundMails { return &InboundMails{db: db} }

type inboundRow struct {
	bun.BaseModel `bun:"table:inbound_mails,alias:b"`
	pg.Tenanted

	MessageHash []byte    `bun:"message_hash,pk"`
	ReceivedAt  time.Time `bun:"received_at"`
}

// Known reports whether a mail was read.
func (r *InboundMails) Known(ctx context.Context, messageID string) (known bool, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		known, err = r.db.Conn(ctx).NewSelect().Model((*inboundRow)(nil)).Where("b.message_hash = ?", hashOf(messageID)).Exists(ctx)
		return pg.Error(err)
	})
	return known, err
}

// Remember stores that a mail was read.
func (r *InboundMails) Remember(ctx context.Context, messageID string, now time.Time) error {
	return r.db.Do(ctx, func(ctx context.Context) error {
		_, err := r.db.Conn(ctx).NewInsert().Model(&inboundRow{MessageHash: hashOf(messageID), ReceivedAt: now}).On("CONFLICT DO NOTHING").Exec(ctx)
		return pg.Error(err)
	})
}

// Forget removes old entries.
func (r *InboundMails) Forget(ctx context.Context, before time.Time) error {
	_, err := r.db.Prune(pg.AcrossTenants(ctx, "retention of inbound mails"), "inbound_mails", "received_at", before)
	return err
}
