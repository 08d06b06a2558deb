-- +goose Up

-- Accounts, sessions, clients and keys belong to the platform and not to a
-- tenant, so those tables have no tenant_id and no row-level security. Tables
-- with a tenant_id have both.

CREATE TABLE users (
    id                  uuid        PRIMARY KEY,
    email               text        NOT NULL CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
    email_verified      boolean     NOT NULL DEFAULT false,
    username            text        NOT NULL DEFAULT '' CHECK (length(username) <= 150),
    display_name        text        NOT NULL DEFAULT '' CHECK (length(display_name) <= 128),
    first_name          text        NOT NULL DEFAULT '' CHECK (length(first_name) <= 150),
    last_name           text        NOT NULL DEFAULT '' CHECK (length(last_name) <= 150),
    phone               text        CHECK (length(phone) <= 32),
    phone_verified      boolean     NOT NULL DEFAULT false,
    birth_date          date,
    language            text        NOT NULL DEFAULT 'en' CHECK (length(language) <= 8),
    timezone            text        NOT NULL DEFAULT '' CHECK (length(timezone) <= 64),
    status              text        NOT NULL CHECK (status IN ('active', 'suspended', 'banned', 'migrated_unclaimed')),
    system_admin        boolean     NOT NULL DEFAULT false,
    password_hash       text        NOT NULL DEFAULT '',
    sessions_valid_from timestamptz NOT NULL,
    demo                boolean     NOT NULL DEFAULT false, -- made by SeedDemo; production refuses to start with one
    created_at          timestamptz NOT NULL,
    CONSTRAINT users_email_key UNIQUE (email)
);
CREATE INDEX users_demo ON users (id) WHERE demo;

CREATE TABLE tenants (
    id         uuid        PRIMARY KEY,
    slug       text        NOT NULL CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    name       text        NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    created_at timestamptz NOT NULL,
    closed_at  timestamptz,
    CONSTRAINT tenants_slug_key UNIQUE (slug)
);

CREATE TABLE memberships (
    tenant_id  uuid        NOT NULL REFERENCES tenants,
    user_id    uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
    status     text        NOT NULL CHECK (status IN ('active', 'disabled')),
    base_role  text        NOT NULL CHECK (length(base_role) BETWEEN 1 AND 64),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX memberships_user ON memberships (user_id);
SELECT updspace_protect('memberships');

CREATE TABLE sessions (
    id             uuid        PRIMARY KEY,
    user_id        uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
    token_hash     bytea       NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    method         text        NOT NULL CHECK (length(method) <= 32),
    ip             text        NOT NULL DEFAULT '' CHECK (length(ip) <= 64),
    user_agent     text        NOT NULL DEFAULT '' CHECK (length(user_agent) <= 512),
    created_at     timestamptz NOT NULL,
    authenticated_at timestamptz NOT NULL, -- auth_time: when the user last proved who they are
    expires_at     timestamptz NOT NULL,
    revoked_at     timestamptz,
    revoked_reason text        NOT NULL DEFAULT ''
);
CREATE INDEX sessions_user ON sessions (user_id, created_at);
CREATE INDEX sessions_expired ON sessions (expires_at);

CREATE TABLE magic_links (
    tenant_id       uuid        NOT NULL REFERENCES tenants,
    id              uuid        NOT NULL,
    user_id         uuid        REFERENCES users ON DELETE CASCADE, -- null: asked for an address that cannot sign in
    token_hash      bytea       NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    browser_hash    bytea       NOT NULL CHECK (length(browser_hash) = 32), -- of the browser that asked
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    used_at         timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK (used_at IS NULL OR user_id IS NOT NULL)
);
CREATE INDEX magic_links_expired ON magic_links (expires_at);
SELECT updspace_protect('magic_links');

-- Mails on their way. They hold links that sign people in, so they are sealed.
CREATE TABLE mail_queue (
    id         uuid        PRIMARY KEY,
    sealed     bytea       NOT NULL,
    seal_key   text        NOT NULL,
    attempts   integer     NOT NULL DEFAULT 0,
    due_at     timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    discarded  boolean     NOT NULL DEFAULT false,
    last_error text        NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL
);
CREATE INDEX mail_queue_due ON mail_queue (due_at) WHERE NOT discarded;
CREATE INDEX mail_queue_expired ON mail_queue (expires_at);
