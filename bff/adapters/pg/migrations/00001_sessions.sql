-- +goose Up

-- Browsers that are signed in. A session is looked up by the hash of its token
-- before the tenant of the request is known to be its own, and a token is unique
-- everywhere: hence the primary key without the tenant.
CREATE TABLE sessions (
    token_hash bytea       PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    tenant_id  uuid        NOT NULL,
    user_id    uuid        NOT NULL,
    sid        uuid        NOT NULL, -- the session at the ID host, whose end ends this one
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
    revoked_at timestamptz
);
CREATE INDEX sessions_of_user ON sessions (tenant_id, user_id);
CREATE INDEX sessions_of_sid ON sessions (sid);
CREATE INDEX sessions_expiry ON sessions (expires_at);
SELECT updspace_protect('sessions');

-- Sign-ins under way, found by the hashes of their state and of the browser's secret, for the same reason.
CREATE TABLE login_attempts (
    state_hash   bytea       PRIMARY KEY CHECK (octet_length(state_hash) = 32),
    tenant_id    uuid        NOT NULL,
    browser_hash bytea       NOT NULL CHECK (octet_length(browser_hash) = 32),
    next         text        NOT NULL CHECK (octet_length(next) <= 2048),
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz
);
CREATE INDEX login_attempts_expiry ON login_attempts (expires_at);
SELECT updspace_protect('login_attempts');

-- Sessions at the ID host that have ended. A session here that would begin with one of them is refused. They are no
-- tenant's: one sign-in may have opened sessions in several. confirmed_at is null until the ID service knows.
CREATE TABLE sign_outs (
    sid          uuid        PRIMARY KEY,
    ended_at     timestamptz NOT NULL,
    confirmed_at timestamptz
);
CREATE INDEX sign_outs_ended ON sign_outs (ended_at);
CREATE INDEX sign_outs_unconfirmed ON sign_outs (ended_at) WHERE confirmed_at IS NULL;

-- Logout tokens that were accepted, so that none is accepted twice.
CREATE TABLE logout_tokens (
    jti_hash  bytea       PRIMARY KEY CHECK (octet_length(jti_hash) = 32),
    issued_at timestamptz NOT NULL
);
CREATE INDEX logout_tokens_issued ON logout_tokens (issued_at);
