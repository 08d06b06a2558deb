package pg

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/voting/domain"
)

// Participants is ports.Participants.
type Participants struct {
	db *pg.DB
}

// NewParticipants stores participants in db.
func NewParticipants(db *pg.DB) *Participants { return &Participants{db: db} }

// Role returns the role of a user in a poll.
func (r *Participants) Role(ctx context.Context, poll, user uuid.UUID) (domain.Role, error) {
	found, err := pg.One(ctx, r.db, errNoParticipant, (*participantRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("m.poll_id = ?", poll).Where("m.user_id = ?", user)
	})
	if errs.KindOf(err) == errs.NotFound {
		err = nil
	}
	return found.Role, err
}

var errNoParticipant = errs.NotFoundf("not a participant")

// List returns the participants of a poll.
func (r *Participants) List(ctx context.Context, poll uuid.UUID) ([]domain.Participant, error) {
	return pg.Many(ctx, r.db, (*participantRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("m.poll_id = ?", poll).OrderExpr("m.added_at, m.user_id")
	})
}

// Put stores participants.
func (r *Participants) Put(ctx context.Context, participants ...domain.Participant) error {
	rows := each(participants, func(p domain.Participant) *participantRow {
		return &participantRow{PollID: p.PollID, UserID: p.UserID, Role: string(p.Role), InvitedBy: p.InvitedBy, AddedAt: p.AddedAt}
	})
	_, err := r.db.Conn(ctx).NewInsert().Model(&rows).On("CONFLICT (tenant_id, poll_id, user_id) DO UPDATE").
		Set("role = EXCLUDED.role, invited_by = EXCLUDED.invited_by, added_at = EXCLUDED.added_at").Exec(ctx)
	return pg.Error(err)
}

// Remove removes a participant.
func (r *Participants) Remove(ctx context.Context, poll, user uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewDelete().Model((*participantRow)(nil)).Where("poll_id = ?", poll).Where("user_id = ?", user).Exec(ctx)
	return pg.Error(err)
}
