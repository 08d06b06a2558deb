-- +goose Up

CREATE TABLE oidc_clients (
    id            text        PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    secret_hashes text[]      NOT NULL DEFAULT '{}' CHECK (array_to_string(secret_hashes, ',') ~ '^([0-9a-f]{64}(,[0-9a-f]{64})?)?$'), -- none: a public client
    name          text        NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    logo_url      text,
    redirect_uris text[]      NOT NULL CHECK (cardinality(redirect_uris) > 0),
    post_logout_redirect_uris text[] NOT NULL DEFAULT '{}',
    backchannel_logout_uri text NOT NULL DEFAULT '' CHECK (length(backchannel_logout_uri) <= 2048), -- empty: the client is not told
    scopes        text[]      NOT NULL DEFAULT '{}', -- empty: every scope
    grant_types   text[]      NOT NULL CHECK (cardinality(grant_types) > 0),
    first_party   boolean     NOT NULL DEFAULT false,
    algorithm     text        NOT NULL CHECK (algorithm IN ('ES256', 'RS256')),
    registered_at timestamptz NOT NULL
);

CREATE TABLE oidc_requests (
    id             text        PRIMARY KEY,
    client_id      text        NOT NULL REFERENCES oidc_clients ON DELETE CASCADE,
    user_id        uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
    session_id     uuid        NOT NULL REFERENCES sessions ON DELETE CASCADE,
    auth_time      timestamptz NOT NULL,
    redirect_uri   text        NOT NULL,
    scopes         text[]      NOT NULL,
    state          text        NOT NULL DEFAULT '',
    nonce          text        NOT NULL DEFAULT '',
    code_challenge text        NOT NULL,
    expires_at     timestamptz NOT NULL
);
CREATE INDEX oidc_requests_expired ON oidc_requests (expires_at);
CREATE INDEX oidc_requests_session ON oidc_requests (session_id, expires_at);

-- Codes and grants have no foreign key to their client: every sign-in inserts one of each for the same client, and all of
-- them would lock that client's row. A client that is gone can redeem nothing; the cleanup deletes what is left.
CREATE TABLE oidc_codes (
    code_hash      bytea       PRIMARY KEY CHECK (length(code_hash) = 32),
    id             uuid        NOT NULL, -- of the grant it is redeemed for
    client_id      text        NOT NULL,
    user_id        uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
    session_id     uuid        NOT NULL,
    auth_time      timestamptz NOT NULL,
    redirect_uri   text        NOT NULL,
    scopes         text[]      NOT NULL,
    nonce          text        NOT NULL DEFAULT '',
    code_challenge text        NOT NULL,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    used_at        timestamptz
) WITH (fillfactor = 80); -- every code is updated once: leave room to do it in place
-- Rows arrive nearly in the order in which they expire, so block ranges find expired ones at almost no cost for an insert.
CREATE INDEX oidc_codes_expired ON oidc_codes USING brin (expires_at) WITH (pages_per_range = 16);

-- What a client holds after redeeming a code. Access tokens are not stored:
-- each names its grant, and lives no longer than it.
CREATE TABLE oidc_grants (
    id         uuid        PRIMARY KEY,
    client_id  text        NOT NULL,
    user_id    uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
    session_id uuid        NOT NULL,
    scopes     text[]      NOT NULL,
    nonce      text        NOT NULL DEFAULT '',
    auth_time  timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL, -- no token of the grant lives longer
    revoked_at timestamptz
);
CREATE INDEX oidc_grants_user ON oidc_grants (user_id, client_id);
CREATE INDEX oidc_grants_session ON oidc_grants (session_id);
CREATE INDEX oidc_grants_expired ON oidc_grants USING brin (expires_at) WITH (pages_per_range = 16);

CREATE TABLE oidc_refresh_tokens (
    token_hash bytea       PRIMARY KEY CHECK (length(token_hash) = 32),
    grant_id   uuid        NOT NULL REFERENCES oidc_grants ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX oidc_refresh_tokens_grant ON oidc_refresh_tokens (grant_id);

CREATE TABLE oidc_consents (
    user_id      uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
    client_id    text        NOT NULL REFERENCES oidc_clients ON DELETE CASCADE,
    scopes       text[]      NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (user_id, client_id)
);

CREATE TABLE signing_keys (
    id         text        PRIMARY KEY,
    algorithm  text        NOT NULL CHECK (algorithm IN ('ES256', 'RS256')),
    sealed     bytea       NOT NULL, -- PKCS #8 under AES-256-GCM
    seal_key   text        NOT NULL,
    created_at timestamptz NOT NULL,
    signs_from timestamptz NOT NULL,
    signs_to   timestamptz NOT NULL CHECK (signs_to > signs_from)
);

-- Logout tokens that a client has not acknowledged yet (OpenID Connect Back-Channel Logout 1.0). The id is the token's jti.
CREATE TABLE logout_notices (
    id         uuid        PRIMARY KEY,
    client_id  text        NOT NULL REFERENCES oidc_clients ON DELETE CASCADE,
    session_id uuid        NOT NULL,
    user_id    uuid        NOT NULL,
    attempts   integer     NOT NULL DEFAULT 0,
    due_at     timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX logout_notices_due ON logout_notices (due_at);
