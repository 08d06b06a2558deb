-- +goose Up

-- What is mailed to the owner of an account to be used once: to set a password, to confirm an address, to undo its change.
CREATE TABLE account_tokens (
    id         uuid        PRIMARY KEY,
    kind       text        NOT NULL CHECK (kind IN ('password_reset', 'email_change', 'email_undo')),
    user_id    uuid        REFERENCES users ON DELETE CASCADE, -- null: asked for an address that has no account; it cannot be used
    session_id uuid,                                           -- that asked, and goes on
    email      text        NOT NULL DEFAULT '' CHECK (email = lower(email) AND length(email) <= 254), -- that the account gets
    token_hash bytea       NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX account_tokens_user ON account_tokens (user_id, kind);
CREATE INDEX account_tokens_expired ON account_tokens (expires_at);
