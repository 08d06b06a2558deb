package pg

import (
	"context"
	"errors"
	"hash/fnv"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/pg"
)

// Tenants is ports.Tenants.
type Tenants struct {
	db *pg.DB
}

// NewTenants reads from db.
func NewTenants(db *pg.DB) *Tenants { return &Tenants{db: db} }

// All lists the tenants that have groups. Without any, Access may still know of memberships that were; the events of
// deleted communities have seen to those.
func (r *Tenants) All(ctx context.Context) (tenants []uuid.UUID, err error) {
	ctx = pg.AcrossTenants(ctx, "portal tenants")
	err = r.db.Read(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewSelect().Model((*groupRow)(nil)).Distinct().Column("tenant_id").OrderExpr("tenant_id").Scan(ctx, &tenants))
	})
	return tenants, err
}

// Exclusive is ports.Exclusive, by a lock that ends with the connection that took it: whoever dies frees it.
type Exclusive struct {
	db *pg.DB
}

// NewExclusive locks in db.
func NewExclusive(db *pg.DB) *Exclusive { return &Exclusive{db: db} }

const closeTimeout = 5 * time.Second

// Try runs the job unless it is running somewhere.
func (r *Exclusive) Try(ctx context.Context, job string, run func(context.Context) error) (ran bool, err error) {
	conn, err := r.db.Dedicated(ctx)
	if err != nil {
		return false, err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
		defer cancel()
		err = errors.Join(err, conn.Close(ctx))
	}()
	key := fnv.New64a()
	_, _ = key.Write([]byte("portal " + job)) // never fails
	if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", int64(key.Sum64())).Scan(&ran); err != nil {
		return false, pg.Error(err)
	}
	if !ran {
		return false, nil
	}
	return true, run(ctx)
}
