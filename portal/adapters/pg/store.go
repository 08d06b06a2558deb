// Package pg keeps what portal owns in PostgreSQL.
package pg

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/portal/adapters/pg/migrations"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Migrations are the tables of portal.
func Migrations() pg.Migrations { return pg.Migrations{Table: "goose_portal", FS: migrations.Files} }

// The repositories fulfil the ports.
var (
	_ ports.Groups      = (*Groups)(nil)
	_ ports.Memberships = (*Memberships)(nil)
	_ ports.Requests    = (*Requests)(nil)
	_ ports.Invites     = (*Invites)(nil)
	_ ports.Links       = (*Links)(nil)
	_ ports.Journal     = (*Journal)(nil)
	_ ports.Tenants     = (*Tenants)(nil)
	_ ports.Exclusive   = (*Exclusive)(nil)
	_ ports.Tx          = (*pg.DB)(nil)
)

// wildcards makes what a user types mean itself in a LIKE.
var wildcards = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// containing is the LIKE pattern of texts that contain words; empty for no words.
func containing(words string) string {
	if words = strings.TrimSpace(words); words == "" {
		return ""
	}
	return "%" + wildcards.Replace(domain.Fold(words)) + "%"
}

// row is what a table's rows have in common.
type row[R, T any] interface {
	*R
	toDomain() T
}

// one reads one row, or says by missing that there is none.
func one[R, T any, P row[R, T]](ctx context.Context, db *pg.DB, missing *errs.Error, ask func(*bun.SelectQuery) *bun.SelectQuery) (found T, err error) {
	err = db.Read(ctx, func(ctx context.Context) error {
		var r R
		if err := db.Conn(ctx).NewSelect().Model(&r).Apply(ask).Scan(ctx); err != nil {
			return orMissing(err, missing)
		}
		found = P(&r).toDomain()
		return nil
	})
	return found, err
}

// many reads rows.
func many[R, T any, P row[R, T]](ctx context.Context, db *pg.DB, ask func(*bun.SelectQuery) *bun.SelectQuery) (found []T, err error) {
	err = db.Read(ctx, func(ctx context.Context) error {
		var rows []R
		if err := db.Conn(ctx).NewSelect().Model(&rows).Apply(ask).Scan(ctx); err != nil {
			return pg.Error(err)
		}
		found = make([]T, len(rows))
		for i := range rows {
			found[i] = P(&rows[i]).toDomain()
		}
		return nil
	})
	return found, err
}

// scoped narrows a query to rows about a group; the zero scope matches all.
func scoped(q *bun.SelectQuery, scope domain.Scope) *bun.SelectQuery {
	if scope == (domain.Scope{}) {
		return q
	}
	return q.Where("?TableAlias.scope_type = ?", scope.Type).Where("?TableAlias.scope_id = ?", scope.ID)
}

// pageByID is a page of what sorts by its id, which is by the time it was made.
func pageByID(q *bun.SelectQuery, after uuid.UUID, limit int) *bun.SelectQuery {
	if after != uuid.Nil {
		q = q.Where("?TableAlias.id > ?", after)
	}
	return q.OrderExpr("?TableAlias.id").Limit(int64(limit))
}

// changedOne requires that a statement changed its row.
func changedOne(result sql.Result, err error, missing *errs.Error) error {
	if err != nil {
		return pg.Error(err)
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return missing
	}
	return nil
}

// orMissing turns "no rows" into what the domain calls it.
func orMissing(err error, missing *errs.Error) error {
	err = pg.Error(err)
	if err != nil && errs.KindOf(err) == errs.NotFound {
		var cause *errs.Error
		if errors.As(err, &cause) {
			return missing.Wrap(cause)
		}
	}
	return err
}

// orTaken turns the violation of a unique index into what the domain calls it.
func orTaken(err error, taken *errs.Error, indexes ...string) error {
	name := pg.ConstraintName(err)
	for _, index := range indexes {
		if name == index {
			return taken.Wrap(err)
		}
	}
	return pg.Error(err)
}
