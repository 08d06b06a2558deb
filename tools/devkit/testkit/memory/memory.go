// Package memory is the kit in memory, for tests of use cases: transactions that roll back, tables by tenant, events, creates
// that happen once, and the audit log. A service builds its repositories on [Table] and runs the suites of its ports over
// them and over PostgreSQL.
package memory

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"sync"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// DB is what one test stores. The zero value is not useful: see [New].
type DB struct {
	mu     sync.Mutex
	stores []store
	made   *Table[onceKey, once]
}

// store is a part of a DB that a failed transaction brings back to what it was.
type store interface{ snapshot() (restore func()) }

type onceKey struct {
	user               uuid.UUID
	request, operation string
}

type once struct {
	input []byte
	id    uuid.UUID
}

// New returns an empty DB.
func New() *DB {
	db := &DB{}
	db.made = NewTable[onceKey, once](db)
	return db
}

type txKey struct{ db *DB }

type tx struct{ after []func() }

func (db *DB) current(ctx context.Context) *tx {
	t, _ := ctx.Value(txKey{db}).(*tx)
	return t
}

// Do runs fn alone, as the only transaction, and undoes what it did when it fails or panics. A Do inside a Do joins it.
func (db *DB) Do(ctx context.Context, fn func(ctx context.Context) error) error {
	if db.current(ctx) != nil {
		return fn(ctx)
	}
	t := &tx{}
	if err := db.run(context.WithValue(ctx, txKey{db}, t), fn); err != nil {
		return err
	}
	for _, after := range t.after {
		after()
	}
	return nil
}

func (db *DB) run(ctx context.Context, fn func(ctx context.Context) error) (err error) {
	db.mu.Lock()
	defer db.mu.Unlock()
	var restores []func()
	for _, s := range db.stores {
		restores = append(restores, s.snapshot())
	}
	committed := false
	defer func() {
		if !committed {
			for _, restore := range restores {
				restore()
			}
		}
	}()
	if err = fn(ctx); err == nil {
		err = ctx.Err()
	}
	committed = err == nil
	return err
}

// InTx tells whether ctx carries a transaction of this DB.
func (db *DB) InTx(ctx context.Context) bool { return db.current(ctx) != nil }

// AfterCommit runs fn when the transaction in ctx has been committed; outside of one at once.
func (db *DB) AfterCommit(ctx context.Context, fn func()) {
	if t := db.current(ctx); t != nil {
		t.after = append(t.after, fn)
		return
	}
	fn()
}

// RequireTx returns an error outside of a transaction, as what locks or publishes does in PostgreSQL.
func (db *DB) RequireTx(ctx context.Context, what string) error {
	if !db.InTx(ctx) {
		return errs.Internalf("memory: %s outside of Do", what)
	}
	return nil
}

// locked runs fn with the DB to itself.
func (db *DB) locked(ctx context.Context, fn func()) {
	if !db.InTx(ctx) {
		db.mu.Lock()
		defer db.mu.Unlock()
	}
	fn()
}

// Once is idempotency.Store.Once.
func (db *DB) Once(ctx context.Context, operation string, input any, create func(ctx context.Context) (uuid.UUID, error)) (id uuid.UUID, err error) {
	rc := reqctx.From(ctx)
	err = db.Do(ctx, func(ctx context.Context) error {
		if rc.RequestID == "" {
			id, err = create(ctx)
			return err
		}
		text, err := json.Marshal(input)
		if err != nil {
			return errs.Internalf("memory: input of %s: %w", operation, err)
		}
		sum := sha256.Sum256(text)
		key := onceKey{rc.UserID, rc.RequestID, operation}
		if first, ok := db.made.Get(ctx, key); ok {
			if !bytes.Equal(first.input, sum[:]) {
				return idempotency.ErrReused
			}
			id = first.id
			return nil
		}
		if id, err = create(ctx); err != nil {
			return err
		}
		db.made.Put(ctx, key, once{sum[:], id})
		return nil
	})
	if err != nil {
		return uuid.Nil, err
	}
	return id, nil
}

func tenantOf(ctx context.Context) (tenant uuid.UUID, across bool) {
	return reqctx.From(ctx).TenantID, pg.IsAcrossTenants(ctx)
}
