-- +goose Up

-- A tenant as the issuer of badges: its name, as identity's events tell, and how many badges were given a place in its status lists.
CREATE TABLE issuers (
    tenant_id uuid    NOT NULL PRIMARY KEY,
    name      text    NOT NULL CHECK (char_length(name) <= 128), -- empty before identity's event
    badges    integer NOT NULL CHECK (badges >= 0)
);
SELECT updspace_protect('issuers');

-- The keys that badges are signed with. One of a tenant signs; it alone has its private half here, sealed.
CREATE TABLE badge_keys (
    tenant_id    uuid        NOT NULL,
    id           text        NOT NULL CHECK (char_length(id) <= 64), -- the thumbprint
    public       bytea       NOT NULL,
    private      bytea,
    seal_key     text        NOT NULL,
    created_at   timestamptz NOT NULL,
    retired_at   timestamptz,
    withdrawn_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT badge_keys_private CHECK ((private IS NOT NULL) = (retired_at IS NULL AND withdrawn_at IS NULL))
);
CREATE UNIQUE INDEX badge_keys_signing ON badge_keys (tenant_id) WHERE private IS NOT NULL;
SELECT updspace_protect('badge_keys');

-- Grants outside of the platform. The place in the status lists stays taken for good: without a grant, the badge is revoked.
CREATE TABLE badges (
    tenant_id      uuid        NOT NULL,
    id             uuid        NOT NULL, -- of the credential
    grant_id       uuid,                 -- null after the grant was forgotten or erased
    achievement_id uuid        NOT NULL,
    recipient_id   uuid        NOT NULL, -- the zero UUID after the grant was forgotten or erased
    subject        uuid        NOT NULL, -- what the badge calls its recipient
    list           integer     NOT NULL,
    place          integer     NOT NULL,
    name           text        NOT NULL CHECK (char_length(name) <= 128), -- of the recipient, as the recipient wants to be named
    language       text        NOT NULL,
    token_hash     bytea,
    token          bytea, -- sealed
    seal_key       text        NOT NULL,
    shared_at      timestamptz,
    credential     text        NOT NULL,
    digest         bytea       NOT NULL,
    key_id         text        NOT NULL,
    issued_at      timestamptz,
    created_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT badges_shared CHECK ((token IS NULL) = (shared_at IS NULL) AND (token IS NULL) = (token_hash IS NULL)),
    CONSTRAINT badges_issued CHECK ((credential = '') = (issued_at IS NULL)),
    CONSTRAINT badges_grant FOREIGN KEY (tenant_id, grant_id) REFERENCES grants (tenant_id, id) ON DELETE SET NULL (grant_id),
    CONSTRAINT badges_achievement FOREIGN KEY (tenant_id, achievement_id) REFERENCES achievements (tenant_id, id)
);
CREATE UNIQUE INDEX badges_of_grant ON badges (tenant_id, grant_id);
CREATE UNIQUE INDEX badges_place ON badges (tenant_id, list, place);
CREATE UNIQUE INDEX badges_token ON badges (tenant_id, token_hash);
CREATE INDEX badges_of_achievement ON badges (tenant_id, achievement_id);
CREATE INDEX badges_of_recipient ON badges (tenant_id, recipient_id, id);
-- The job that forgets what badges of forgotten grants say looks by this.
CREATE INDEX badges_to_forget ON badges (tenant_id) WHERE grant_id IS NULL AND recipient_id <> '00000000-0000-0000-0000-000000000000';
SELECT updspace_protect('badges');
