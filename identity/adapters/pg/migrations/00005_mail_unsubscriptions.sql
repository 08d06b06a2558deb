-- +goose Up

-- Who gets no mails of a kind from a tenant: a user, or an address without an account, by its hash.
CREATE TABLE mail_unsubscriptions (
    tenant_id    uuid        NOT NULL REFERENCES tenants,
    user_id      uuid        REFERENCES users ON DELETE CASCADE,
    address_hash bytea       CHECK (length(address_hash) = 32),
    kind         text        NOT NULL CHECK (length(kind) BETWEEN 3 AND 64),
    created_at   timestamptz NOT NULL,
    CHECK (num_nonnulls(user_id, address_hash) = 1)
);
CREATE UNIQUE INDEX mail_unsubscriptions_user ON mail_unsubscriptions (tenant_id, user_id, kind) WHERE user_id IS NOT NULL;
CREATE UNIQUE INDEX mail_unsubscriptions_address ON mail_unsubscriptions (tenant_id, address_hash, kind) WHERE address_hash IS NOT NULL;
CREATE INDEX mail_unsubscriptions_erased ON mail_unsubscriptions (user_id) WHERE user_id IS NOT NULL; -- for the cascade
SELECT updspace_protect('mail_unsubscriptions');
