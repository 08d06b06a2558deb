package pg

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/valid"
)

// One reads one row and converts it. Without a row it returns missing.
//
//	poll, err := pg.One(ctx, r.db, domain.ErrPollNotFound, (*pollRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
//		return q.Where("p.id = ?", id)
//	})
func One[R, T any](
	ctx context.Context, db *DB, missing *errs.Error, convert func(*R) T, query func(*bun.SelectQuery) *bun.SelectQuery,
) (found T, err error) {
	err = db.Read(ctx, func(ctx context.Context) error {
		var row R
		if err := db.Conn(ctx).NewSelect().Model(&row).Apply(query).Scan(ctx); err != nil {
			return NotFound(err, missing)
		}
		found = convert(&row)
		return nil
	})
	return found, err
}

// Many reads rows and converts them. The result is never nil.
func Many[R, T any](
	ctx context.Context, db *DB, convert func(*R) T, query func(*bun.SelectQuery) *bun.SelectQuery,
) (found []T, err error) {
	err = db.Read(ctx, func(ctx context.Context) error {
		var rows []R
		if err := db.Conn(ctx).NewSelect().Model(&rows).Apply(query).Scan(ctx); err != nil {
			return Error(err)
		}
		found = make([]T, len(rows))
		for i := range rows {
			found[i] = convert(&rows[i])
		}
		return nil
	})
	return found, err
}

// NotFound is [Error], with missing in the place of "no rows".
func NotFound(err error, missing *errs.Error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return missing.Wrap(err)
	}
	return Error(err)
}

// Taken is [Error], with a domain's own errors in the place of violated constraints, by name.
func Taken(err error, constraints map[string]*errs.Error) error {
	if named := constraints[ConstraintName(err)]; named != nil {
		return named.Wrap(err)
	}
	return Error(err)
}

// ChangedOne requires that a statement changed exactly one row, and returns missing otherwise.
func ChangedOne(result sql.Result, err error, missing *errs.Error) error {
	if err != nil {
		return Error(err)
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return missing
	}
	return nil
}

// PageByID adds the order, the beginning and the limit of a page of rows in the order of their ids. The zero id begins at
// the first row.
func PageByID(q *bun.SelectQuery, after uuid.UUID, limit int) *bun.SelectQuery {
	if after != uuid.Nil {
		q = q.Where("?TableAlias.id > ?", after)
	}
	return q.OrderExpr("?TableAlias.id").Limit(int64(limit))
}

// PageByIDDesc is PageByID for rows in the opposite order: newest first.
func PageByIDDesc(q *bun.SelectQuery, after uuid.UUID, limit int) *bun.SelectQuery {
	if after != uuid.Nil {
		q = q.Where("?TableAlias.id < ?", after)
	}
	return q.OrderExpr("?TableAlias.id DESC").Limit(int64(limit))
}

// Contains returns the LIKE pattern for folded texts ([valid.Fold]) that contain a search text. It is empty for an empty one.
func Contains(search string) string {
	if search = strings.TrimSpace(valid.Fold(search)); search == "" {
		return ""
	}
	return "%" + wildcards.Replace(search) + "%"
}

var wildcards = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
