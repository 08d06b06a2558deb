package memory

import (
	"context"
	"maps"

	"github.com/google/uuid"

	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// Table is a table of rows by tenant and key. Methods see the rows of the tenant in ctx, and All and Delete under
// pg.AcrossTenants those of every tenant. Rows are values: what they point to must not be changed in place.
type Table[K comparable, V any] struct {
	db   *DB
	rows map[uuid.UUID]map[K]V
}

// NewTable adds a table to a DB.
func NewTable[K comparable, V any](db *DB) *Table[K, V] {
	t := &Table[K, V]{db: db, rows: map[uuid.UUID]map[K]V{}}
	db.stores = append(db.stores, t)
	return t
}

func (t *Table[K, V]) snapshot() (restore func()) {
	rows := make(map[uuid.UUID]map[K]V, len(t.rows))
	for tenant, of := range t.rows {
		rows[tenant] = maps.Clone(of)
	}
	return func() { t.rows = rows }
}

// Get returns the row of a key.
func (t *Table[K, V]) Get(ctx context.Context, key K) (row V, ok bool) {
	t.db.locked(ctx, func() { row, ok = t.rows[reqctx.From(ctx).TenantID][key] })
	return row, ok
}

// Put stores a row.
func (t *Table[K, V]) Put(ctx context.Context, key K, row V) {
	t.db.locked(ctx, func() {
		tenant := reqctx.From(ctx).TenantID
		if t.rows[tenant] == nil {
			t.rows[tenant] = map[K]V{}
		}
		t.rows[tenant][key] = row
	})
}

// All returns the rows that match, in no particular order; nil matches all.
func (t *Table[K, V]) All(ctx context.Context, match func(V) bool) (found []V) {
	t.db.locked(ctx, func() {
		for of, rows := range t.rows {
			if tenant, across := tenantOf(ctx); !across && of != tenant {
				continue
			}
			for _, row := range rows {
				if match == nil || match(row) {
					found = append(found, row)
				}
			}
		}
	})
	return found
}

// AllTenants is All for the rows of every tenant, whatever ctx says.
func (t *Table[K, V]) AllTenants(ctx context.Context, match func(V) bool) []V {
	return t.All(pg.AcrossTenants(ctx, "memory"), match)
}

// First returns a row that matches.
func (t *Table[K, V]) First(ctx context.Context, match func(V) bool) (row V, ok bool) {
	if found := t.All(ctx, match); len(found) > 0 {
		return found[0], true
	}
	return row, false
}

// Delete deletes the rows that match and returns how many there were.
func (t *Table[K, V]) Delete(ctx context.Context, match func(V) bool) (n int) {
	t.db.locked(ctx, func() {
		for of, rows := range t.rows {
			if tenant, across := tenantOf(ctx); !across && of != tenant {
				continue
			}
			before := len(rows)
			maps.DeleteFunc(rows, func(_ K, row V) bool { return match(row) })
			n += before - len(rows)
		}
	})
	return n
}
