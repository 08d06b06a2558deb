-- +goose Up

-- Second factors and passkeys. They belong to the platform, as accounts do.
CREATE TABLE totp (
    user_id      uuid        PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    sealed       bytea       NOT NULL, -- the seed, under AES-256-GCM
    seal_key     text        NOT NULL,
    last_step    bigint      NOT NULL, -- of the last code that was taken: none is taken twice
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz
);

-- The codes of a user that have not been used. A code goes when it is used.
CREATE TABLE recovery_codes (
    user_id    uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
    code_hash  bytea       NOT NULL CHECK (length(code_hash) = 32),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);

-- What authenticators know users by: it stays the same as long as the account is there.
CREATE TABLE passkey_handles (
    user_id uuid  PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    handle  bytea NOT NULL UNIQUE CHECK (length(handle) = 64)
);

CREATE TABLE passkeys (
    id            uuid        PRIMARY KEY,
    user_id       uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
    credential_id bytea       NOT NULL CHECK (length(credential_id) BETWEEN 1 AND 1023),
    name          text        NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    alone         boolean     NOT NULL, -- signs in without a password
    sealed        bytea       NOT NULL, -- the credential record of WebAuthn, under AES-256-GCM
    seal_key      text        NOT NULL,
    sign_count    bigint      NOT NULL,
    created_at    timestamptz NOT NULL,
    last_used_at  timestamptz,
    CONSTRAINT passkeys_credential_key UNIQUE (credential_id)
);
CREATE INDEX passkeys_user ON passkeys (user_id, created_at);

-- What the service must know at the end of a ceremony that it has begun: of WebAuthn, or of the set-up of an authenticator app.
CREATE TABLE ceremonies (
    key_hash   bytea       PRIMARY KEY CHECK (length(key_hash) = 32),
    purpose    text        NOT NULL CHECK (length(purpose) <= 32),
    user_id    uuid        REFERENCES users ON DELETE CASCADE, -- null: the user is not known yet
    session_id uuid        REFERENCES sessions ON DELETE CASCADE,
    sealed     bytea       NOT NULL,
    seal_key   text        NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ceremonies_user ON ceremonies (user_id, expires_at);
CREATE INDEX ceremonies_session ON ceremonies (session_id);
CREATE INDEX ceremonies_expired ON ceremonies (expires_at);

-- Whether the user has shown more than a password.
ALTER TABLE sessions ADD COLUMN strong boolean NOT NULL DEFAULT false;
