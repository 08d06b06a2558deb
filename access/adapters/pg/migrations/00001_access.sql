-- +goose Up

-- The catalogue, seeded from access/domain at every start. It belongs to the
-- platform and not to a tenant.
CREATE TABLE permissions (
    key         text NOT NULL CHECK (length(key) BETWEEN 1 AND 128),
    service     text NOT NULL CHECK (length(service) BETWEEN 1 AND 32),
    description text NOT NULL DEFAULT '' CHECK (length(description) <= 255),
    PRIMARY KEY (key),
    UNIQUE (service, key) -- what role_permissions refers to
);

-- A role without a tenant is a template of the platform: every tenant sees and
-- binds it, none can change it. owner is the tenant or, for templates, zero, so
-- that one unique index serves both and a decision finds both in one scan.
--
-- keys are the role's permissions once more, kept by a trigger on
-- role_permissions: a decision reads a role in one row, which halves what the
-- busiest query of the platform costs. Nothing else writes them.
CREATE TABLE roles (
    id         bigint      GENERATED ALWAYS AS IDENTITY,
    tenant_id  uuid,
    owner      uuid        NOT NULL GENERATED ALWAYS AS (coalesce(tenant_id, '00000000-0000-0000-0000-000000000000')) STORED,
    service    text        NOT NULL CHECK (length(service) BETWEEN 1 AND 32),
    name       text        NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    keys       text[]      NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id),
    UNIQUE (id, service), -- what role_permissions refers to
    CONSTRAINT roles_name UNIQUE (owner, service, name)
);
SELECT updspace_protect('roles');
CREATE POLICY template_select ON roles FOR SELECT USING (tenant_id IS NULL);

-- A role holds permissions of its own service only: the pair of foreign keys
-- over service makes anything else impossible.
CREATE TABLE role_permissions (
    role_id        bigint NOT NULL,
    permission_key text   NOT NULL,
    tenant_id      uuid,
    service        text   NOT NULL,
    PRIMARY KEY (role_id, permission_key),
    FOREIGN KEY (role_id, service) REFERENCES roles (id, service) ON DELETE CASCADE,
    FOREIGN KEY (service, permission_key) REFERENCES permissions (service, key) ON DELETE CASCADE
);
CREATE INDEX role_permissions_permission ON role_permissions (service, permission_key); -- for the cascade
SELECT updspace_protect('role_permissions');
CREATE POLICY template_select ON role_permissions FOR SELECT USING (tenant_id IS NULL);

-- tenant_id and service repeat the role's, for the policies and for the foreign
-- keys. They are copied here, so that no writer can get them wrong. The role is
-- locked: of two changes at once the second must see the first when it folds
-- the keys.
-- +goose StatementBegin
CREATE FUNCTION role_permissions_copy_role() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    SELECT r.tenant_id, r.service INTO NEW.tenant_id, NEW.service FROM roles r WHERE r.id = NEW.role_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE foreign_key_violation USING MESSAGE = 'role_permissions: no such role';
    END IF;
    RETURN NEW;
END
$function$;
-- +goose StatementEnd
CREATE TRIGGER copy_role BEFORE INSERT OR UPDATE ON role_permissions
    FOR EACH ROW EXECUTE FUNCTION role_permissions_copy_role();

-- Whoever could change role_permissions may have the role follow; a permission
-- that is withdrawn reaches the roles of every tenant.
-- +goose StatementBegin
CREATE FUNCTION role_permissions_fold() RETURNS trigger
LANGUAGE plpgsql AS $function$
DECLARE
    changed bigint[];
    across  constant text := current_setting('updspace.across', true);
BEGIN
    PERFORM set_config('updspace.across', 'on', true);
    changed := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.role_id] WHEN 'DELETE' THEN ARRAY[OLD.role_id] ELSE ARRAY[OLD.role_id, NEW.role_id] END;
    PERFORM FROM roles r WHERE r.id = ANY (changed) ORDER BY r.id FOR NO KEY UPDATE;
    UPDATE roles r SET keys = ARRAY(
        SELECT rp.permission_key FROM role_permissions rp WHERE rp.role_id = r.id ORDER BY rp.permission_key)
    WHERE r.id = ANY (changed);
    PERFORM set_config('updspace.across', coalesce(across, ''), true);
    RETURN NULL;
END
$function$;
-- +goose StatementEnd
CREATE TRIGGER fold AFTER INSERT OR UPDATE OR DELETE ON role_permissions
    FOR EACH ROW EXECUTE FUNCTION role_permissions_fold();

CREATE TABLE role_bindings (
    id         bigint      GENERATED ALWAYS AS IDENTITY,
    tenant_id  uuid        NOT NULL,
    user_id    uuid        NOT NULL,
    scope_type text        NOT NULL CHECK (scope_type IN ('GLOBAL', 'TENANT', 'COMMUNITY', 'TEAM', 'SERVICE')),
    scope_id   text        NOT NULL CHECK (length(scope_id) <= 128),
    role_id    bigint      NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid,       -- NULL: the platform itself
    PRIMARY KEY (id),
    -- one form for one scope, or the same grant could exist twice
    CHECK (CASE scope_type WHEN 'GLOBAL' THEN scope_id = '' WHEN 'TENANT' THEN scope_id = tenant_id::text ELSE scope_id <> '' END)
);
-- Also the index by which a decision finds its bindings.
CREATE UNIQUE INDEX role_bindings_grant ON role_bindings (tenant_id, user_id, scope_type, scope_id, role_id);
CREATE INDEX role_bindings_role ON role_bindings (role_id);
SELECT updspace_protect('role_bindings');

-- A binding to another tenant's role would be inert, because facts leave such
-- roles out; refusing it here shows the mistake where it is made. Policies hide
-- the roles of other tenants, so a role that can be seen may be bound, except in
-- a cross-tenant job, for which the tenant is compared.
-- +goose StatementBegin
CREATE FUNCTION role_bindings_check_role() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM FROM roles r WHERE r.id = NEW.role_id AND (r.tenant_id = NEW.tenant_id OR r.tenant_id IS NULL);
    IF NOT FOUND THEN
        RAISE foreign_key_violation USING MESSAGE = 'role_bindings: no such role in this tenant';
    END IF;
    RETURN NEW;
END
$function$;
-- +goose StatementEnd
CREATE TRIGGER check_role BEFORE INSERT OR UPDATE OF tenant_id, role_id ON role_bindings
    FOR EACH ROW EXECUTE FUNCTION role_bindings_check_role();

CREATE TABLE policy_overrides (
    id             uuid        NOT NULL,
    tenant_id      uuid        NOT NULL,
    user_id        uuid        NOT NULL,
    action         text        NOT NULL CHECK (action IN ('deny', 'allow')),
    permission_key text        REFERENCES permissions (key) ON DELETE CASCADE, -- NULL: every permission
    reason         text        NOT NULL DEFAULT '' CHECK (length(reason) <= 255),
    expires_at     timestamptz,
    created_at     timestamptz NOT NULL DEFAULT now(),
    created_by     uuid,
    PRIMARY KEY (id)
);
CREATE INDEX policy_overrides_user ON policy_overrides (tenant_id, user_id);
CREATE INDEX policy_overrides_permission ON policy_overrides (permission_key) WHERE permission_key IS NOT NULL;
SELECT updspace_protect('policy_overrides');

-- The community of each team, learnt from Portal.
CREATE TABLE teams (
    tenant_id    uuid        NOT NULL,
    team_id      text        NOT NULL CHECK (length(team_id) BETWEEN 1 AND 128),
    community_id text        NOT NULL CHECK (length(community_id) BETWEEN 1 AND 128),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, team_id)
);
CREATE INDEX teams_community ON teams (tenant_id, community_id);
SELECT updspace_protect('teams');

-- The journal: what was done to rights, and what was done by power of
-- system_admin. Rows are only ever added.
CREATE TABLE audit_events (
    id           uuid        NOT NULL,
    tenant_id    uuid        NOT NULL,
    performed_by uuid        NOT NULL, -- the zero UUID: the platform itself
    action       text        NOT NULL CHECK (length(action) BETWEEN 1 AND 64),
    target_type  text        NOT NULL CHECK (length(target_type) BETWEEN 1 AND 32),
    target_id    text        NOT NULL DEFAULT '' CHECK (length(target_id) <= 128),
    metadata     jsonb       NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX audit_events_newest ON audit_events (tenant_id, created_at DESC, id DESC);
SELECT updspace_protect('audit_events');
