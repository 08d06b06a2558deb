-- +goose Up

-- What administrators say of a client.
ALTER TABLE oidc_clients
    ADD COLUMN keys_uri text NOT NULL DEFAULT '' CHECK (length(keys_uri) <= 2048), -- where the client publishes its keys
    ADD COLUMN origins text[] NOT NULL DEFAULT '{}', -- pages of a public client that may call the provider, beside those of its redirect URIs
    ADD COLUMN disabled_at timestamptz; -- since then the client is not answered
