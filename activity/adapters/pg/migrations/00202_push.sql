-- +goose Up

-- The key by which the tenant's messages to browsers are signed (VAPID, RFC 8292). The private key is sealed.
CREATE TABLE push_keys (
    tenant_id   uuid  PRIMARY KEY,
    private_key bytea NOT NULL,
    seal_key    text  NOT NULL CHECK (char_length(seal_key) <= 64)
);
SELECT updspace_protect('push_keys');

-- Browsers that get messages. The subscription (endpoint and keys) is sealed: who knows it can send to the browser.
CREATE TABLE push_subscriptions (
    tenant_id     uuid        NOT NULL,
    id            uuid        NOT NULL,
    user_id       uuid        NOT NULL,
    endpoint_hash bytea       NOT NULL CHECK (octet_length(endpoint_hash) = 32),
    subscription  bytea       NOT NULL,
    seal_key      text        NOT NULL CHECK (char_length(seal_key) <= 64),
    language      text        NOT NULL CHECK (language IN ('en', 'ru')),
    browser       text        NOT NULL CHECK (char_length(browser) <= 120),
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT push_subscriptions_endpoint UNIQUE (tenant_id, endpoint_hash)
);
CREATE INDEX push_subscriptions_user ON push_subscriptions (tenant_id, user_id, id);
SELECT updspace_protect('push_subscriptions');

-- Messages to browsers that wait to be sent.
CREATE TABLE push_messages (
    tenant_id       uuid        NOT NULL,
    id              uuid        NOT NULL,
    subscription_id uuid        NOT NULL,
    message         jsonb       NOT NULL CHECK (jsonb_typeof(message) = 'object'),
    due_at          timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    attempts        integer     NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT push_messages_subscription FOREIGN KEY (tenant_id, subscription_id) REFERENCES push_subscriptions (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX push_messages_to ON push_messages (tenant_id, subscription_id);
CREATE INDEX push_messages_due ON push_messages (due_at); -- of all tenants
SELECT updspace_protect('push_messages');
