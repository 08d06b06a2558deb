-- +goose Up

-- Requests to become a member. decided_by is the zero UUID until the request is decided, and after that user was erased.
CREATE TABLE join_requests (
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    scope_type   text        NOT NULL CHECK (scope_type IN ('COMMUNITY', 'TEAM')),
    scope_id     uuid        NOT NULL,
    community_id uuid        NOT NULL,
    user_id      uuid        NOT NULL,
    message      text        NOT NULL CHECK (char_length(message) <= 1000),
    status       text        NOT NULL CHECK (status IN ('pending', 'approved', 'declined', 'cancelled')),
    created_at   timestamptz NOT NULL,
    decided_at   timestamptz,
    decided_by   uuid        NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT join_requests_decided CHECK ((status = 'pending') = (decided_at IS NULL)),
    CONSTRAINT join_requests_group FOREIGN KEY (tenant_id, community_id, scope_id) REFERENCES groups (tenant_id, community_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX join_requests_one_pending ON join_requests (tenant_id, scope_id, user_id) WHERE status = 'pending';
CREATE INDEX join_requests_of_group ON join_requests (tenant_id, scope_id, id);
CREATE INDEX join_requests_of_user ON join_requests (tenant_id, user_id, id);
SELECT updspace_protect('join_requests');

-- Invitations of one user. An invitation ends with the permission of its maker, which is checked when it is accepted; that of a
-- system administrator does not depend on the tenant.
CREATE TABLE invites (
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    scope_type   text        NOT NULL CHECK (scope_type IN ('COMMUNITY', 'TEAM')),
    scope_id     uuid        NOT NULL,
    community_id uuid        NOT NULL,
    user_id      uuid        NOT NULL,
    role         text        NOT NULL CHECK (role IN ('owner', 'moderator', 'member')),
    status       text        NOT NULL CHECK (status IN ('pending', 'accepted', 'declined', 'revoked')),
    maker_user         uuid    NOT NULL,
    maker_system_admin boolean NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    decided_at   timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT invites_decided CHECK ((status = 'pending') = (decided_at IS NULL)),
    CONSTRAINT invites_life CHECK (expires_at > created_at),
    CONSTRAINT invites_group FOREIGN KEY (tenant_id, community_id, scope_id) REFERENCES groups (tenant_id, community_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX invites_one_pending ON invites (tenant_id, scope_id, user_id) WHERE status = 'pending';
CREATE INDEX invites_of_group ON invites (tenant_id, scope_id, id);
CREATE INDEX invites_of_user ON invites (tenant_id, user_id, id);
SELECT updspace_protect('invites');

-- Invite links. Only the hash of the token is stored.
CREATE TABLE invite_links (
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    scope_type   text        NOT NULL CHECK (scope_type IN ('COMMUNITY', 'TEAM')),
    scope_id     uuid        NOT NULL,
    community_id uuid        NOT NULL,
    token_hash   bytea       NOT NULL CHECK (length(token_hash) = 32),
    max_uses     integer     NOT NULL CHECK (max_uses >= 0), -- 0 means any number
    uses         integer     NOT NULL CHECK (uses >= 0),
    maker_user         uuid    NOT NULL,
    maker_system_admin boolean NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT invite_links_token UNIQUE (tenant_id, token_hash),
    CONSTRAINT invite_links_uses CHECK (max_uses = 0 OR uses <= max_uses),
    CONSTRAINT invite_links_life CHECK (expires_at > created_at),
    CONSTRAINT invite_links_group FOREIGN KEY (tenant_id, community_id, scope_id) REFERENCES groups (tenant_id, community_id, id) ON DELETE CASCADE
);
CREATE INDEX invite_links_of_group ON invite_links (tenant_id, scope_id, id);
SELECT updspace_protect('invite_links');

-- Users who are kept out of a group. A ban from a community covers its teams.
CREATE TABLE bans (
    tenant_id    uuid        NOT NULL,
    scope_type   text        NOT NULL CHECK (scope_type IN ('COMMUNITY', 'TEAM')),
    scope_id     uuid        NOT NULL,
    community_id uuid        NOT NULL,
    user_id      uuid        NOT NULL,
    reason       text        NOT NULL CHECK (char_length(reason) <= 1000),
    until        timestamptz, -- NULL means for good
    created_by   uuid        NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, scope_id, user_id),
    CONSTRAINT bans_group FOREIGN KEY (tenant_id, community_id, scope_id) REFERENCES groups (tenant_id, community_id, id) ON DELETE CASCADE
);
CREATE INDEX bans_of_user ON bans (tenant_id, community_id, user_id);
SELECT updspace_protect('bans');
