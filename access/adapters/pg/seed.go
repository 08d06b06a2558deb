package pg

import (
	"context"
	"fmt"

	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/access/domain"
	"go.updspace.com/libs/pg"
)

// seedLock is the advisory lock under which one instance at a time seeds.
const seedLock = 0x6163_6365_7373 // "access"

// Seed brings the catalogue and the templates in the database up to those in
// the code. It changes nothing where nothing is different, so every instance
// runs it at every start.
//
// While a rollout runs, an older version may start after a newer one. It must
// not undo what it does not know, so nothing is ever deleted from the catalogue
// (the code's own catalogue is asked before the database anyway), and a
// template loses only keys that the seeding version knows.
func Seed(ctx context.Context, db *pg.DB, c domain.Catalogue) error {
	ctx = pg.AcrossTenants(ctx, "seed the catalogue of permissions")
	err := db.Do(ctx, func(ctx context.Context) error {
		if _, err := db.Conn(ctx).ExecContext(ctx, "SELECT pg_advisory_xact_lock(?)", int64(seedLock)); err != nil {
			return pg.Error(err)
		}
		if err := seedPermissions(ctx, db, c); err != nil {
			return err
		}
		for _, t := range domain.Templates(c) {
			if err := seedTemplate(ctx, db, c, t); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("seeding the catalogue: %w", err)
	}
	return nil
}

func seedPermissions(ctx context.Context, db *pg.DB, c domain.Catalogue) error {
	var keys, services, descriptions []string
	for _, p := range c.All() {
		keys, services, descriptions = append(keys, p.Key), append(services, string(p.Service)), append(descriptions, p.Description)
	}
	_, err := db.Conn(ctx).ExecContext(ctx, `
		INSERT INTO permissions (key, service, description)
		SELECT * FROM unnest(?::text[], ?::text[], ?::text[])
		ON CONFLICT (key) DO UPDATE SET description = excluded.description
		WHERE permissions.description <> excluded.description`,
		pgdialect.Array(keys), pgdialect.Array(services), pgdialect.Array(descriptions))
	return pg.Error(err)
}

func seedTemplate(ctx context.Context, db *pg.DB, c domain.Catalogue, t domain.Template) error {
	conn := db.Conn(ctx)
	_, err := conn.ExecContext(ctx, `
		INSERT INTO roles (tenant_id, service, name) VALUES (NULL, ?, ?)
		ON CONFLICT (owner, service, name) DO NOTHING`, t.Service, t.Name)
	if err != nil {
		return pg.Error(err)
	}
	_, err = conn.ExecContext(ctx, `
		INSERT INTO role_permissions (role_id, permission_key)
		SELECT r.id, k.key FROM roles r, unnest(?::text[]) AS k (key)
		WHERE r.tenant_id IS NULL AND r.service = ? AND r.name = ?
		ON CONFLICT DO NOTHING`, pgdialect.Array(t.Keys), t.Service, t.Name)
	if err != nil {
		return pg.Error(err)
	}
	var known []string
	for _, p := range c.OfService(t.Service) {
		known = append(known, p.Key)
	}
	_, err = conn.ExecContext(ctx, `
		DELETE FROM role_permissions rp USING roles r
		WHERE rp.role_id = r.id AND r.tenant_id IS NULL AND r.service = ? AND r.name = ?
			AND rp.permission_key = ANY (?::text[]) AND rp.permission_key <> ALL (?::text[])`,
		t.Service, t.Name, pgdialect.Array(known), pgdialect.Array(t.Keys))
	return pg.Error(err)
}
