-- +goose Up

-- What a client chooses for itself.
ALTER TABLE oidc_clients
    ADD COLUMN pkce_optional boolean NOT NULL DEFAULT false, -- only of clients that authenticate
    ADD COLUMN pairwise_salt bytea CHECK (length(pairwise_salt) = 32), -- null: the client sees the ids of users
    ADD COLUMN keys text[] NOT NULL DEFAULT '{}', -- for private_key_jwt: algorithm, key id and PKIX in base64
    DROP CONSTRAINT oidc_clients_algorithm_check,
    ADD CONSTRAINT oidc_clients_algorithm_check CHECK (algorithm IN ('ES256', 'RS256', 'EdDSA'));

ALTER TABLE signing_keys
    DROP CONSTRAINT signing_keys_algorithm_check,
    ADD CONSTRAINT signing_keys_algorithm_check CHECK (algorithm IN ('ES256', 'RS256', 'EdDSA'));

-- How surely the user was known at auth_time.
ALTER TABLE oidc_requests ADD COLUMN acr text NOT NULL DEFAULT '';
ALTER TABLE oidc_codes ADD COLUMN acr text NOT NULL DEFAULT '';
ALTER TABLE oidc_grants ADD COLUMN acr text NOT NULL DEFAULT '';

-- The answer to a refresh, sealed, for a client that did not get it and asks again at once.
ALTER TABLE oidc_refresh_tokens
    ADD COLUMN answer bytea,
    ADD COLUMN seal_key text NOT NULL DEFAULT '';
CREATE INDEX oidc_refresh_tokens_answered ON oidc_refresh_tokens (used_at) WHERE answer IS NOT NULL;

-- Assertions by which clients have authenticated, so that none is accepted twice.
CREATE TABLE oidc_assertions (
    id_hash    bytea       PRIMARY KEY CHECK (length(id_hash) = 32), -- of the client's id and the assertion's jti
    expires_at timestamptz NOT NULL
);
CREATE INDEX oidc_assertions_expired ON oidc_assertions (expires_at);
