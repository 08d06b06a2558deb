-- +goose Up

-- Who has an account in the tenant, as identity tells it: an administrator who
-- has left it can help nobody any more.
CREATE TABLE tenant_members (
    tenant_id uuid        NOT NULL,
    user_id   uuid        NOT NULL,
    active    boolean     NOT NULL,
    told_at   timestamptz NOT NULL, -- when it happened; what happened before is told too late
    PRIMARY KEY (tenant_id, user_id)
);
SELECT updspace_protect('tenant_members');

-- Everything that names a person, for whoever asks what is stored about them or
-- to be forgotten.
CREATE INDEX memberships_user ON memberships (tenant_id, user_id, scope_type, scope_id);
CREATE INDEX role_bindings_author ON role_bindings (tenant_id, created_by) WHERE created_by IS NOT NULL;
CREATE INDEX policy_overrides_author ON policy_overrides (tenant_id, created_by) WHERE created_by IS NOT NULL;
CREATE INDEX audit_events_user ON audit_events (tenant_id, (metadata ->> 'user_id'), created_at DESC, id DESC);
