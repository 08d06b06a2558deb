-- +goose Up

-- What users ask of the platform about their data: an export, or the deletion of the account. A deletion outlives the account, for its receipt, and
-- keeps only the hash of the user's id.
CREATE TABLE data_requests (
    id           uuid        PRIMARY KEY,
    kind         text        NOT NULL CHECK (kind IN ('export', 'deletion')),
    state        text        NOT NULL CHECK (state IN ('waiting', 'running', 'sweeping', 'ready', 'done', 'canceled')),
    user_id      uuid,       -- null: the user is gone
    user_hash    text        NOT NULL CHECK (length(user_hash) = 64),
    reason       text        NOT NULL DEFAULT '' CHECK (length(reason) <= 256),
    parts_total  integer     NOT NULL DEFAULT 0,
    attempts     integer     NOT NULL DEFAULT 0,
    requested_at timestamptz NOT NULL,
    due_at       timestamptz NOT NULL,
    finished_at  timestamptz,
    expires_at   timestamptz NOT NULL
);
CREATE UNIQUE INDEX data_requests_open ON data_requests (user_id, kind) WHERE state IN ('waiting', 'running', 'sweeping');
CREATE INDEX data_requests_user ON data_requests (user_id, kind, requested_at DESC);
CREATE INDEX data_requests_due ON data_requests (due_at) WHERE state IN ('waiting', 'running', 'sweeping');
CREATE INDEX data_requests_expired ON data_requests (expires_at);

-- What a service has answered in a community: for the progress, and as the receipt.
CREATE TABLE data_request_parts (
    request_id uuid    NOT NULL REFERENCES data_requests ON DELETE CASCADE,
    tenant     text    NOT NULL CHECK (length(tenant) <= 63), -- its slug
    service    text    NOT NULL CHECK (service ~ '^[a-z]{1,32}$'),
    state      text    NOT NULL CHECK (state IN ('more', 'done', 'missing')),
    counts     jsonb   NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(counts) = 'object'),
    PRIMARY KEY (request_id, tenant, service)
);

-- The content of an export.
CREATE TABLE data_export_pages (
    request_id uuid    NOT NULL REFERENCES data_requests ON DELETE CASCADE,
    tenant     text    NOT NULL,
    service    text    NOT NULL,
    page       integer NOT NULL,
    sealed     bytea   NOT NULL, -- JSON, under AES-256-GCM
    seal_key   text    NOT NULL,
    PRIMARY KEY (request_id, tenant, service, page)
);
