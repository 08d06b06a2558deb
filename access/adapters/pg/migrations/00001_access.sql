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
-- binds it, none can change it.
CREATE TABLE roles (
    id         bigint      GENERATED ALWAYS AS IDENTITY,
    tenant_id  uuid,
    service    text        NOT NULL CHECK (length(service) BETWEEN 1 AND 32),
    name       text        NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id),
    UNIQUE (id, service)
);
-- Two indexes because NULLs are distinct; the second serves the lookup of
-- templates by name, too.
CREATE UNIQUE INDEX roles_name ON roles (tenant_id, service, name) WHERE tenant_id IS NOT NULL;
CREATE UNIQUE INDEX roles_template_name ON roles (service, name) WHERE tenant_id IS NULL;
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
-- keys. They are copied here, so that no writer can get them wrong.
-- +goose StatementBegin
CREATE FUNCTION role_permissions_copy_role() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    SELECT r.tenant_id, r.service INTO NEW.tenant_id, NEW.service FROM roles r WHERE r.id = NEW.role_id;
    IF NOT FOUND THEN
        RAISE foreign_key_violation USING MESSAGE = 'role_permissions: no such role';
    END IF;
    RETURN NEW;
END
$function$;
-- +goose StatementEnd
CREATE TRIGGER copy_role BEFORE INSERT OR UPDATE ON role_permissions
    FOR EACH ROW EXECUTE FUNCTION role_permissions_copy_role();

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

-- access_facts returns all that decisions about one user need, in one query and
-- one round trip.
--
-- It is a PL/pgSQL function for the sake of its plans: they are kept for the life
-- of a connection. Planning these lookups costs several times what running them
-- does, and the platform's pools send plain query texts (libs/pg), so a bare
-- SELECT would be planned anew for every check. Every lookup is by a unique index
-- whatever the parameters, so one generic plan serves all of them.
--
-- Rows are of four kinds: 'o' overrides (a: action, b: permission key), 't' teams
-- (a) with their community (b), 'b' bindings (a, b: scope) with their role, 'm'
-- roles named member. wanted narrows the keys of roles and overrides; NULL means
-- all.
-- +goose StatementBegin
CREATE FUNCTION access_facts(
    of_tenant uuid, of_user uuid, at timestamptz, wanted text[], services text[],
    scope_types text[], scope_ids text[], team_ids text[]
) RETURNS TABLE (kind text, a text, b text, id bigint, service text, name text, own boolean, keys text)
LANGUAGE plpgsql STABLE ROWS 10
SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
    communities text[];
BEGIN
    RETURN QUERY
    SELECT 'o', po.action, po.permission_key, NULL::bigint, NULL, NULL, NULL::boolean, NULL
    FROM policy_overrides po
    WHERE po.tenant_id = of_tenant AND po.user_id = of_user
        AND (po.expires_at IS NULL OR po.expires_at > at)
        AND (wanted IS NULL OR po.permission_key IS NULL OR po.permission_key = ANY (wanted));

    IF cardinality(team_ids) > 0 THEN
        RETURN QUERY
        SELECT 't', t.team_id, t.community_id, NULL::bigint, NULL, NULL, NULL::boolean, NULL
        FROM teams t WHERE t.tenant_id = of_tenant AND t.team_id = ANY (team_ids);

        -- a grant in a team's community reaches the team
        SELECT array_agg(DISTINCT t.community_id) INTO communities
        FROM teams t WHERE t.tenant_id = of_tenant AND t.team_id = ANY (team_ids);
        IF communities IS NOT NULL THEN
            scope_types := scope_types || array_fill('COMMUNITY'::text, ARRAY[cardinality(communities)]);
            scope_ids := scope_ids || communities;
        END IF;
    END IF;

    RETURN QUERY
    SELECT 'b', rb.scope_type, rb.scope_id, r.id, r.service, r.name, r.tenant_id IS NOT NULL,
        (SELECT string_agg(rp.permission_key, ' ') FROM role_permissions rp
         WHERE rp.role_id = r.id AND (wanted IS NULL OR rp.permission_key = ANY (wanted)))
    FROM (SELECT DISTINCT s.type, s.id FROM unnest(scope_types, scope_ids) AS s (type, id)) AS asked
    JOIN role_bindings rb ON rb.tenant_id = of_tenant AND rb.user_id = of_user
        AND rb.scope_type = asked.type AND rb.scope_id = asked.id
    JOIN roles r ON r.id = rb.role_id AND (r.tenant_id = of_tenant OR r.tenant_id IS NULL)
    WHERE rb.expires_at IS NULL OR rb.expires_at > at;

    RETURN QUERY
    SELECT 'm', NULL, NULL, r.id, r.service, r.name, r.tenant_id IS NOT NULL,
        (SELECT string_agg(rp.permission_key, ' ') FROM role_permissions rp
         WHERE rp.role_id = r.id AND (wanted IS NULL OR rp.permission_key = ANY (wanted)))
    FROM roles r
    WHERE (r.tenant_id = of_tenant OR r.tenant_id IS NULL) AND r.name = 'member' AND r.service = ANY (services);
END
$function$;
-- +goose StatementEnd
