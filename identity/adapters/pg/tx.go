// Package pg keeps what identity knows in PostgreSQL.
package pg

import (
	"context"
	"database/sql"
	"errors"

	"go.updspace.com/libs/pg"
)

// platform names the transactions that belong to no single tenant: accounts
// and everything made of them exist once for all tenants.
const platform = "identity: platform-wide accounts"

// Tx implements ports.Tx.
type Tx struct{ DB *pg.DB }

// Do implements ports.Tx.
func (t Tx) Do(ctx context.Context, fn func(context.Context) error) error { return t.DB.Do(ctx, fn) }

// Platform implements ports.Tx.
func (t Tx) Platform(ctx context.Context, fn func(context.Context) error) error {
	return t.DB.Do(pg.AcrossTenants(ctx, platform), fn)
}

// orElse turns "no row" into the error that says what was not there.
func orElse(err, absent error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return absent
	}
	return pg.Error(err)
}

// changed is for statements that must hit a row.
func changed(res sql.Result, err, absent error) error {
	if err != nil {
		return pg.Error(err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return pg.Error(err)
	}
	if n == 0 {
		return absent
	}
	return nil
}
