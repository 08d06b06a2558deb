-- +goose Up

-- Requests to be let in.
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
    decided_by   uuid,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT join_requests_decided CHECK ((status = 'pending') = (decided_at IS NULL) AND (status = 'pending') = (decided_by IS NULL)),
    CONSTRAINT join_requests_group FOREIGN KEY (tenant_id, community_id, scope_id) REFERENCES groups (tenant_id, community_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX join_requests_one_pending ON join_requests (tenant_id, scope_id, user_id) WHERE status = 'pending';
CREATE INDEX join_requests_of_group ON join_requests (tenant_id, scope_id, id);
CREATE INDEX join_requests_of_user ON join_requests (tenant_id, user_id, id);
SELECT updspace_protect('join_requests');

-- Invitations of one user. admits says that whoever accepts one for a team gets into its community as well.
CREATE TABLE invites (
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    scope_type   text        NOT NULL CHECK (scope_type IN ('COMMUNITY', 'TEAM')),
    scope_id     uuid        NOT NULL,
    community_id uuid        NOT NULL,
    user_id      uuid        NOT NULL,
    role         text        NOT NULL CHECK (role IN ('owner', 'moderator', 'member')),
    admits       boolean     NOT NULL,
    status       text        NOT NULL CHECK (status IN ('pending', 'accepted', 'declined', 'revoked')),
    invited_by   uuid        NOT NULL,
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

-- Invitations by link. Of the token only a hash is kept: who reads the database cannot join with it.
CREATE TABLE links (
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    scope_type   text        NOT NULL CHECK (scope_type IN ('COMMUNITY', 'TEAM')),
    scope_id     uuid        NOT NULL,
    community_id uuid        NOT NULL,
    token_hash   bytea       NOT NULL CHECK (length(token_hash) = 32),
    admits       boolean     NOT NULL,
    max_uses     integer     NOT NULL CHECK (max_uses >= 0), -- 0: any number
    uses         integer     NOT NULL CHECK (uses >= 0),
    created_by   uuid        NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT links_token UNIQUE (tenant_id, token_hash),
    CONSTRAINT links_uses CHECK (max_uses = 0 OR uses <= max_uses),
    CONSTRAINT links_life CHECK (expires_at > created_at),
    CONSTRAINT links_group FOREIGN KEY (tenant_id, community_id, scope_id) REFERENCES groups (tenant_id, community_id, id) ON DELETE CASCADE
);
CREATE INDEX links_of_group ON links (tenant_id, scope_id, id);
SELECT updspace_protect('links');

-- What was written, by whom: names and counts, never personal values.
CREATE TABLE journal (
    tenant_id   uuid        NOT NULL,
    id          uuid        NOT NULL,
    actor_id    uuid        NOT NULL,
    action      text        NOT NULL CHECK (char_length(action) BETWEEN 1 AND 64),
    target_type text        NOT NULL CHECK (char_length(target_type) BETWEEN 1 AND 32),
    target_id   text        NOT NULL CHECK (char_length(target_id) BETWEEN 1 AND 128),
    metadata    jsonb       NOT NULL CHECK (jsonb_typeof(metadata) = 'object'),
    request_id  text        NOT NULL CHECK (char_length(request_id) <= 128),
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX journal_target ON journal (tenant_id, target_id, id);
CREATE INDEX journal_age ON journal USING brin (created_at);
SELECT updspace_protect('journal');
