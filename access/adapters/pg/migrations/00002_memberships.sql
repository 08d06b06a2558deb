-- +goose Up

-- What Portal says about who belongs where. A row that left keeps its version,
-- so that what is told late or twice cannot bring it back; role is NULL then.
CREATE TABLE memberships (
    tenant_id    uuid        NOT NULL,
    scope_type   text        NOT NULL CHECK (scope_type IN ('COMMUNITY', 'TEAM')),
    scope_id     uuid        NOT NULL,
    user_id      uuid        NOT NULL,
    community_id uuid        NOT NULL, -- of a team; of a community, itself
    role         text        CHECK (role IN ('owner', 'moderator', 'member')),
    version      bigint      NOT NULL CHECK (version > 0),
    applied_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, scope_type, scope_id, user_id),
    CHECK (scope_type <> 'COMMUNITY' OR community_id = scope_id)
);
CREATE INDEX memberships_community ON memberships (tenant_id, community_id);
SELECT updspace_protect('memberships');

-- Communities and teams that were deleted. Their ids are never used again, and
-- what is told about them afterwards was on its way before.
CREATE TABLE deleted_scopes (
    tenant_id  uuid        NOT NULL,
    scope_type text        NOT NULL CHECK (scope_type IN ('COMMUNITY', 'TEAM')),
    scope_id   uuid        NOT NULL,
    deleted_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, scope_type, scope_id)
);
SELECT updspace_protect('deleted_scopes');

-- Where a binding comes from: made by hand, or following from a membership and
-- kept in step with it. One role may be bound in one scope for both reasons;
-- each ends on its own.
ALTER TABLE role_bindings ADD COLUMN source text NOT NULL DEFAULT 'manual' CHECK (source IN ('manual', 'membership'));
DROP INDEX role_bindings_grant;
CREATE UNIQUE INDEX role_bindings_grant ON role_bindings (tenant_id, user_id, scope_type, scope_id, role_id, source);
CREATE INDEX role_bindings_scope ON role_bindings (tenant_id, scope_type, scope_id); -- for scopes that are deleted

-- The roles that members hold without a binding, which every user's facts need.
CREATE INDEX roles_member ON roles (owner) WHERE name = 'member';
