-- +goose Up

-- What tenants ask of people who apply.
CREATE TABLE application_forms (
    tenant_id  uuid        PRIMARY KEY REFERENCES tenants,
    questions  jsonb       NOT NULL CHECK (jsonb_array_length(questions) <= 10),
    version    bigint      NOT NULL,
    updated_at timestamptz NOT NULL
);
SELECT updspace_protect('application_forms');

CREATE TABLE applications (
    tenant_id    uuid        NOT NULL REFERENCES tenants,
    id           bigint      GENERATED ALWAYS AS IDENTITY,
    email        text        NOT NULL CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
    display_name text        NOT NULL CHECK (length(display_name) BETWEEN 1 AND 128),
    language     text        NOT NULL CHECK (length(language) <= 8),
    answers      jsonb       NOT NULL,
    status       text        NOT NULL CHECK (status IN ('pending', 'approved', 'rejected', 'withdrawn')),
    reason       text        NOT NULL DEFAULT '' CHECK (length(reason) <= 1000),
    created_at   timestamptz NOT NULL,
    reviewed_at  timestamptz,
    reviewed_by  uuid,
    expires_at   timestamptz NOT NULL, -- when it is deleted
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX applications_pending ON applications (tenant_id, email) WHERE status = 'pending';
CREATE INDEX applications_status ON applications (tenant_id, status, id DESC);
CREATE INDEX applications_expired ON applications (expires_at);
SELECT updspace_protect('applications');

CREATE TABLE invitations (
    tenant_id      uuid        NOT NULL REFERENCES tenants,
    id             uuid        NOT NULL,
    kind           text        NOT NULL CHECK (kind IN ('application', 'invitation')),
    email          text        NOT NULL CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
    display_name   text        NOT NULL DEFAULT '' CHECK (length(display_name) <= 128),
    language       text        NOT NULL CHECK (length(language) <= 8),
    application_id bigint,
    invited_by     uuid,
    token_hash     bytea       NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at     timestamptz NOT NULL,
    sent_at        timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    accepted_at    timestamptz,
    revoked_at     timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX invitations_waiting ON invitations (tenant_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE UNIQUE INDEX invitations_application ON invitations (tenant_id, application_id) WHERE application_id IS NOT NULL;
CREATE INDEX invitations_expired ON invitations (expires_at);
SELECT updspace_protect('invitations');
