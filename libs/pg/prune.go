package pg

import (
	"context"
	"time"

	"github.com/uptrace/bun"
)

const pruneBatch = 1000

// Prune deletes the rows of a table whose column is before a time, in batches of one transaction each, so that no lock is held
// for long. It returns how many were deleted. The column needs an index.
func (db *DB) Prune(ctx context.Context, table, column string, before time.Time) (int64, error) {
	var total int64
	for {
		var n int64
		err := db.Do(ctx, func(ctx context.Context) error {
			result, err := db.Conn(ctx).NewRaw(
				"DELETE FROM ? WHERE ctid = ANY (ARRAY(SELECT ctid FROM ? WHERE ? < ? LIMIT ? FOR UPDATE SKIP LOCKED))",
				bun.Ident(table), bun.Ident(table), bun.Ident(column), before, pruneBatch).Exec(ctx)
			if err != nil {
				return Error(err)
			}
			n, err = result.RowsAffected()
			return Error(err)
		})
		total += n
		if err != nil || n < pruneBatch {
			return total, err
		}
	}
}
