-- +goose Up

-- Accounts of games that members have linked, as identity tells of them. external_id is sealed. lease is held by the instance that reads.
CREATE TABLE account_links (
    tenant_id    uuid        NOT NULL,
    id           bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    user_id      uuid        NOT NULL,
    provider     text        NOT NULL CHECK (provider IN ('steam')),
    external_id  bytea       NOT NULL,
    seal_key     text        NOT NULL,
    enabled      boolean     NOT NULL,
    visibility   text        NOT NULL CHECK (visibility IN ('private', 'community')),
    linked_at    timestamptz NOT NULL,
    last_sync_at timestamptz,
    last_error   text        NOT NULL DEFAULT '',
    error_at     timestamptz,
    failures     integer     NOT NULL DEFAULT 0 CHECK (failures >= 0),
    next_sync_at timestamptz CHECK (enabled = (next_sync_at IS NOT NULL)),
    lease        uuid,
    leased_until timestamptz,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, user_id, provider)
);
CREATE INDEX account_links_due ON account_links (next_sync_at) WHERE enabled; -- of all tenants, for the job
SELECT updspace_protect('account_links');

-- The games of an account, as they were when it was read last.
CREATE TABLE account_games (
    tenant_id      uuid    NOT NULL,
    link_id        bigint  NOT NULL,
    app_id         bigint  NOT NULL CHECK (app_id > 0),
    name           text    NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    played         integer NOT NULL CHECK (played >= 0), -- minutes
    played_lately  integer NOT NULL CHECK (played_lately >= 0), -- minutes in two weeks
    last_played_at timestamptz,
    achieved       integer NOT NULL CHECK (achieved >= 0),
    achievements   integer NOT NULL CHECK (achievements >= 0),
    PRIMARY KEY (tenant_id, link_id, app_id),
    FOREIGN KEY (tenant_id, link_id) REFERENCES account_links (tenant_id, id) ON DELETE CASCADE
);
SELECT updspace_protect('account_games');

-- What is known of an account, as hashes: nothing comes again when its item is gone.
CREATE TABLE account_hashes (
    tenant_id uuid        NOT NULL,
    link_id   bigint      NOT NULL,
    hash      bytea       NOT NULL CHECK (octet_length(hash) = 32),
    seen_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, link_id, hash),
    FOREIGN KEY (tenant_id, link_id) REFERENCES account_links (tenant_id, id) ON DELETE CASCADE
);
SELECT updspace_protect('account_hashes');

-- How many calls all instances have made to a provider in the present minute. It belongs to no tenant.
CREATE TABLE provider_budgets (
    provider      text        PRIMARY KEY,
    minute        timestamptz NOT NULL,
    calls         integer     NOT NULL CHECK (calls >= 0),
    blocked_until timestamptz
);
