package importer

import (
	"github.com/google/uuid"

	accessdomain "go.updspace.com/access/domain"
)

// activeMembers writes a table of the members of tenants, which a service would have learnt from identity's events.
func (r *run) activeMembers(service, name, key string, more ...string) error {
	t, err := r.into(service, name, "", key, append([]string{"tenant_id", "user_id", "active"}, more...)...)
	if err != nil {
		return err
	}
	for _, m := range sortedMembers(r.members) {
		values := []any{m.tenant, m.user, r.members[m]}
		if len(more) > 0 {
			values = append(values, r.now)
		}
		if err := t.add(values...); err != nil {
			return err
		}
	}
	return t.store()
}

// accessOfGroups writes what access knows of communities, teams and their members, and stores the bindings that were staged before those were
// known.
func (r *run) accessOfGroups() error {
	scopes, err := r.into("access", "scopes", "", "tenant_id, scope_type, scope_id", "tenant_id", "scope_type", "scope_id", "status", "changed_at")
	if err != nil {
		return err
	}
	teams, err := r.into("access", "teams", "", "tenant_id, team_id", "tenant_id", "team_id", "community_id", "updated_at")
	if err != nil {
		return err
	}
	members, err := r.into("access", "memberships", "", "tenant_id, scope_type, scope_id, user_id", "tenant_id", "scope_type", "scope_id", "user_id", "community_id", "role", "version", "applied_at")
	if err != nil {
		return err
	}
	for _, g := range r.groups {
		status := "open"
		if g.archived {
			status = "archived"
		}
		if err := scopes.add(g.tenant, g.scopeType(), g.id, status, r.now); err != nil {
			return err
		}
		if g.team {
			if err := teams.add(g.tenant, g.id.String(), g.community.String(), r.now); err != nil {
				return err
			}
		}
		for user, role := range g.roles {
			if err := members.add(g.tenant, g.scopeType(), g.id, user, g.community, role, 1, r.now); err != nil {
				return err
			}
		}
	}
	if err := store(scopes, teams, members); err != nil {
		return err
	}
	if err := r.storeBindings(); err != nil { // first, so that they get their numbers
		return err
	}
	return r.rolesOfMembers()
}

// rolesOfMembers gives the members of groups the roles that follow from it.
func (r *run) rolesOfMembers() error {
	var roles, services, names []string
	for _, role := range []accessdomain.MemberRole{accessdomain.PlainMember, accessdomain.MemberModerator, accessdomain.MemberOwner} {
		for _, ref := range role.Grants() {
			roles, services, names = append(roles, string(role)), append(services, string(ref.Service)), append(names, ref.Name)
		}
	}
	_, err := r.exec("access", `INSERT INTO role_bindings (tenant_id, user_id, scope_type, scope_id, role_id, source)
		SELECT m.tenant_id, m.user_id, m.scope_type, m.scope_id::text, r.id, 'membership'
		FROM memberships m JOIN unnest($1::text[], $2::text[], $3::text[]) AS g (role, service, name) USING (role)
			JOIN roles r ON r.owner = $4 AND r.service = g.service AND r.name = g.name
		WHERE m.role IS NOT NULL ORDER BY m.tenant_id, m.scope_type, m.scope_id, m.user_id, r.id
		ON CONFLICT DO NOTHING`, roles, services, names, uuid.Nil)
	return err
}

// storeBindings stores the bindings of the old system, with their numbers where those are free.
func (r *run) storeBindings() error {
	rows, err := r.tx["access"].Query(r.ctx, `DELETE FROM import_bindings b WHERE b.scope_type IN ('COMMUNITY', 'TEAM')
		AND NOT EXISTS (SELECT FROM scopes s WHERE (s.tenant_id, s.scope_type, s.scope_id::text) = (b.tenant_id, b.scope_type, b.scope_id))
		RETURNING 'binding ' || old || ' of ' || user_id || ' in ' || scope_type || ' ' || scope_id`)
	if err != nil {
		return err
	}
	for rows.Next() {
		var which string
		if err := rows.Scan(&which); err != nil {
			return err
		}
		r.report.refuse(kindBindings, noGroup, which)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	var staged int64
	if err := r.tx["access"].QueryRow(r.ctx, "SELECT count(*) FROM import_bindings").Scan(&staged); err != nil {
		return err
	}
	const role = "JOIN roles r ON r.owner = b.owner AND r.service = b.service AND r.name = b.name"
	var written int64
	for _, statement := range []string{
		`INSERT INTO role_bindings (id, tenant_id, user_id, scope_type, scope_id, role_id, source, created_at) OVERRIDING SYSTEM VALUE
			SELECT b.old, b.tenant_id, b.user_id, b.scope_type, b.scope_id, r.id, 'manual', b.created_at FROM import_bindings b ` + role + ` ORDER BY b.old ON CONFLICT DO NOTHING`,
		`SELECT setval(pg_get_serial_sequence('role_bindings', 'id'), (SELECT max(id) FROM role_bindings) + 1)`,
		`INSERT INTO role_bindings (tenant_id, user_id, scope_type, scope_id, role_id, source, created_at)
			SELECT b.tenant_id, b.user_id, b.scope_type, b.scope_id, r.id, 'manual', b.created_at FROM import_bindings b ` + role + ` ORDER BY b.old ON CONFLICT DO NOTHING`,
	} {
		n, err := r.exec("access", statement)
		if err != nil {
			return err
		}
		if statement[0] == 'I' {
			written += n
		}
	}
	r.report.kind(kindBindings).New += written
	r.report.kind(kindBindings).Present += staged - written
	return nil
}
