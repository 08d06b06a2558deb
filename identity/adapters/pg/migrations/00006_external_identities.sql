-- +goose Up

-- Accounts of users at other services. They belong to the platform, as accounts do.
CREATE TABLE external_identities (
    user_id   uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
    provider  text        NOT NULL CHECK (provider ~ '^[a-z][a-z0-9-]{0,31}$'),
    subject   text        NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
    label     text        NOT NULL DEFAULT '' CHECK (length(label) <= 128),
    linked_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, provider),
    CONSTRAINT external_identities_subject_key UNIQUE (provider, subject) -- finds the user of an account, too
);

-- Browsers on their way to a provider and back.
CREATE TABLE external_identity_flows (
    state_hash bytea       PRIMARY KEY CHECK (length(state_hash) = 32),
    session_id uuid        NOT NULL REFERENCES sessions ON DELETE CASCADE,
    provider   text        NOT NULL CHECK (length(provider) <= 32),
    next       text        NOT NULL CHECK (length(next) <= 8192),
    sealed     bytea       NOT NULL, -- PKCE's verifier and the nonce, under AES-256-GCM
    seal_key   text        NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX external_identity_flows_session ON external_identity_flows (session_id, expires_at);
CREATE INDEX external_identity_flows_expired ON external_identity_flows (expires_at);
