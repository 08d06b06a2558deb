-- +goose Up

-- The catalogue of permissions, seeded from access/domain at every start. It belongs to the platform, not to a tenant.
CREATE TABLE permissions (
    key         text NOT NULL CHECK (length(key) BETWEEN 1 AND 128),
    service     text NOT NULL CHECK (length(service) BETWEEN 1 AND 32),
    description text NOT NULL DEFAULT '' CHECK (length(description) <= 255),
    PRIMARY KEY (key),
    UNIQUE (service, key) -- referenced by role_permissions
);

-- A role without a tenant is a template of the platform: every tenant can read and bind it, none can change it. owner is
-- the tenant or, for templates, zero, so that one unique index serves both and a decision finds both in one scan.
--
-- keys repeats role_permissions, maintained by a trigger on that table: a decision reads a role in one row, which halves
-- the cost of the most frequent query of the platform. No other writer may change it.
--
-- folded is the name in lower case, folded by the service, because PostgreSQL's rules of case depend on the locale. It is
-- NULL for templates, whose names are ASCII.
CREATE TABLE roles (
    id         bigint      GENERATED ALWAYS AS IDENTITY,
    tenant_id  uuid,
    owner      uuid        NOT NULL GENERATED ALWAYS AS (coalesce(tenant_id, '00000000-0000-0000-0000-000000000000')) STORED,
    service    text        NOT NULL CHECK (length(service) BETWEEN 1 AND 32),
    name       text        NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    folded     text        CHECK (length(folded) <= 512),
    keys       text[]      NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id),
    UNIQUE (id, service), -- referenced by role_permissions
    CONSTRAINT roles_name UNIQUE (owner, service, name)
);
CREATE INDEX roles_member ON roles (owner) WHERE name = 'member'; -- part of the facts of every user
SELECT updspace_protect('roles');
CREATE POLICY template_select ON roles FOR SELECT USING (tenant_id IS NULL);

-- A role grants permissions of its own service only: the pair of foreign keys over service allows nothing else.
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

-- tenant_id and service repeat the role's, for the policies and the foreign keys. The trigger copies them, so a writer
-- cannot set them wrongly. It locks the role: of two concurrent changes the second must see the first when it folds keys.
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

-- Writes roles.keys. A permission that is withdrawn changes the roles of every tenant, so the trigger works across tenants;
-- the policies have already allowed the change of role_permissions that caused it.
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

-- source says why a binding exists: made through the API (manual), or derived from a membership and kept in step with it.
-- The same role may be bound in the same scope for both reasons; each ends on its own.
CREATE TABLE role_bindings (
    id         bigint      GENERATED ALWAYS AS IDENTITY,
    tenant_id  uuid        NOT NULL,
    user_id    uuid        NOT NULL,
    scope_type text        NOT NULL CHECK (scope_type IN ('GLOBAL', 'TENANT', 'COMMUNITY', 'TEAM', 'SERVICE')),
    scope_id   text        NOT NULL CHECK (length(scope_id) <= 128),
    role_id    bigint      NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    source     text        NOT NULL DEFAULT 'manual' CHECK (source IN ('manual', 'membership')),
    expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid,       -- NULL: the platform itself
    PRIMARY KEY (id),
    -- one form for one scope, or the same grant could exist twice
    CHECK (CASE scope_type WHEN 'GLOBAL' THEN scope_id = '' WHEN 'TENANT' THEN scope_id = tenant_id::text ELSE scope_id <> '' END)
);
-- Also the index by which a decision finds its bindings.
CREATE UNIQUE INDEX role_bindings_grant ON role_bindings (tenant_id, user_id, scope_type, scope_id, role_id, source);
CREATE INDEX role_bindings_role ON role_bindings (role_id); -- for the cascade
CREATE INDEX role_bindings_scope ON role_bindings (tenant_id, scope_type, scope_id); -- for deleted communities and teams
CREATE INDEX role_bindings_newest ON role_bindings (tenant_id, id DESC);
CREATE INDEX role_bindings_author ON role_bindings (tenant_id, created_by) WHERE created_by IS NOT NULL;
CREATE INDEX role_bindings_expired ON role_bindings (expires_at) WHERE expires_at IS NOT NULL; -- for the retention job
-- For the search of administrators, which runs with every change of rights.
CREATE INDEX role_bindings_lasting ON role_bindings (tenant_id, role_id)
    WHERE source = 'manual' AND expires_at IS NULL AND scope_type IN ('TENANT', 'GLOBAL');
SELECT updspace_protect('role_bindings');

-- Decisions ignore bindings of another tenant's role; this refuses to store one. The policies hide other tenants' roles,
-- except from cross-tenant jobs, for which the tenant is compared.
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
CREATE INDEX policy_overrides_newest ON policy_overrides (tenant_id, id DESC);
CREATE INDEX policy_overrides_author ON policy_overrides (tenant_id, created_by) WHERE created_by IS NOT NULL;
CREATE INDEX policy_overrides_expired ON policy_overrides (expires_at) WHERE expires_at IS NOT NULL;
SELECT updspace_protect('policy_overrides');

-- Members of the tenant, from identity's events. A user who has left keeps a row.
CREATE TABLE tenant_members (
    tenant_id  uuid        NOT NULL,
    user_id    uuid        NOT NULL,
    active     boolean     NOT NULL,
    changed_at timestamptz NOT NULL, -- time of the event; older events are ignored
    PRIMARY KEY (tenant_id, user_id)
);
SELECT updspace_protect('tenant_members');

-- Communities and teams, from Portal's events and memberships. A deleted one keeps its row, so that events and memberships
-- that arrive late are ignored. Ids are never reused.
CREATE TABLE scopes (
    tenant_id  uuid        NOT NULL,
    scope_type text        NOT NULL CHECK (scope_type IN ('COMMUNITY', 'TEAM')),
    scope_id   uuid        NOT NULL,
    status     text        NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'archived', 'deleted')),
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, scope_type, scope_id)
);
SELECT updspace_protect('scopes');

-- The community of each team: the part of Portal's data that decisions read.
CREATE TABLE teams (
    tenant_id    uuid        NOT NULL,
    team_id      text        NOT NULL CHECK (length(team_id) BETWEEN 1 AND 128),
    community_id text        NOT NULL CHECK (length(community_id) BETWEEN 1 AND 128),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, team_id)
);
CREATE INDEX teams_community ON teams (tenant_id, community_id);
SELECT updspace_protect('teams');

-- Memberships of communities and teams, from Portal. A user who has left keeps a row with role NULL, so that an older
-- version that arrives late cannot restore the membership.
CREATE TABLE memberships (
    tenant_id    uuid        NOT NULL,
    scope_type   text        NOT NULL CHECK (scope_type IN ('COMMUNITY', 'TEAM')),
    scope_id     uuid        NOT NULL,
    user_id      uuid        NOT NULL,
    community_id uuid        NOT NULL, -- of a team; of a community, its own id
    role         text        CHECK (role IN ('owner', 'moderator', 'member')),
    version      bigint      NOT NULL CHECK (version > 0),
    applied_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, scope_type, scope_id, user_id),
    CHECK (scope_type <> 'COMMUNITY' OR community_id = scope_id)
);
CREATE INDEX memberships_community ON memberships (tenant_id, community_id);
CREATE INDEX memberships_user ON memberships (tenant_id, user_id, scope_type, scope_id);
SELECT updspace_protect('memberships');

-- Invalidation of the fact cache (adapters/pg/factcache). Every change of a fact notifies all instances when it commits:
-- "<tenant> <user>", "<tenant>" for everything cached of the tenant, or "all". Notifications arrive in commit order, and
-- equal notifications of one transaction are sent once.
-- +goose StatementBegin
CREATE FUNCTION notify_user_changed() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        PERFORM pg_notify('access_changes', OLD.tenant_id || ' ' || OLD.user_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM pg_notify('access_changes', NEW.tenant_id || ' ' || NEW.user_id);
    END IF;
    RETURN NULL;
END
$function$;
CREATE FUNCTION notify_tenant_changed() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        PERFORM pg_notify('access_changes', coalesce(OLD.tenant_id::text, 'all'));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM pg_notify('access_changes', coalesce(NEW.tenant_id::text, 'all'));
    END IF;
    RETURN NULL;
END
$function$;
-- +goose StatementEnd
CREATE TRIGGER notify_changed AFTER INSERT OR UPDATE OR DELETE ON role_bindings FOR EACH ROW EXECUTE FUNCTION notify_user_changed();
CREATE TRIGGER notify_changed AFTER INSERT OR UPDATE OR DELETE ON policy_overrides FOR EACH ROW EXECUTE FUNCTION notify_user_changed();
CREATE TRIGGER notify_changed AFTER INSERT OR UPDATE OR DELETE ON teams FOR EACH ROW EXECUTE FUNCTION notify_tenant_changed();
-- Also for changes of role_permissions, because roles.keys follows them.
CREATE TRIGGER notify_changed AFTER INSERT OR UPDATE OR DELETE ON roles FOR EACH ROW EXECUTE FUNCTION notify_tenant_changed();

-- Instances that cache facts: until when they may, and the highest barrier that they have acknowledged.
CREATE TABLE leases (
    instance     uuid        PRIMARY KEY,
    until        timestamptz NOT NULL,
    acknowledged bigint      NOT NULL
);
-- Numbers of barriers. A barrier is a notification drawn after a change has committed: an instance that acknowledges it,
-- or a higher one, has processed the notification of the change.
CREATE SEQUENCE barriers;
