-- +goose Up

-- Sign-ups whose address was not confirmed yet. An account is made, or joined to the tenant, when it is.
CREATE TABLE registrations (
    tenant_id       uuid        NOT NULL REFERENCES tenants,
    id              uuid        NOT NULL,
    email           text        NOT NULL CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
    display_name    text        NOT NULL CHECK (length(display_name) <= 128),
    language        text        NOT NULL CHECK (length(language) <= 8),
    timezone        text        NOT NULL CHECK (length(timezone) <= 64),
    birth_date      date,
    password_hash   text        NOT NULL,
    marketing       boolean     NOT NULL,
    guardian_email  text        NOT NULL CHECK (length(guardian_email) <= 254), -- who has consented for a minor
    consent_version text        NOT NULL CHECK (length(consent_version) BETWEEN 1 AND 32),
    token_hash      bytea       NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    used_at         timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX registrations_expired ON registrations (expires_at);
SELECT updspace_protect('registrations');
