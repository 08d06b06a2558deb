-- +goose Up

-- Where a tenant's events are sent. Addresses, which may hold a token of the receiver, and secrets are sealed; Discord has no secret.
-- lease is held by the instance that sends.
CREATE TABLE webhook_endpoints (
    tenant_id       uuid        NOT NULL,
    id              uuid        NOT NULL,
    name            text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    url             bytea       NOT NULL,
    url_seal_key    text        NOT NULL,
    types           text[]      NOT NULL CHECK (cardinality(types) BETWEEN 1 AND 100),
    format          text        NOT NULL CHECK (format IN ('standard', 'discord')),
    language        text        NOT NULL CHECK (language IN ('en', 'ru')),
    scope_type      text        NOT NULL CHECK (scope_type IN ('TENANT', 'COMMUNITY', 'TEAM')),
    scope_id        uuid        NOT NULL,
    state           text        NOT NULL CHECK (state IN ('active', 'paused', 'disabled')),
    disabled_reason text        NOT NULL DEFAULT '' CHECK ((state = 'disabled') = (disabled_reason <> '')),
    secrets         bytea       CHECK ((format = 'standard') = (secrets IS NOT NULL)),
    seal_key        text        NOT NULL DEFAULT '',
    failures        integer     NOT NULL DEFAULT 0 CHECK (failures >= 0),
    failing_since   timestamptz,
    rest_until      timestamptz,
    lease           uuid,
    leased_until    timestamptz,
    turn_at         timestamptz,
    created_by      uuid,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
SELECT updspace_protect('webhook_endpoints');

-- One row for each event and endpoint; also the log that administrators read. people are the users whom the body names.
CREATE TABLE webhook_deliveries (
    tenant_id   uuid        NOT NULL,
    id          uuid        NOT NULL,
    endpoint_id uuid        NOT NULL,
    event_id    uuid        NOT NULL,
    type        text        NOT NULL,
    body        bytea       NOT NULL,
    people      uuid[]      NOT NULL,
    state       text        NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
    attempts    integer     NOT NULL DEFAULT 0,
    round       integer     NOT NULL DEFAULT 0,
    due_at      timestamptz NOT NULL,
    last_status integer     NOT NULL DEFAULT 0,
    last_reason text        NOT NULL DEFAULT '',
    last_at     timestamptz,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, endpoint_id, event_id),
    FOREIGN KEY (tenant_id, endpoint_id) REFERENCES webhook_endpoints (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX webhook_deliveries_log ON webhook_deliveries (tenant_id, endpoint_id, id DESC);
CREATE INDEX webhook_deliveries_state ON webhook_deliveries (tenant_id, endpoint_id, state, id DESC);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (tenant_id, endpoint_id, due_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (created_at); -- for the retention of all tenants
SELECT updspace_protect('webhook_deliveries');

CREATE TABLE webhook_attempts (
    tenant_id   uuid        NOT NULL,
    delivery_id uuid        NOT NULL,
    number      integer     NOT NULL,
    at          timestamptz NOT NULL,
    status      integer     NOT NULL,
    reason      text        NOT NULL,
    took_ms     integer     NOT NULL,
    PRIMARY KEY (tenant_id, delivery_id, number),
    FOREIGN KEY (tenant_id, delivery_id) REFERENCES webhook_deliveries (tenant_id, id) ON DELETE CASCADE
);
SELECT updspace_protect('webhook_attempts');
