-- +goose Up

-- Who is a member of a tenant, as identity's events tell.
CREATE TABLE members (
    tenant_id uuid    NOT NULL,
    user_id   uuid    NOT NULL,
    active    boolean NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);
SELECT updspace_protect('members');

-- Who has which achievement. A grant that was revoked or has expired stays as history.
CREATE TABLE grants (
    tenant_id      uuid        NOT NULL,
    id             uuid        NOT NULL,
    achievement_id uuid        NOT NULL,
    recipient_id   uuid        NOT NULL,
    issuer_id      uuid        NOT NULL, -- the zero UUID after the issuer was erased
    reason         text        NOT NULL CHECK (char_length(reason) <= 1000),
    visibility     text        NOT NULL CHECK (visibility IN ('public', 'private')),
    single         boolean     NOT NULL, -- the member has one at a time
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz,
    ended_at       timestamptz,
    revoked_at     timestamptz,
    revoked_by     uuid,
    revoke_reason  text        NOT NULL CHECK (char_length(revoke_reason) <= 1000),
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT grants_revoked CHECK (revoked_at IS NULL OR ended_at IS NOT NULL),
    CONSTRAINT grants_not_to_oneself CHECK (recipient_id <> issuer_id),
    CONSTRAINT grants_achievement FOREIGN KEY (tenant_id, achievement_id) REFERENCES achievements (tenant_id, id)
);
CREATE UNIQUE INDEX grants_single ON grants (tenant_id, achievement_id, recipient_id) WHERE single AND ended_at IS NULL;
CREATE INDEX grants_of_achievement ON grants (tenant_id, achievement_id, created_at DESC, id DESC);
CREATE INDEX grants_of_recipient ON grants (tenant_id, recipient_id, created_at DESC, id DESC);
CREATE INDEX grants_of_issuer ON grants (tenant_id, issuer_id, created_at);
CREATE INDEX grants_due ON grants (expires_at) WHERE ended_at IS NULL AND expires_at IS NOT NULL;
SELECT updspace_protect('grants');
