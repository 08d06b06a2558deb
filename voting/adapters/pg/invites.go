package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/valid"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// Invites is ports.Invites.
type Invites struct{ db *pg.DB }

// NewInvites keeps invites in db.
func NewInvites(db *pg.DB) *Invites { return &Invites{db: db} }

type inviteRow struct {
	bun.BaseModel `bun:"table:invites,alias:i"`
	pg.Tenanted

	PollID    uuid.UUID `bun:"poll_id,pk,type:uuid"`
	UserID    uuid.UUID `bun:"user_id,pk,type:uuid"`
	Role      string    `bun:"role"`
	InvitedBy uuid.UUID `bun:"invited_by,type:uuid"`
	MadeAt    time.Time `bun:"made_at"`
	Status    string    `bun:"status"`
}

func (r *inviteRow) toDomain() domain.Participant {
	return domain.Participant{
		PollID: r.PollID, UserID: r.UserID, Role: domain.Role(r.Role), InvitedBy: r.InvitedBy, AddedAt: valid.Instant(r.MadeAt),
		Status: domain.InviteStatus(r.Status),
	}
}

// List returns the invites to a poll.
func (r *Invites) List(ctx context.Context, poll uuid.UUID) ([]domain.Participant, error) {
	return pg.Many(ctx, r.db, (*inviteRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("i.poll_id = ?", poll).OrderExpr("i.made_at, i.user_id")
	})
}

// ListPending returns the pending invites of a user with their polls, with two queries.
func (r *Invites) ListPending(ctx context.Context, user uuid.UUID, limit int) ([]ports.PendingInvite, error) {
	invites, err := pg.Many(ctx, r.db, (*inviteRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("i.user_id = ?", user).Where("i.status = ?", domain.InvitePending).
			Where("NOT EXISTS (SELECT FROM polls AS p WHERE p.tenant_id = i.tenant_id AND p.id = i.poll_id AND p.hidden)").
			OrderExpr("i.made_at DESC, i.poll_id").Limit(int64(limit))
	})
	if err != nil || len(invites) == 0 {
		return nil, err
	}
	ids := make([]uuid.UUID, len(invites))
	for i, invite := range invites {
		ids[i] = invite.PollID
	}
	polls, err := pg.Many(ctx, r.db, (*pollRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("p.id IN (?)", bun.List(ids)) })
	if err != nil {
		return nil, err
	}
	byID := make(map[uuid.UUID]domain.Poll, len(polls))
	for _, poll := range polls {
		byID[poll.ID()] = poll
	}
	var pending []ports.PendingInvite
	for _, invite := range invites {
		if poll, ok := byID[invite.PollID]; ok { // not deleted meanwhile
			pending = append(pending, ports.PendingInvite{Invite: invite, Poll: poll})
		}
	}
	return pending, nil
}

// Put stores invites.
func (r *Invites) Put(ctx context.Context, invites ...domain.Participant) error {
	rows := each(invites, func(p domain.Participant) *inviteRow {
		return &inviteRow{PollID: p.PollID, UserID: p.UserID, Role: string(p.Role), InvitedBy: p.InvitedBy, MadeAt: p.AddedAt, Status: string(p.Status)}
	})
	_, err := r.db.Conn(ctx).NewInsert().Model(&rows).On("CONFLICT (tenant_id, poll_id, user_id) DO UPDATE").
		Set("role = EXCLUDED.role, invited_by = EXCLUDED.invited_by, made_at = EXCLUDED.made_at, status = EXCLUDED.status").Exec(ctx)
	return pg.Error(err)
}

// Remove removes invites.
func (r *Invites) Remove(ctx context.Context, poll uuid.UUID, users ...uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewDelete().Model((*inviteRow)(nil)).Where("poll_id = ?", poll).Where("user_id IN (?)", bun.List(users)).Exec(ctx)
	return pg.Error(err)
}
