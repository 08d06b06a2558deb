-- +goose Up

-- The name as words are looked for in it, folded by the service: what PostgreSQL
-- takes for the same letter in another case depends on its locale. Templates,
-- whose names are ASCII, have none.
ALTER TABLE roles ADD COLUMN folded text CHECK (length(folded) <= 512);

-- Newest first, as lists show them.
CREATE INDEX role_bindings_newest ON role_bindings (tenant_id, id DESC);
CREATE INDEX policy_overrides_newest ON policy_overrides (tenant_id, created_at DESC, id DESC);

-- Who may be an administrator of the tenant: asked with every change of rights.
CREATE INDEX role_bindings_lasting ON role_bindings (tenant_id, role_id)
    WHERE source = 'manual' AND expires_at IS NULL AND scope_type IN ('TENANT', 'GLOBAL');

-- The journal by who, by what, and by what it was done to.
CREATE INDEX audit_events_actor ON audit_events (tenant_id, performed_by, created_at DESC, id DESC);
CREATE INDEX audit_events_action ON audit_events (tenant_id, action, created_at DESC, id DESC);
CREATE INDEX audit_events_target ON audit_events (tenant_id, target_type, target_id, created_at DESC, id DESC);

-- What the retention job looks for, in all tenants.
CREATE INDEX role_bindings_expired ON role_bindings (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX policy_overrides_expired ON policy_overrides (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX audit_events_age ON audit_events USING brin (created_at);
