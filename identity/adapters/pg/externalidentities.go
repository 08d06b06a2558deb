package pg

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/seal"
)

type externalIdentityRow struct {
	bun.BaseModel `bun:"table:external_identities,alias:e"`

	UserID   uuid.UUID `bun:"user_id,pk,type:uuid"`
	Provider string    `bun:"provider,pk"`
	Subject  string    `bun:"subject"`
	Label    string    `bun:"label"`
	LinkedAt time.Time `bun:"linked_at"`
}

func externalIdentityToRow(i domain.ExternalIdentity) *externalIdentityRow {
	return &externalIdentityRow{UserID: i.UserID, Provider: i.Provider, Subject: i.Subject, Label: i.Label, LinkedAt: i.LinkedAt}
}

func (r *externalIdentityRow) identity() domain.ExternalIdentity {
	return domain.ExternalIdentity{
		UserID: r.UserID, Provider: r.Provider, ExternalAccount: domain.ExternalAccount{Subject: r.Subject, Label: r.Label}, LinkedAt: r.LinkedAt,
	}
}

// ExternalIdentities implements ports.ExternalIdentities.
type ExternalIdentities struct{ DB *pg.DB }

// Of implements ports.ExternalIdentities.
func (s ExternalIdentities) Of(ctx context.Context, user uuid.UUID) ([]domain.ExternalIdentity, error) {
	return pg.Many(ctx, s.DB, (*externalIdentityRow).identity, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("e.user_id = ?", user).OrderExpr("e.linked_at, e.provider")
	})
}

// ByAccount implements ports.ExternalIdentities.
func (s ExternalIdentities) ByAccount(ctx context.Context, provider, subject string) (domain.ExternalIdentity, error) {
	return pg.One(ctx, s.DB, domain.ErrIdentityNotLinked, (*externalIdentityRow).identity, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("e.provider = ?", provider).Where("e.subject = ?", subject)
	})
}

// Insert implements ports.ExternalIdentities. A conflict is no error of PostgreSQL: those are logged there, with the values.
func (s ExternalIdentities) Insert(ctx context.Context, i domain.ExternalIdentity) error {
	res, err := s.DB.Conn(ctx).NewInsert().Model(externalIdentityToRow(i)).On("CONFLICT DO NOTHING").Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrIdentityConflict)
}

// SetLabel implements ports.ExternalIdentities.
func (s ExternalIdentities) SetLabel(ctx context.Context, i domain.ExternalIdentity) error {
	res, err := s.DB.Conn(ctx).NewUpdate().Model(externalIdentityToRow(i)).Column("label").WherePK().Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrIdentityUnknown)
}

// Delete implements ports.ExternalIdentities.
func (s ExternalIdentities) Delete(ctx context.Context, user uuid.UUID, provider string) error {
	res, err := s.DB.Conn(ctx).NewDelete().Model(&externalIdentityRow{UserID: user, Provider: provider}).WherePK().Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrIdentityUnknown)
}

type providerFlowRow struct {
	bun.BaseModel `bun:"table:external_identity_flows,alias:f"`

	StateHash   []byte     `bun:"state_hash,pk"`
	SessionID   *uuid.UUID `bun:"session_id,type:uuid"`
	BrowserHash []byte     `bun:"browser_hash"`
	Provider    string     `bun:"provider"`
	Next        string     `bun:"next"`
	Sealed      []byte     `bun:"sealed"`
	SealKey     string     `bun:"seal_key"`
	ExpiresAt   time.Time  `bun:"expires_at"`
}

// ProviderFlows implements ports.ProviderFlows.
type ProviderFlows struct {
	DB   *pg.DB
	Seal *seal.Sealer
}

// maxFlows is how many flows of a session, or a browser, are kept: one for each tab, within reason.
const maxFlows = 10

func aboutFlow(state domain.Hash) []byte {
	return []byte("external_identity_flows/" + hex.EncodeToString(state[:]))
}

// Insert implements ports.ProviderFlows.
func (s ProviderFlows) Insert(ctx context.Context, f domain.ProviderFlow) error {
	plain, err := json.Marshal(f.Proof)
	if err != nil {
		return fmt.Errorf("encoding a flow: %w", err)
	}
	sealed, key := s.Seal.Seal(plain, aboutFlow(f.StateHash))
	row := &providerFlowRow{
		StateHash: f.StateHash[:], Provider: f.Provider, Next: f.Next, Sealed: sealed, SealKey: key, ExpiresAt: f.ExpiresAt,
	}
	if f.SignsIn() {
		row.BrowserHash = f.Browser[:]
	} else {
		row.SessionID = &f.SessionID
	}
	if err := insert(ctx, s.DB, row); err != nil {
		return err
	}
	_, err = s.DB.Conn(ctx).NewRaw(`
		DELETE FROM external_identity_flows WHERE state_hash IN (
			SELECT state_hash FROM external_identity_flows WHERE session_id = ? OR browser_hash = ? ORDER BY expires_at DESC, state_hash = ? DESC OFFSET ?)`,
		row.SessionID, row.BrowserHash, f.StateHash[:], maxFlows).Exec(ctx)
	return pg.Error(err)
}

// Take implements ports.ProviderFlows, in one statement: of several attempts one succeeds.
func (s ProviderFlows) Take(ctx context.Context, state domain.Hash, holder domain.FlowHolder, provider string, now time.Time) (domain.ProviderFlow, error) {
	var row providerFlowRow
	browser := holder.Browser.Hash()
	err := s.DB.Conn(ctx).NewDelete().Model(&row).Where("state_hash = ?", state[:]).Where("(session_id = ? OR browser_hash = ?)", holder.SessionID, browser[:]).
		Where("provider = ?", provider).Where("expires_at > ?", now).Returning("*").Scan(ctx)
	if err != nil {
		return domain.ProviderFlow{}, pg.NotFound(err, domain.ErrLinkFlow)
	}
	plain, err := s.Seal.Open(row.Sealed, row.SealKey, aboutFlow(state))
	if err != nil {
		return domain.ProviderFlow{}, err
	}
	flow := domain.ProviderFlow{StateHash: state, Provider: row.Provider, Next: row.Next, ExpiresAt: row.ExpiresAt}
	if row.SessionID != nil {
		flow.SessionID = *row.SessionID
	} else {
		flow.Browser = browser
	}
	if err := json.Unmarshal(plain, &flow.Proof); err != nil {
		return domain.ProviderFlow{}, fmt.Errorf("decoding a flow: %w", err)
	}
	return flow, nil
}
