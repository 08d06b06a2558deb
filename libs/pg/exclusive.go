package pg

import (
	"context"
	"errors"
	"hash/fnv"
	"time"
)

const closeTimeout = 5 * time.Second

// Exclusive runs a job unless another instance is running it, and tells whether it ran. The lock belongs to a connection of
// its own, so it ends with the process that holds it.
func (db *DB) Exclusive(ctx context.Context, job string, run func(ctx context.Context) error) (ran bool, err error) {
	conn, err := db.Dedicated(ctx)
	if err != nil {
		return false, err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
		defer cancel()
		if ran { // closing would free the lock too, but nothing waits for it
			_, unlocked := conn.Exec(ctx, "SELECT pg_advisory_unlock_all()")
			err = errors.Join(err, unlocked)
		}
		err = errors.Join(err, conn.Close(ctx))
	}()
	key := fnv.New64a()
	_, _ = key.Write([]byte("updspace job " + job))                                                              // never fails
	if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", int64(key.Sum64())).Scan(&ran); err != nil { //nolint:gosec // a hash
		return false, Error(err)
	}
	if !ran {
		return false, nil
	}
	return true, run(ctx)
}
