package pg

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
	"go.updspace.com/libs/valid"
)

// Invitations is ports.Invitations.
type Invitations struct {
	db   *pg.DB
	seal *seal.Sealer
}

// NewInvitations stores invitations in db, their tokens sealed.
func NewInvitations(db *pg.DB, sealer *seal.Sealer) *Invitations {
	return &Invitations{db: db, seal: sealer}
}

type invitationRow struct {
	bun.BaseModel `bun:"table:invitations,alias:i"`
	pg.Tenanted

	ID         uuid.UUID   `bun:"id,pk,type:uuid"`
	EventID    uuid.UUID   `bun:"event_id,type:uuid"`
	UserID     uuid.UUID   `bun:"user_id,type:uuid"`
	Guest      bool        `bun:"guest"`
	Address    string      `bun:"address"`
	Slug       string      `bun:"slug"`
	TokenHash  []byte      `bun:"token_hash"`
	Token      []byte      `bun:"token"`
	SealKey    string      `bun:"seal_key"`
	InvitedBy  uuid.UUID   `bun:"invited_by,type:uuid"`
	InvitedAt  time.Time   `bun:"invited_at"`
	Batch      uuid.UUID   `bun:"batch,type:uuid"`
	Withdrawn  bool        `bun:"withdrawn"`
	Told       int         `bun:"told"`
	MailMethod string      `bun:"mail_method"`
	MailDates  []uuid.UUID `bun:"mail_dates,array"`
	MailDue    *time.Time  `bun:"mail_due"`
	Delivery   string      `bun:"delivery"`
	Failure    string      `bun:"failure"`
	MessageID  uuid.UUID   `bun:"message_id,type:uuid"`
	MailedAt   *time.Time  `bun:"mailed_at"`
	Recipient  string      `bun:"recipient"`

	Reply        *string    `bun:"reply,scanonly"`
	ReplyWaiting *bool      `bun:"reply_waiting,scanonly"`
	RepliedAt    *time.Time `bun:"replied_at,scanonly"`
}

func (r *Invitations) toRow(i domain.Invitation) *invitationRow {
	row := &invitationRow{
		ID: i.ID, EventID: i.EventID, UserID: i.UserID, Guest: i.Guest, Address: i.Address, Slug: i.Slug, InvitedBy: i.By, InvitedAt: i.At, Batch: i.Batch,
		Withdrawn: i.Withdrawn, Told: i.Told, MailMethod: string(i.Mail.Method), MailDates: column(i.Mail.Dates, same), MailDue: timeOrNull(i.Mail.Due),
		Delivery: string(i.Delivery), Failure: i.Failure, MessageID: i.MessageID, MailedAt: timeOrNull(i.MailedAt),
		Recipient: i.Recipient,
	}
	row.TokenHash = hashOf(string(i.Token))
	row.Token, row.SealKey = r.seal.Seal([]byte(i.Token), aboutInvitation(i.ID))
	return row
}

func aboutInvitation(id uuid.UUID) []byte { return []byte("invitations/" + id.String()) }

func hashOf(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

func (r *invitationRow) toDomain() domain.Invitation {
	i := domain.Invitation{
		ID: r.ID, EventID: r.EventID, UserID: r.UserID, Guest: r.Guest, Address: r.Address, Slug: r.Slug, By: r.InvitedBy, At: valid.Instant(r.InvitedAt),
		Batch: r.Batch, Withdrawn: r.Withdrawn, Told: r.Told,
		Mail:     domain.Mail{Method: domain.MailMethod(r.MailMethod), Dates: each(r.MailDates, same), Due: timeOf(r.MailDue)},
		Delivery: domain.Delivery(r.Delivery), Failure: r.Failure, MessageID: r.MessageID, MailedAt: timeOf(r.MailedAt),
		Recipient: r.Recipient,
	}
	if r.Reply != nil {
		i.Reply = &domain.Answer{UserID: r.UserID, Guest: r.Guest, Status: domain.AnswerStatus(*r.Reply), Waiting: *r.ReplyWaiting, At: timeOf(r.RepliedAt)}
	}
	return i
}

// opened is toDomain with the token.
func (r *Invitations) opened(rows []invitationRow) ([]domain.Invitation, error) {
	list := make([]domain.Invitation, len(rows))
	for i := range rows {
		token, err := r.seal.Open(rows[i].Token, rows[i].SealKey, aboutInvitation(rows[i].ID))
		if err != nil {
			return nil, fmt.Errorf("the token of invitation %s: %w", rows[i].ID, err)
		}
		list[i] = rows[i].toDomain()
		list[i].Token = domain.InvitationToken(token)
	}
	return list, nil
}

func (r *Invitations) one(ctx context.Context, query func(*bun.SelectQuery) *bun.SelectQuery) (domain.Invitation, error) {
	return pg.One(ctx, r.db, domain.ErrInvitationUnknown, (*invitationRow).toDomain, query)
}

func (r *Invitations) many(ctx context.Context, query func(*bun.SelectQuery) *bun.SelectQuery) ([]domain.Invitation, error) {
	return pg.Many(ctx, r.db, (*invitationRow).toDomain, query)
}

// Find returns an invitation.
func (r *Invitations) Find(ctx context.Context, event, id uuid.UUID) (domain.Invitation, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("i.event_id = ?", event).Where("i.id = ?", id)
	})
}

// Lock returns an invitation with its row lock.
func (r *Invitations) Lock(ctx context.Context, event, id uuid.UUID) (domain.Invitation, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("i.event_id = ?", event).Where("i.id = ?", id).For("UPDATE")
	})
}

// FindByToken looks in all tenants.
func (r *Invitations) FindByToken(ctx context.Context, token domain.InvitationToken) (ports.InvitationOfTenant, error) {
	return pg.One(pg.AcrossTenants(ctx, "links of invitations"), r.db, domain.ErrInvitationUnknown, func(row *invitationRow) ports.InvitationOfTenant {
		return ports.InvitationOfTenant{Tenant: row.TenantID, Invitation: row.toDomain()}
	}, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("i.token_hash = ?", hashOf(string(token))) })
}

// Guest returns the invitation of a guest.
func (r *Invitations) Guest(ctx context.Context, event, user uuid.UUID) (*domain.Invitation, error) {
	list, err := r.take(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("i.event_id = ?", event).Where("i.user_id = ?", user).Where("i.guest")
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// Existing lists invitations of users and of addresses.
func (r *Invitations) Existing(ctx context.Context, event uuid.UUID, users []uuid.UUID, addresses []string) ([]domain.Invitation, error) {
	return r.many(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("i.event_id = ?", event).WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("i.user_id = ANY (?)", pgdialect.Array(users)).WhereOr("i.address <> '' AND i.address = ANY (?)", pgdialect.Array(addresses))
		}).For("UPDATE")
	})
}

// withReply joins the last answer of each person about a date of the event.
func withReply(q *bun.SelectQuery) *bun.SelectQuery {
	return q.ColumnExpr("?TableColumns, r.status AS reply, r.waiting AS reply_waiting, r.answered_at AS replied_at").
		Join(`LEFT JOIN LATERAL (SELECT a.status, a.waiting, a.answered_at FROM answers AS a JOIN occurrences AS o ON o.tenant_id = a.tenant_id AND o.id = a.occurrence_id
			WHERE a.tenant_id = i.tenant_id AND a.user_id = i.user_id AND o.event_id = i.event_id ORDER BY a.answered_at DESC, o.starts_at LIMIT 1) AS r ON true`)
}

// Page lists invitations.
func (r *Invitations) Page(ctx context.Context, event, before uuid.UUID, limit int) ([]domain.Invitation, error) {
	return r.many(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return pg.PageByIDDesc(q.Apply(withReply).Where("i.event_id = ?", event), before, limit)
	})
}

// Count counts the invitations to an event.
func (r *Invitations) Count(ctx context.Context, event uuid.UUID) (int, error) {
	return r.count(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("i.event_id = ?", event) })
}

// CountBatch counts what one request has invited.
func (r *Invitations) CountBatch(ctx context.Context, batch uuid.UUID) (int, error) {
	return r.count(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("i.batch = ?", batch) })
}

// CountAddresses counts addresses that a user has invited.
func (r *Invitations) CountAddresses(ctx context.Context, by uuid.UUID, since time.Time) (int, error) {
	return r.count(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("i.invited_by = ?", by).Where("i.invited_at > ?", since).Where("i.guest")
	})
}

func (r *Invitations) count(ctx context.Context, query func(*bun.SelectQuery) *bun.SelectQuery) (count int, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		n, err := r.db.Conn(ctx).NewSelect().Model((*invitationRow)(nil)).Apply(query).Count(ctx)
		count = int(n)
		return pg.Error(err)
	})
	return count, err
}

// Add stores new invitations.
func (r *Invitations) Add(ctx context.Context, invitations ...domain.Invitation) error {
	if len(invitations) == 0 {
		return nil
	}
	rows := each(invitations, r.toRow)
	_, err := r.db.Conn(ctx).NewInsert().Model(&rows).Exec(ctx)
	return pg.Error(err)
}

// Update stores a changed invitation.
func (r *Invitations) Update(ctx context.Context, i domain.Invitation) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(r.toRow(i)).
		Column("invited_by", "invited_at", "batch", "withdrawn", "told", "mail_method", "mail_dates", "mail_due", "delivery", "failure").
		Where("id = ?", i.ID).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrInvitationUnknown)
}

const tell = `UPDATE invitations SET
	mail_method = CASE WHEN $3::text = '' THEN mail_method WHEN $3::text = 'cancel' AND told < 0 THEN '' ELSE $3::text END,
	mail_dates = CASE WHEN $3::text = 'cancel' OR told < 0 THEN '{}' ELSE (mail_dates || $4::uuid[])[1:1000] END,
	mail_due = CASE WHEN $3::text = 'cancel' AND told < 0 THEN NULL WHEN $3::text = '' AND told < 0 THEN mail_due ELSE least(mail_due, $5::timestamptz) END,
	delivery = CASE WHEN told < 0 THEN delivery ELSE 'waiting' END
	WHERE tenant_id = $1 AND event_id = $2 AND NOT withdrawn`

// Tell changes the waiting mails of an event in one statement. A person who was not told of the event yet need not hear of a
// cancellation.
func (r *Invitations) Tell(ctx context.Context, event uuid.UUID, mail domain.Mail) error {
	_, err := r.db.Exec(ctx, tell, reqctx.From(ctx).TenantID, event, string(mail.Method), column(mail.Dates, same), mail.Due)
	return pg.Error(err)
}

// Copies lists invitations that are in force.
func (r *Invitations) Copies(ctx context.Context, event uuid.UUID) ([]domain.Invitation, error) {
	return r.many(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("i.event_id = ?", event).Where("NOT i.withdrawn AND i.token IS NOT NULL").OrderExpr("i.id").Limit(domain.MaxInvitations)
	})
}

// ListDue lists events of all tenants.
func (r *Invitations) ListDue(ctx context.Context, now time.Time, limit int) ([]ports.EventOfTenant, error) {
	return pg.Many(pg.AcrossTenants(ctx, "mails of invitations"), r.db, func(row *invitationRow) ports.EventOfTenant {
		return ports.EventOfTenant{Tenant: row.TenantID, Event: row.EventID}
	}, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Column("tenant_id", "event_id").Join("JOIN events AS e ON e.tenant_id = i.tenant_id AND e.id = i.event_id").
			Where("i.mail_due <= ?", now).Where("e.status <> 'draft' AND NOT e.hidden").
			GroupExpr("i.tenant_id, i.event_id").OrderExpr("min(i.mail_due), i.event_id").Limit(int64(limit))
	})
}

// Take locks invitations whose mails are due.
func (r *Invitations) Take(ctx context.Context, event uuid.UUID, now time.Time, limit int) ([]domain.Invitation, error) {
	return r.take(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("i.event_id = ?", event).Where("i.mail_due <= ?", now).For("UPDATE OF i SKIP LOCKED").OrderExpr("i.id").Limit(int64(limit))
	})
}

// TakeTold locks invitations of people who were told.
func (r *Invitations) TakeTold(ctx context.Context, event, after uuid.UUID, limit int) ([]domain.Invitation, error) {
	return r.take(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return pg.PageByID(q.Where("i.event_id = ?", event).Where("i.told >= 0 AND NOT i.withdrawn"), after, limit).For("UPDATE OF i")
	})
}

func (r *Invitations) take(ctx context.Context, query func(*bun.SelectQuery) *bun.SelectQuery) ([]domain.Invitation, error) {
	rows, err := pg.Many(ctx, r.db, func(row *invitationRow) invitationRow { return *row }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return query(q.Apply(withReply).Where("i.token IS NOT NULL"))
	})
	if err != nil {
		return nil, err
	}
	return r.opened(rows)
}

const mailed = `UPDATE invitations AS i SET told = $2, mail_method = '', mail_dates = '{}', mail_due = NULL, delivery = 'queued', failure = '',
	message_id = m.message, mailed_at = $3
	FROM unnest($4::uuid[], $5::uuid[]) AS m (id, message) WHERE i.tenant_id = $1 AND i.id = m.id`

// Mailed stores that mails were asked for, in one statement.
func (r *Invitations) Mailed(ctx context.Context, sequence int, now time.Time, invitations ...domain.Invitation) error {
	ids := each(invitations, func(i domain.Invitation) uuid.UUID { return i.ID })
	messages := each(invitations, func(i domain.Invitation) uuid.UUID { return i.MessageID })
	_, err := r.db.Exec(ctx, mailed, reqctx.From(ctx).TenantID, sequence, now, ids, messages)
	return pg.Error(err)
}

// Delivered stores what became of a mail. A mail that waits by now is newer.
func (r *Invitations) Delivered(ctx context.Context, message uuid.UUID, outcome domain.MailOutcome) error {
	_, err := r.db.Conn(ctx).NewUpdate().Model((*invitationRow)(nil)).
		Set("delivery = CASE delivery WHEN 'queued' THEN ? ELSE delivery END", string(outcome.Delivery)).
		Set("failure = CASE delivery WHEN 'queued' THEN ? ELSE failure END", outcome.Failure).
		Set("recipient = coalesce(nullif(?, ''), recipient)", outcome.Recipient).Where("message_id = ?", message).Exec(ctx)
	return pg.Error(err)
}

// ForgetAddresses works in all tenants.
func (r *Invitations) ForgetAddresses(ctx context.Context, before time.Time) error {
	ctx = pg.AcrossTenants(ctx, "retention of addresses")
	return r.db.Do(ctx, func(ctx context.Context) error {
		_, err := r.db.Conn(ctx).NewRaw(`UPDATE invitations AS i SET address = '', token = NULL, token_hash = NULL, mail_due = NULL, recipient = ''
			WHERE i.guest AND i.token IS NOT NULL AND NOT EXISTS (
				SELECT FROM occurrences AS o WHERE o.tenant_id = i.tenant_id AND o.event_id = i.event_id AND o.ends_at >= ?)`, before).Exec(ctx)
		return pg.Error(err)
	})
}

func timeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return valid.Instant(*t)
}
