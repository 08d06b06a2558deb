package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

type userConsentRow struct {
	bun.BaseModel `bun:"table:user_consents,alias:c"`
	userConsentData
}

// userConsentData is domain.UserConsent with the names of its columns.
type userConsentData struct {
	ID            uuid.UUID            `bun:"id,pk,type:uuid"`
	UserID        uuid.UUID            `bun:"user_id,type:uuid"`
	Kind          domain.ConsentKind   `bun:"kind"`
	Version       string               `bun:"version"`
	Source        domain.ConsentSource `bun:"source"`
	GuardianEmail string               `bun:"guardian_email"`
	GrantedAt     time.Time            `bun:"granted_at"`
	RevokedAt     *time.Time           `bun:"revoked_at"`
}

type scopePolicyRow struct {
	bun.BaseModel `bun:"table:user_scope_policies,alias:p"`

	UserID uuid.UUID          `bun:"user_id,pk,type:uuid"`
	Scope  string             `bun:"scope,pk"`
	Policy domain.ScopePolicy `bun:"policy"`
}

// UserConsents implements ports.UserConsents.
type UserConsents struct{ DB *pg.DB }

// Of implements ports.UserConsents.
func (s UserConsents) Of(ctx context.Context, user uuid.UUID, limit int) ([]domain.UserConsent, error) {
	return pg.Many(ctx, s.DB, func(r *userConsentRow) domain.UserConsent { return domain.UserConsent(r.userConsentData) }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("c.user_id = ?", user).OrderExpr("c.granted_at DESC, c.id DESC").Limit(int64(limit))
	})
}

// Grant implements ports.UserConsents.
func (s UserConsents) Grant(ctx context.Context, c domain.UserConsent) (bool, error) {
	res, err := s.DB.Conn(ctx).NewInsert().Model(&userConsentRow{userConsentData: userConsentData(c)}).On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return false, pg.Error(err)
	}
	n, err := res.RowsAffected()
	return n > 0, pg.Error(err)
}

// Revoke implements ports.UserConsents.
func (s UserConsents) Revoke(ctx context.Context, user uuid.UUID, kind domain.ConsentKind, at time.Time) (bool, error) {
	res, err := s.DB.Conn(ctx).NewUpdate().Model((*userConsentRow)(nil)).Set("revoked_at = ?", at).
		Where("user_id = ?", user).Where("kind = ?", kind).Where("revoked_at IS NULL").Exec(ctx)
	if err != nil {
		return false, pg.Error(err)
	}
	n, err := res.RowsAffected()
	return n > 0, pg.Error(err)
}

// Policies implements ports.UserConsents.
func (s UserConsents) Policies(ctx context.Context, user uuid.UUID) (domain.ScopePolicies, error) {
	rows, err := pg.Many(ctx, s.DB, func(r *scopePolicyRow) scopePolicyRow { return *r }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("p.user_id = ?", user)
	})
	policies := domain.ScopePolicies{}
	for _, r := range rows {
		policies[r.Scope] = r.Policy
	}
	return policies, err
}

// SetPolicies implements ports.UserConsents.
func (s UserConsents) SetPolicies(ctx context.Context, user uuid.UUID, p domain.ScopePolicies) error {
	rows := make([]scopePolicyRow, 0, len(p))
	for scope, policy := range p {
		rows = append(rows, scopePolicyRow{UserID: user, Scope: scope, Policy: policy})
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := s.DB.Conn(ctx).NewInsert().Model(&rows).On("CONFLICT (user_id, scope) DO UPDATE").Set("policy = EXCLUDED.policy").Exec(ctx)
	return pg.Error(err)
}
