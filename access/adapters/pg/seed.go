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

// Seed updates the catalogue and the templates in the database from the code. Every instance runs it at every start; it
// writes only differences.
//
// During a rollout an older version may start after a newer one and must not undo what it does not know. So permissions
// are never deleted (decisions use the catalogue of the code), and a template loses only keys that the seeding version
// knows.
func Seed(ctx context.Context, db *pg.DB, c domain.Catalogue) error {
	ctx = pg.AcrossTenants(ctx, "seed the catalogue of permissions")
	err := db.Do(ctx, func(ctx context.Context) error {
		if _, err := db.Conn(ctx).ExecContext(ctx, "SELECT pg_advisory_xact_lock(?)", int64(seedLock)); err != nil {
			return pg.Error(err)
		}
		if err := seedPermissions(ctx, db, c); err != nil {
			return err
		}
		return seedTemplates(ctx, db, c)
	})
	if err != nil {
		return fmt.Errorf("seeding the catalogue: %w", err)
	}
	return nil
}

func seedPermissions(ctx context.Context, db *pg.DB, c domain.Catalogue) error {
	var keys, services, descriptions []string
	for _, p := range c.All() {
		keys, services, descriptions = append(keys, p.Key), append(services, string(p.Service)), append(descriptions, p.Description.EN)
	}
	_, err := db.Conn(ctx).ExecContext(ctx, `
		INSERT INTO permissions (key, service, description)
		SELECT * FROM unnest(?::text[], ?::text[], ?::text[])
		ON CONFLICT (key) DO UPDATE SET description = excluded.description
		WHERE permissions.description <> excluded.description`,
		pgdialect.Array(keys), pgdialect.Array(services), pgdialect.Array(descriptions))
	return pg.Error(err)
}

func seedTemplates(ctx context.Context, db *pg.DB, c domain.Catalogue) error {
	var roles, granted, keys []string // service:name of each template, and of each of its keys
	for _, t := range domain.Templates(c) {
		role := string(t.Service) + ":" + t.Name
		roles = append(roles, role)
		for _, key := range t.Keys {
			granted, keys = append(granted, role), append(keys, key)
		}
	}
	var known []string
	for _, p := range c.All() {
		known = append(known, p.Key)
	}
	for _, statement := range []string{
		`INSERT INTO roles (tenant_id, service, name) SELECT NULL, split_part(t, ':', 1), split_part(t, ':', 2) FROM unnest(?0::text[]) AS t
		ON CONFLICT (owner, service, name) DO NOTHING`,

		`INSERT INTO role_permissions (role_id, permission_key)
		SELECT r.id, g.key FROM roles r JOIN unnest(?1::text[], ?2::text[]) AS g (role, key) ON g.role = r.service || ':' || r.name
		WHERE r.tenant_id IS NULL
		ON CONFLICT DO NOTHING`,

		`DELETE FROM role_permissions rp USING roles r
		WHERE rp.role_id = r.id AND r.tenant_id IS NULL AND r.service || ':' || r.name = ANY (?0::text[]) AND rp.permission_key = ANY (?3::text[])
			AND NOT EXISTS (SELECT FROM unnest(?1::text[], ?2::text[]) AS g (role, key) WHERE g.role = r.service || ':' || r.name AND g.key = rp.permission_key)`,
	} {
		_, err := db.Conn(ctx).ExecContext(ctx, statement, pgdialect.Array(roles), pgdialect.Array(granted), pgdialect.Array(keys), pgdialect.Array(known))
		if err != nil {
			return pg.Error(err)
		}
	}
	return nil
}
