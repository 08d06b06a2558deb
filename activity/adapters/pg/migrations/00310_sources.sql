-- +goose Up

-- Outside systems whose news come into the feed. config (the address that is asked) and secrets are sealed.
CREATE TABLE sources (
    tenant_id        uuid        NOT NULL,
    id               bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    kind             text        NOT NULL CHECK (kind IN ('webhook', 'minecraft', 'rss', 'discord')),
    name             text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    key              uuid        NOT NULL,
    public_key       text        NOT NULL DEFAULT '' CHECK ((kind = 'discord') = (public_key <> '')),
    config           bytea       NOT NULL,
    config_seal_key  text        NOT NULL,
    secrets          bytea,
    secrets_seal_key text        NOT NULL DEFAULT '',
    types            text[]      NOT NULL,
    scope_type       text        NOT NULL CHECK (scope_type IN ('TENANT', 'COMMUNITY', 'TEAM')),
    scope_id         uuid        NOT NULL,
    visibility       text        NOT NULL CHECK (visibility IN ('public', 'community', 'team')),
    active           boolean     NOT NULL,
    last_at          timestamptz,
    last_error       text        NOT NULL DEFAULT '',
    error_at         timestamptz,
    failures         integer     NOT NULL DEFAULT 0 CHECK (failures >= 0),
    next_at          timestamptz,
    leased_until     timestamptz,
    etag             text        NOT NULL DEFAULT '',
    last_modified    text        NOT NULL DEFAULT '',
    created_by       uuid,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, key)
);
SELECT updspace_protect('sources');

-- Messages that came lately, so that the same bytes are not taken twice, and so that they can be counted.
CREATE TABLE source_nonces (
    tenant_id   uuid        NOT NULL,
    source_id   bigint      NOT NULL,
    nonce       bytea       NOT NULL CHECK (octet_length(nonce) = 32),
    received_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, source_id, nonce),
    FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX source_nonces_rate ON source_nonces (tenant_id, source_id, received_at);
CREATE INDEX source_nonces_age ON source_nonces (received_at); -- for the retention of all tenants
SELECT updspace_protect('source_nonces');

-- What is known of a source, as hashes: an entry does not come again when its item is gone.
CREATE TABLE source_hashes (
    tenant_id uuid        NOT NULL,
    source_id bigint      NOT NULL,
    hash      bytea       NOT NULL CHECK (octet_length(hash) = 32),
    seen_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, source_id, hash),
    FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, id) ON DELETE CASCADE
);
SELECT updspace_protect('source_hashes');
