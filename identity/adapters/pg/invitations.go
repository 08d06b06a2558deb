package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
)

type invitationRow struct {
	bun.BaseModel `bun:"table:invitations,alias:i"`
	pg.Tenanted

	ID          uuid.UUID             `bun:"id,pk,type:uuid"`
	Kind        domain.InvitationKind `bun:"kind"`
	Email       string                `bun:"email"`
	DisplayName string                `bun:"display_name"`
	Language    string                `bun:"language"`
	Application *int64                `bun:"application_id"`
	InvitedBy   *uuid.UUID            `bun:"invited_by,type:uuid"`
	TokenHash   []byte                `bun:"token_hash"`
	CreatedAt   time.Time             `bun:"created_at"`
	SentAt      time.Time             `bun:"sent_at"`
	ExpiresAt   time.Time             `bun:"expires_at"`
	AcceptedAt  *time.Time            `bun:"accepted_at"`
	RevokedAt   *time.Time            `bun:"revoked_at"`
}

func (r *invitationRow) invitation() domain.Invitation {
	return domain.Invitation{
		ID: r.ID, TenantID: r.TenantID, Kind: r.Kind, Email: r.Email, DisplayName: r.DisplayName, Language: r.Language, Application: r.Application,
		InvitedBy: r.InvitedBy, TokenHash: domain.Hash(r.TokenHash), CreatedAt: r.CreatedAt, SentAt: r.SentAt, ExpiresAt: r.ExpiresAt,
		AcceptedAt: r.AcceptedAt, RevokedAt: r.RevokedAt,
	}
}

func toInvitationRow(i domain.Invitation) *invitationRow {
	r := &invitationRow{
		ID: i.ID, Kind: i.Kind, Email: i.Email, DisplayName: i.DisplayName, Language: i.Language, Application: i.Application, InvitedBy: i.InvitedBy,
		TokenHash: i.TokenHash[:], CreatedAt: i.CreatedAt, SentAt: i.SentAt, ExpiresAt: i.ExpiresAt, AcceptedAt: i.AcceptedAt, RevokedAt: i.RevokedAt,
	}
	r.TenantID = i.TenantID
	return r
}

// Invitations implements ports.Invitations.
type Invitations struct{ DB *pg.DB }

// Insert implements ports.Invitations.
func (s Invitations) Insert(ctx context.Context, i domain.Invitation) error {
	res, err := s.DB.Conn(ctx).NewInsert().Model(toInvitationRow(i)).
		On("CONFLICT (tenant_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL DO NOTHING").Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrAlreadyInvited)
}

// ByToken implements ports.Invitations.
func (s Invitations) ByToken(ctx context.Context, token domain.Hash) (domain.Invitation, error) {
	return s.find(ctx, domain.ErrLinkUnknown, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("i.token_hash = ?", token[:]) })
}

// Lock implements ports.Invitations.
func (s Invitations) Lock(ctx context.Context, id uuid.UUID) (domain.Invitation, error) {
	return s.find(ctx, domain.ErrInvitationUnknown, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("i.id = ?", id).For("UPDATE") })
}

// Waiting implements ports.Invitations.
func (s Invitations) Waiting(ctx context.Context, email string) (domain.Invitation, error) {
	return s.find(ctx, domain.ErrInvitationUnknown, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("i.email = ?", email).Where("i.accepted_at IS NULL").Where("i.revoked_at IS NULL")
	})
}

func (s Invitations) find(ctx context.Context, missing *errs.Error, q query) (domain.Invitation, error) {
	return pg.One(ctx, s.DB, missing, (*invitationRow).invitation, q)
}

// OfApplications implements ports.Invitations.
func (s Invitations) OfApplications(ctx context.Context, applications []int64) (map[int64]domain.Invitation, error) {
	out := map[int64]domain.Invitation{}
	if len(applications) == 0 {
		return out, nil
	}
	found, err := pg.Many(ctx, s.DB, (*invitationRow).invitation, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("i.application_id IN ?", bun.Tuple(applications))
	})
	for _, i := range found {
		out[*i.Application] = i
	}
	return out, err
}

// Renew implements ports.Invitations.
func (s Invitations) Renew(ctx context.Context, i domain.Invitation) error {
	res, err := s.DB.Conn(ctx).NewUpdate().Model(toInvitationRow(i)).Column("token_hash", "sent_at", "expires_at").WherePK().Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrInvitationUnknown)
}

// Revoke implements ports.Invitations.
func (s Invitations) Revoke(ctx context.Context, id uuid.UUID, at time.Time) error {
	res, err := s.DB.Conn(ctx).NewUpdate().Model((*invitationRow)(nil)).Set("revoked_at = ?", at).Where("id = ?", id).Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrInvitationUnknown)
}

// Accept implements ports.Invitations. The condition and the change are one statement, so one of several attempts succeeds.
func (s Invitations) Accept(ctx context.Context, id uuid.UUID, at time.Time) error {
	res, err := s.DB.Conn(ctx).NewUpdate().Model((*invitationRow)(nil)).Set("accepted_at = ?", at).Where("id = ?", id).
		Where("accepted_at IS NULL").Where("revoked_at IS NULL").Where("expires_at > ?", at).Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrLinkUsed)
}

// List implements ports.Invitations.
func (s Invitations) List(ctx context.Context, f ports.InvitationFilter, limit int) ([]domain.Invitation, error) {
	return pg.Many(ctx, s.DB, (*invitationRow).invitation, func(q *bun.SelectQuery) *bun.SelectQuery {
		waits := "i.accepted_at IS NULL AND i.revoked_at IS NULL AND "
		switch f.Status {
		case domain.InvitationSent:
			q = q.Where(waits+"i.expires_at > ?", f.Now)
		case domain.InvitationExpired:
			q = q.Where(waits+"i.expires_at <= ?", f.Now)
		case domain.InvitationAccepted:
			q = q.Where("i.accepted_at IS NOT NULL")
		case domain.InvitationRevoked:
			q = q.Where("i.revoked_at IS NOT NULL AND i.accepted_at IS NULL")
		}
		if f.Before != uuid.Nil {
			q = q.Where("i.id < ?", f.Before)
		}
		return q.OrderExpr("i.id DESC").Limit(int64(limit))
	})
}
