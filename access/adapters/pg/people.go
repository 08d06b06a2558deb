package pg

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/pg"
)

// People keeps what is stored about single people.
type People struct{ db *pg.DB }

var _ ports.People = (*People)(nil)

// NewPeople asks db.
func NewPeople(db *pg.DB) *People { return &People{db: db} }

// Memberships implements ports.People.
func (p *People) Memberships(ctx context.Context, person uuid.UUID, after *domain.Scope, limit int) (found []domain.StoredMembership, err error) {
	if after == nil {
		after = &domain.Scope{}
	}
	err = p.db.Read(ctx, func(ctx context.Context) error {
		rows, err := p.db.Conn(ctx).QueryContext(ctx, `
			SELECT * FROM (
				SELECT scope_type, scope_id::text, coalesce(role, ''), applied_at FROM memberships WHERE tenant_id = ?0 AND user_id = ?1
				UNION ALL
				SELECT 'TENANT', tenant_id::text, CASE WHEN active THEN 'member' ELSE '' END, told_at FROM tenant_members WHERE tenant_id = ?0 AND user_id = ?1
			) AS m (scope_type, scope_id, role, at)
			WHERE (scope_type, scope_id) > (?2, ?3) ORDER BY scope_type, scope_id LIMIT ?4`,
			tenantOf(ctx), person, after.Type, after.ID, limit)
		if err != nil {
			return pg.Error(err)
		}
		defer func() { _ = rows.Close() }() // Err tells
		for rows.Next() {
			var m domain.StoredMembership
			if err := rows.Scan(&m.Scope.Type, &m.Scope.ID, &m.Role, &m.At); err != nil {
				return pg.Error(err)
			}
			m.At = m.At.UTC()
			found = append(found, m)
		}
		return pg.Error(rows.Err())
	})
	return found, err
}

// Delete implements ports.People. Nothing is put meanwhile that would bring a
// binding back.
func (p *People) Delete(ctx context.Context, person uuid.UUID) (gone domain.Erased, err error) {
	err = p.db.Do(ctx, func(ctx context.Context) error {
		if err := NewMemberships(p.db).lock(ctx, ""); err != nil {
			return err
		}
		for _, of := range []struct {
			table string
			count *int
		}{
			{"role_bindings", &gone.Bindings}, {"policy_overrides", &gone.Overrides},
			{"memberships", &gone.Memberships}, {"tenant_members", &gone.Memberships},
		} {
			n, err := p.exec(ctx, "DELETE FROM "+of.table+" WHERE tenant_id = ? AND user_id = ?", tenantOf(ctx), person)
			if err != nil {
				return err
			}
			*of.count += n
		}
		return nil
	})
	return gone, err
}

// Redact implements ports.People: domain.Entry.Redact in SQL.
func (p *People) Redact(ctx context.Context, person uuid.UUID, limit int) (done domain.Redaction, err error) {
	err = p.db.Do(ctx, func(ctx context.Context) error {
		done.Entries, err = p.exec(ctx, `
			WITH told AS (
				SELECT id, performed_by = ?1 AS acted, coalesce(metadata ->> 'user_id' = ?2, false) AS suffered,
					target_type = ?3 AND target_id = ?2 AND action <> ?4 AS named
				FROM audit_events
				WHERE tenant_id = ?0 AND (performed_by = ?1 OR metadata ->> 'user_id' = ?2 OR target_type = ?3 AND target_id = ?2 AND action <> ?4)
				ORDER BY id LIMIT ?5 FOR UPDATE
			)
			UPDATE audit_events a SET
				performed_by = CASE WHEN acted THEN ?6 ELSE performed_by END,
				target_id = CASE WHEN named THEN ?7 ELSE target_id END,
				metadata = metadata || CASE WHEN acted THEN jsonb_build_object('performed_by', ?7::text) ELSE '{}' END || coalesce((
					SELECT jsonb_object_agg(field, ?7::text) FROM unnest(ARRAY['user_id', 'reason', 'request_id']) AS field
					WHERE metadata ->> field <> '' AND CASE field WHEN 'request_id' THEN acted ELSE suffered END), '{}')
			FROM told WHERE a.tenant_id = ?0 AND a.id = told.id`,
			tenantOf(ctx), person, person.String(), domain.TargetRequest, domain.ActionUserErased, limit, uuid.Nil, domain.Redacted)
		if err != nil {
			return err
		}
		for _, table := range []string{"role_bindings", "policy_overrides"} {
			n, err := p.exec(ctx, `UPDATE `+table+` SET created_by = NULL WHERE tenant_id = ?0 AND id = ANY (ARRAY(
				SELECT id FROM `+table+` WHERE tenant_id = ?0 AND created_by = ?1 ORDER BY id LIMIT ?2 FOR UPDATE))`,
				tenantOf(ctx), person, limit-done.Authorships)
			if err != nil {
				return err
			}
			done.Authorships += n
		}
		return nil
	})
	return done, err
}

// exec runs a statement and counts the rows it touched.
func (p *People) exec(ctx context.Context, statement string, args ...any) (int, error) {
	result, err := p.db.Conn(ctx).ExecContext(ctx, statement, args...)
	if err != nil {
		return 0, pg.Error(err)
	}
	n, err := result.RowsAffected()
	return int(n), pg.Error(err)
}
