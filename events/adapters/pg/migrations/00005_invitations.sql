-- +goose Up

-- Who is invited to an event. user_id is whose answers are meant: a member, or for an address an id of its own. The token of the links
-- is sealed, because every mail has it again, and found by its hash.
CREATE TABLE invitations (
    tenant_id   uuid        NOT NULL,
    id          uuid        NOT NULL,
    event_id    uuid        NOT NULL,
    user_id     uuid        NOT NULL,
    guest       boolean     NOT NULL, -- known by the address only
    address     text        NOT NULL CHECK (char_length(address) <= 254 AND (guest OR address = '')),
    slug        text        NOT NULL CHECK (char_length(slug) <= 128), -- of the tenant, for the links
    token_hash  bytea,      -- null when the address was forgotten
    token       bytea,
    seal_key    text        NOT NULL CHECK (char_length(seal_key) <= 64),
    invited_by  uuid        NOT NULL,
    invited_at  timestamptz NOT NULL,
    batch       uuid        NOT NULL, -- of the request that invited
    withdrawn   boolean     NOT NULL,
    told        integer     NOT NULL, -- the sequence of the event in the last mail; -1 before the first
    mail_method text        NOT NULL CHECK (mail_method IN ('', 'request', 'cancel')),
    mail_dates  uuid[]      NOT NULL CHECK (cardinality(mail_dates) <= 1000), -- cancelled on their own since the last mail
    mail_due    timestamptz, -- null without a mail that waits
    delivery    text        NOT NULL CHECK (delivery IN ('waiting', 'queued', 'sent', 'failed')),
    failure     text        NOT NULL CHECK (failure IN ('', 'unsubscribed', 'no_recipient', 'not_accepted')),
    message_id  uuid        NOT NULL, -- of the last mail
    mailed_at   timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT invitations_person UNIQUE (tenant_id, event_id, user_id),
    CONSTRAINT invitations_event FOREIGN KEY (tenant_id, event_id) REFERENCES events (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX invitations_address ON invitations (tenant_id, event_id, address) WHERE address <> '';
CREATE INDEX invitations_latest ON invitations (tenant_id, event_id, id);
CREATE INDEX invitations_user ON invitations (tenant_id, user_id);
CREATE INDEX invitations_author ON invitations (tenant_id, invited_by, invited_at);
CREATE INDEX invitations_message ON invitations (tenant_id, message_id);
CREATE UNIQUE INDEX invitations_token ON invitations (token_hash); -- of all tenants: a link names none
CREATE INDEX invitations_due ON invitations (mail_due) WHERE mail_due IS NOT NULL; -- of all tenants
CREATE INDEX invitations_addresses ON invitations (event_id) WHERE address <> ''; -- of all tenants
SELECT updspace_protect('invitations');

-- The members of communities and teams, as portal's events tell of them.
CREATE TABLE members (
    tenant_id  uuid NOT NULL,
    scope_type text NOT NULL CHECK (scope_type IN ('COMMUNITY', 'TEAM')),
    scope_id   uuid NOT NULL,
    user_id    uuid NOT NULL,
    PRIMARY KEY (tenant_id, scope_type, scope_id, user_id)
);
CREATE INDEX members_user ON members (tenant_id, user_id);
SELECT updspace_protect('members');

-- The mails that were answered to an invitation: each counts once.
CREATE TABLE inbound_mails (
    tenant_id    uuid        NOT NULL,
    message_hash bytea       NOT NULL CHECK (octet_length(message_hash) = 32), -- of the Message-ID
    received_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, message_hash)
);
CREATE INDEX inbound_mails_received ON inbound_mails (received_at); -- of all tenants, for retention
SELECT updspace_protect('inbound_mails');
