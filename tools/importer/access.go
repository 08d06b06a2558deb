package importer

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

const noGroup = "there is no such community or team"

const (
	kindRoles       = "roles"
	kindPermissions = "permissions of roles"
	kindBindings    = "role bindings"
	kindOverrides   = "policy overrides"
)

// oldRole is a role, with what it is here: a template of the same name, or a role of its tenant.
type oldRole struct {
	ID        int64     `db:"id"`
	Tenant    uuid.UUID `db:"tenant_id"` // the zero UUID: a template
	Service   string    `db:"service"`
	Name      string    `db:"name"`
	CreatedAt time.Time `db:"created_at"`
	UpdatedAt time.Time `db:"updated_at"`
}

// roles are the roles of the old system by their ids.
type roles struct {
	old       map[int64]oldRole
	names     map[int64]string // as they are here
	templates map[string]int64 // ids of the templates here, by service:name
	catalogue map[string]string
}

// access takes roles, who has them, and exceptions. The roles of communities and teams follow with portal's memberships.
func (r *run) access() error {
	if err := r.activeMembers("access", "tenant_members", "tenant_id, user_id", "changed_at"); err != nil {
		return err
	}
	all, err := r.accessRoles()
	if err != nil {
		return err
	}
	if err := r.rolePermissions(all); err != nil {
		return err
	}
	return r.overrides(all)
}

func (r *run) accessRoles() (*roles, error) {
	all := &roles{old: map[int64]oldRole{}, names: map[int64]string{}, templates: map[string]int64{}, catalogue: map[string]string{}}
	rows, err := r.tx["access"].Query(r.ctx, "SELECT key, service FROM permissions")
	if err != nil {
		return nil, err
	}
	var key, service string
	if _, err = pgx.ForEachRow(rows, []any{&key, &service}, func() error { all.catalogue[key] = service; return nil }); err != nil {
		return nil, err
	}
	if len(all.catalogue) == 0 {
		return nil, fmt.Errorf("the catalogue of permissions is empty: start the access service once before the import")
	}
	rows, err = r.tx["access"].Query(r.ctx, "SELECT id, service || ':' || name FROM roles WHERE tenant_id IS NULL")
	if err != nil {
		return nil, err
	}
	var id int64
	if _, err = pgx.ForEachRow(rows, []any{&id, &key}, func() error { all.templates[key] = id; return nil }); err != nil {
		return nil, err
	}
	t, err := r.into("access", "roles", kindRoles, "id", "id", "tenant_id", "service", "name", "folded", "created_at", "updated_at")
	if err != nil {
		return nil, err
	}
	taken, err := r.takenRoleIDs()
	if err != nil {
		return nil, err
	}
	var highest int64
	if old := r.old["access"]; old.has("access_control_role") {
		if err := old.tx.QueryRow(r.ctx, "SELECT coalesce(max(id), 0) FROM access_control_role").Scan(&highest); err != nil {
			return nil, err
		}
	}
	err = each(r.ctx, r.old["access"], "access_control_role", "", "id", func(o oldRole) error {
		which := fmt.Sprintf("role %d, %s of %s", o.ID, o.Name, o.Service)
		r.report.read(kindRoles)
		if o.Tenant == uuid.Nil {
			all.old[o.ID] = o
			if all.templates[o.Service+":"+o.Name] == 0 {
				r.report.refuse(kindRoles, "there is no template of this name", which)
			}
			return nil
		}
		home, ok := r.tenants[o.Tenant]
		if !ok {
			r.report.refuse(kindRoles, noTenant, which)
			return nil
		}
		name := r.line(kindRoles, which, "name", o.Name, 128)
		if name == "" {
			name = fmt.Sprintf("Role %d", o.ID)
			r.report.change(kindRoles, "it had no name", which)
		}
		o.Tenant = home.id
		all.old[o.ID], all.names[o.ID] = o, name
		if was, there := taken[o.ID]; there && was != o.Tenant.String()+o.Service+name {
			r.report.change(kindRoles, "its number is taken: it gets another", which)
			return r.numberedRole(o, name, highest)
		}
		return t.add(o.ID, o.Tenant, o.Service, name, fold(name), o.CreatedAt, o.UpdatedAt)
	})
	if err != nil {
		return nil, err
	}
	if err := t.store(); err != nil {
		return nil, err
	}
	return all, r.advance("access", "roles", "id")
}

// takenRoleIDs are the roles that are there, by number, each with what makes it the same as one of the old system.
func (r *run) takenRoleIDs() (map[int64]string, error) {
	taken := map[int64]string{}
	rows, err := r.tx["access"].Query(r.ctx, "SELECT id, coalesce(tenant_id::text, '') || service || name FROM roles")
	if err != nil {
		return nil, err
	}
	var id int64
	var what string
	_, err = pgx.ForEachRow(rows, []any{&id, &what}, func() error { taken[id] = what; return nil })
	return taken, err
}

// numberedRole inserts a role whose number is another one's. Numbers of the old system are kept free.
func (r *run) numberedRole(o oldRole, name string, highest int64) error {
	n, err := r.exec("access", `INSERT INTO roles (id, tenant_id, service, name, folded, created_at, updated_at) OVERRIDING SYSTEM VALUE
		SELECT greatest((SELECT max(id) FROM roles), $1) + 1, $2, $3, $4, $5, $6, $7 ON CONFLICT DO NOTHING`, highest, o.Tenant, o.Service, name, fold(name), o.CreatedAt, o.UpdatedAt)
	r.report.kind(kindRoles).New += n
	r.report.kind(kindRoles).Present += 1 - n
	return err
}

// advance makes the numbers of a table go on after the highest one.
func (r *run) advance(service, table, column string) error {
	_, err := r.exec(service, fmt.Sprintf("SELECT setval(pg_get_serial_sequence('%[1]s', '%[2]s'), greatest((SELECT max(%[2]s) FROM %[1]s), nextval(pg_get_serial_sequence('%[1]s', '%[2]s'))))", table, column))
	return err
}

func (r *run) rolePermissions(all *roles) error {
	_, err := r.exec("access", "CREATE TEMP TABLE import_granted (tenant_id uuid, service text, name text, key text) ON COMMIT DROP")
	if err != nil {
		return err
	}
	type granted struct {
		Role int64  `db:"role_id"`
		Key  string `db:"permission_key"`
	}
	err = each(r.ctx, r.old["access"], "access_control_rolepermission", "", "id", func(o granted) error {
		role, known := all.old[o.Role]
		if known && role.Tenant == uuid.Nil {
			return nil // templates are those of the new system
		}
		r.report.read(kindPermissions)
		which := fmt.Sprintf("%s of role %d", o.Key, o.Role)
		switch service := all.catalogue[o.Key]; {
		case !known:
			r.report.refuse(kindPermissions, noParent, which)
		case service == "":
			r.report.refuse(kindPermissions, "there is no such permission any more", which)
		case service != role.Service:
			r.report.refuse(kindPermissions, "it is of another service than the role", which)
		default:
			_, err := r.exec("access", "INSERT INTO import_granted VALUES ($1, $2, $3, $4)", role.Tenant, role.Service, all.names[o.Role], o.Key)
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	n, err := r.exec("access", `INSERT INTO role_permissions (role_id, permission_key)
		SELECT r.id, g.key FROM import_granted g JOIN roles r ON r.owner = g.tenant_id AND r.service = g.service AND r.name = g.name ORDER BY r.id, g.key ON CONFLICT DO NOTHING`)
	r.report.kind(kindPermissions).New += n
	if err != nil {
		return err
	}
	return r.bindings(all)
}

type oldBinding struct {
	ID        int64     `db:"id"`
	Tenant    uuid.UUID `db:"tenant_id"`
	User      uuid.UUID `db:"user_id"`
	ScopeType string    `db:"scope_type"`
	ScopeID   string    `db:"scope_id"`
	Role      int64     `db:"role_id"`
	CreatedAt time.Time `db:"created_at"`
}

// bindings stages who has which role in which scope. Those in communities and teams are stored after portal's, which says what those are.
func (r *run) bindings(all *roles) error {
	_, err := r.exec("access", `CREATE TEMP TABLE import_bindings (old bigint, tenant_id uuid, user_id uuid, scope_type text, scope_id text,
		owner uuid, service text, name text, created_at timestamptz) ON COMMIT DROP`)
	if err != nil {
		return err
	}
	stage := pgCopy(r, "access", "import_bindings", "old", "tenant_id", "user_id", "scope_type", "scope_id", "owner", "service", "name", "created_at")
	err = each(r.ctx, r.old["access"], "access_control_rolebinding", "", "id", func(o oldBinding) error {
		which := fmt.Sprintf("binding %d of %s in %s %s", o.ID, o.User, o.ScopeType, o.ScopeID)
		home, ok := r.home(kindBindings, o.Tenant, which)
		if !ok {
			return nil
		}
		role, known := all.old[o.Role]
		name, owner := all.names[o.Role], role.Tenant
		template := known && owner == uuid.Nil
		if template {
			name = role.Name
		}
		scopeType, scopeID, reason := bound(o, home)
		switch {
		case !known, template && all.templates[role.Service+":"+name] == 0:
			reason = "its role was not taken"
		case !template && owner != home:
			reason = "its role is another tenant's"
		case r.users[o.User] == nil:
			reason = noPerson
		}
		if reason != "" {
			r.report.refuse(kindBindings, reason, which)
			return nil
		}
		return stage.Add(r.ctx, o.ID, home, o.User, scopeType, scopeID, owner, role.Service, name, o.CreatedAt)
	})
	if err != nil {
		return err
	}
	return stage.Flush(r.ctx)
}

// bound is the scope of a binding in its form, or why it has none.
func bound(o oldBinding, home uuid.UUID) (scopeType, scopeID, reason string) {
	scopeType, scopeID = strings.ToUpper(o.ScopeType), strings.TrimSpace(o.ScopeID)
	id, err := uuid.Parse(scopeID)
	switch {
	case scopeType == "GLOBAL":
		return scopeType, "", ""
	case scopeType == "TENANT" && (err != nil || id != o.Tenant || scopeID != id.String()):
		return "", "", "it never worked: its scope is not the tenant"
	case scopeType == "TENANT":
		return scopeType, home.String(), ""
	case (scopeType == "COMMUNITY" || scopeType == "TEAM") && err != nil:
		return "", "", noGroup
	case scopeType == "COMMUNITY", scopeType == "TEAM":
		return scopeType, id.String(), ""
	case scopeType == "SERVICE" && scopeID != "":
		return scopeType, scopeID, ""
	}
	return "", "", "its scope is none that there is"
}

func (r *run) overrides(all *roles) error {
	t, err := r.into("access", "policy_overrides", kindOverrides, "id", "id", "tenant_id", "user_id", "action", "permission_key", "reason", "expires_at", "created_at")
	if err != nil {
		return err
	}
	type override struct {
		ID        uuid.UUID `db:"id"`
		Tenant    uuid.UUID `db:"tenant_id"`
		User      uuid.UUID `db:"user_id"`
		Action    string    `db:"action"`
		Key       *string   `db:"permission_key"`
		Reason    string    `db:"reason"`
		ExpiresAt time.Time `db:"expires_at"`
		CreatedAt time.Time `db:"created_at"`
	}
	err = each(r.ctx, r.old["access"], "access_control_policyoverride", "", "created_at, id", func(o override) error {
		which := o.ID.String() + " of " + o.User.String()
		home, ok := r.home(kindOverrides, o.Tenant, which)
		if !ok {
			return nil
		}
		action := strings.ToLower(o.Action)
		switch {
		case r.users[o.User] == nil:
			r.report.refuse(kindOverrides, noPerson, which)
		case action != "allow" && action != "deny":
			r.report.refuse(kindOverrides, "it neither allows nor denies", which+": "+o.Action)
		case o.Key != nil && all.catalogue[*o.Key] == "":
			r.report.refuse(kindOverrides, "there is no such permission any more", which+": "+*o.Key)
		default:
			return t.add(o.ID, home, o.User, action, o.Key, r.line(kindOverrides, which, "reason", o.Reason, 255), orNull(o.ExpiresAt), o.CreatedAt)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return t.store()
}
