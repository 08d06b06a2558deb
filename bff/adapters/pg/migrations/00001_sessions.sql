-- +goose Up

-- Browsers that are signed in. A session is looked up by the hash of its token
-- before anyone knows which tenant asks, and a token is unique everywhere:
-- hence the primary key without the tenant.
CREATE TABLE sessions (
    token_hash bytea       PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    tenant_id  uuid        NOT NULL,
    user_id    uuid        NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
    revoked_at timestamptz
);
CREATE INDEX sessions_of_user ON sessions (tenant_id, user_id);
CREATE INDEX sessions_revoked ON sessions (revoked_at) WHERE revoked_at IS NOT NULL; -- the feed every instance reads
CREATE INDEX sessions_expiry ON sessions (expires_at);
SELECT updspace_protect('sessions');

-- Sign-ins under way, found by the hash of their state for the same reason.
CREATE TABLE login_attempts (
    state_hash   bytea       PRIMARY KEY CHECK (octet_length(state_hash) = 32),
    tenant_id    uuid        NOT NULL,
    browser_hash bytea       NOT NULL CHECK (octet_length(browser_hash) = 32),
    next         text        NOT NULL CHECK (octet_length(next) <= 2048),
    expires_at   timestamptz NOT NULL
);
CREATE INDEX login_attempts_expiry ON login_attempts (expires_at);
SELECT updspace_protect('login_attempts');
