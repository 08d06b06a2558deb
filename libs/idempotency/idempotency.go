// Package idempotency makes creates safe to repeat. A client that got no answer sends its request again with the same
// X-Request-Id, and gets the result of the first.
package idempotency

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// ErrReused is the answer to a request id that comes back with another input, which is a defect of the client.
var ErrReused = errs.New(errs.Conflict, "IDEMPOTENCY_KEY_REUSED", "This request id was used for a different request.")

// Store keeps first results in the service's own database, in the transaction of the create. They are kept for a week: see
// [Prune].
type Store struct{ db *pg.DB }

// NewStore returns a store on db.
func NewStore(db *pg.DB) *Store { return &Store{db: db} }

type row struct {
	bun.BaseModel `bun:"table:idempotency,alias:idempotency"`

	TenantID  uuid.UUID     `bun:"tenant_id,pk,type:uuid"`
	UserID    uuid.UUID     `bun:"user_id,pk,type:uuid"`
	RequestID string        `bun:"request_id,pk"`
	Operation string        `bun:"operation,pk"`
	InputHash []byte        `bun:"input_hash"`
	ResultID  uuid.NullUUID `bun:"result_id,type:uuid"`
	CreatedAt time.Time     `bun:"created_at,scanonly"`
}

// Once runs create, which returns the id of what it made, in a write transaction. The same tenant, user, request id and operation
// return the first id without running create again. A repeat that arrives while the first request is running waits for it.
//
// Failures are not kept: a repeat of a failed create runs it again. A request without an id is never a repeat.
//
// input is the request, in any form that encoding/json always encodes the same way. A repeat with another input is [ErrReused].
func (s *Store) Once(ctx context.Context, operation string, input any, create func(ctx context.Context) (uuid.UUID, error)) (uuid.UUID, error) {
	var id uuid.UUID
	rc := reqctx.From(ctx)
	err := s.db.Do(ctx, func(ctx context.Context) error {
		if rc.RequestID == "" {
			var err error
			id, err = create(ctx)
			return err
		}
		hash, err := hashOf(input)
		if err != nil {
			return errs.Internalf("idempotency: input of %s: %w", operation, err)
		}
		claim := row{TenantID: rc.TenantID, UserID: rc.UserID, RequestID: rc.RequestID, Operation: operation, InputHash: hash}
		first, err := s.claim(ctx, &claim)
		if err != nil {
			return err
		}
		if first.Valid {
			id = first.UUID
			return nil
		}
		if id, err = create(ctx); err != nil {
			return err
		}
		return s.remember(ctx, &claim, id)
	})
	if err != nil {
		return uuid.Nil, err
	}
	return id, nil
}

// claim stores the request, or returns the result that it has already. The unique key makes a concurrent repeat wait here until
// the transaction of the first request ends.
func (s *Store) claim(ctx context.Context, claim *row) (uuid.NullUUID, error) {
	result, err := s.db.Conn(ctx).NewInsert().Model(claim).On("CONFLICT DO NOTHING").Returning("NULL").Exec(ctx)
	if err != nil {
		return uuid.NullUUID{}, pg.Error(err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return uuid.NullUUID{}, pg.Error(err)
	}
	if n == 1 {
		return uuid.NullUUID{}, nil
	}
	var first row
	// Locked, because an entry without a result, left by a larger transaction in which create failed, is completed now.
	err = s.db.Conn(ctx).NewSelect().Model(&first).Column("input_hash", "result_id").
		Where("tenant_id = ?", claim.TenantID).Where("user_id = ?", claim.UserID).
		Where("request_id = ?", claim.RequestID).Where("operation = ?", claim.Operation).
		For("UPDATE").Scan(ctx)
	if err != nil {
		return uuid.NullUUID{}, pg.Error(err)
	}
	if !bytes.Equal(first.InputHash, claim.InputHash) {
		return uuid.NullUUID{}, ErrReused
	}
	return first.ResultID, nil
}

func (s *Store) remember(ctx context.Context, claim *row, id uuid.UUID) error {
	claim.ResultID = uuid.NullUUID{UUID: id, Valid: true}
	_, err := s.db.Conn(ctx).NewUpdate().Model(claim).Column("result_id").WherePK().Exec(ctx)
	return pg.Error(err)
}

func hashOf(input any) ([]byte, error) {
	text, err := json.Marshal(input)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}
