package pg

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

// resealed is how many rows of a table are sealed anew in one transaction, so that none is locked for long.
const resealed = 500

// sealedTables are the tables with secrets that stay. A secret is sealed about the name of its table and the key of its row.
var sealedTables = []struct{ name, key, kind string }{{"signing_keys", "id", "text"}, {"totp", "user_id", "uuid"}, {"passkeys", "id", "uuid"}}

// SealKeys implements ports.Keys.
func (s Keys) SealKeys(ctx context.Context) ([]domain.SealKey, error) {
	counted := map[string]int{}
	for _, t := range sealedTables {
		var rows []struct {
			SealKey string `bun:"seal_key"`
			Secrets int    `bun:"secrets"`
		}
		if err := s.DB.Conn(ctx).NewRaw("SELECT seal_key, count(*) AS secrets FROM ? GROUP BY seal_key", bun.Ident(t.name)).Scan(ctx, &rows); err != nil {
			return nil, pg.Error(err)
		}
		for _, r := range rows {
			counted[r.SealKey] += r.Secrets
		}
	}
	var keys []domain.SealKey
	for _, id := range s.Seal.IDs() {
		state := domain.SealKeyOld
		if id == s.Seal.Newest() {
			state = domain.SealKeyNewest
		}
		keys = append(keys, domain.SealKey{ID: id, State: state, Secrets: counted[id]})
		delete(counted, id)
	}
	for _, id := range slices.Sorted(maps.Keys(counted)) {
		keys = append(keys, domain.SealKey{ID: id, State: domain.SealKeyMissing, Secrets: counted[id]})
	}
	return keys, nil
}

// Reseal implements ports.Keys.
func (s Keys) Reseal(ctx context.Context) (n int, err error) {
	for _, t := range sealedTables {
		some, err := s.reseal(ctx, t.name, t.key, t.kind)
		n += some
		if err != nil {
			return n, fmt.Errorf("sealing %s anew: %w", t.name, err)
		}
	}
	return n, nil
}

func (s Keys) reseal(ctx context.Context, table, key, kind string) (int, error) {
	var rows []struct {
		Key     string `bun:"key"`
		Sealed  []byte `bun:"sealed"`
		SealKey string `bun:"seal_key"`
	}
	name, column := bun.Ident(table), bun.Ident(key)
	err := s.DB.Conn(ctx).NewRaw("SELECT ?1::text AS key, sealed, seal_key FROM ?0 WHERE seal_key <> ?2 ORDER BY ?1 LIMIT ?3 FOR UPDATE",
		name, column, s.Seal.Newest(), resealed).Scan(ctx, &rows)
	if err != nil {
		return 0, pg.Error(err)
	}
	for i, r := range rows {
		about := []byte(table + "/" + r.Key)
		plain, err := s.Seal.Open(r.Sealed, r.SealKey, about)
		if err != nil {
			return i, fmt.Errorf("opening %s: %w", r.Key, err)
		}
		sealed, newest := s.Seal.Seal(plain, about)
		if _, err := s.DB.Conn(ctx).NewRaw("UPDATE ?0 SET sealed = ?2, seal_key = ?3 WHERE ?1 = ?4::?5", name, column, sealed, newest, r.Key, bun.Ident(kind)).Exec(ctx); err != nil {
			return i, pg.Error(err)
		}
	}
	return len(rows), nil
}
