-- +goose Up

-- What people were told. The sight columns say who may see the subject; permission is empty where it concerns the person alone.
CREATE TABLE notifications (
    tenant_id   uuid        NOT NULL,
    id          uuid        NOT NULL,
    user_id     uuid        NOT NULL,
    kind        text        NOT NULL,
    subject_ref text        NOT NULL CHECK (char_length(subject_ref) <= 255),
    group_key   text        NOT NULL CHECK (char_length(group_key) <= 255), -- of what is one notification while it is unread; empty: it stands alone
    actor_ids   uuid[]      NOT NULL CHECK (cardinality(actor_ids) <= 3),
    actor_count integer     NOT NULL CHECK (actor_count >= 0),
    permission  text        NOT NULL,
    access_type text        NOT NULL CHECK (access_type IN ('', 'TENANT', 'COMMUNITY', 'TEAM')),
    access_id   uuid        NOT NULL,
    visibility  text        NOT NULL CHECK (visibility IN ('', 'public', 'community', 'team', 'private')),
    scope_type  text        NOT NULL CHECK (scope_type IN ('', 'TENANT', 'COMMUNITY', 'TEAM')),
    scope_id    uuid        NOT NULL,
    title       text        NOT NULL CHECK (char_length(title) <= 256),
    details     jsonb       NOT NULL CHECK (jsonb_typeof(details) = 'object'),
    link        text        NOT NULL CHECK (char_length(link) <= 512),
    created_at  timestamptz NOT NULL,
    told_at     timestamptz NOT NULL, -- the latest cause
    read_at     timestamptz,
    shown       boolean     NOT NULL, -- in the inbox; else it waits for a digest only
    in_digest   boolean     NOT NULL, -- waits for the next digest
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX notifications_inbox ON notifications (tenant_id, user_id, told_at DESC, id DESC) WHERE shown;
CREATE INDEX notifications_unread ON notifications (tenant_id, user_id, told_at DESC, id DESC) WHERE shown AND read_at IS NULL;
CREATE UNIQUE INDEX notifications_group ON notifications (tenant_id, user_id, group_key) WHERE group_key <> '' AND read_at IS NULL;
CREATE INDEX notifications_subject ON notifications (tenant_id, subject_ref);
CREATE INDEX notifications_digest ON notifications (tenant_id, user_id, told_at) WHERE in_digest;
CREATE INDEX notifications_export ON notifications (tenant_id, user_id, id);
CREATE INDEX notifications_told ON notifications (told_at); -- of all tenants, for retention
SELECT updspace_protect('notifications');

-- Each cause that a person was told of: the key by which it happens once. It outlives the notification, which its person may delete.
CREATE TABLE notification_causes (
    tenant_id       uuid        NOT NULL,
    user_id         uuid        NOT NULL,
    cause           text        NOT NULL CHECK (char_length(cause) BETWEEN 1 AND 255),
    notification_id uuid,
    actor_id        uuid,
    told_at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id, cause)
);
CREATE INDEX notification_causes_cause ON notification_causes (tenant_id, cause);
CREATE INDEX notification_causes_notification ON notification_causes (tenant_id, notification_id);
CREATE INDEX notification_causes_actor ON notification_causes (tenant_id, actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX notification_causes_told ON notification_causes (told_at); -- of all tenants, for retention
SELECT updspace_protect('notification_causes');

-- Notices that wait until they are due, or are told to many people in batches: after_user is how far it has come.
CREATE TABLE notices (
    tenant_id     uuid        NOT NULL,
    id            uuid        NOT NULL,
    cause         text        NOT NULL CHECK (char_length(cause) BETWEEN 1 AND 255),
    kind          text        NOT NULL,
    subject_ref   text        NOT NULL CHECK (char_length(subject_ref) <= 255),
    group_key     text        NOT NULL CHECK (char_length(group_key) <= 255),
    actor_id      uuid,
    audience      text        NOT NULL CHECK (audience IN ('named', 'members', 'attendees')),
    user_ids      uuid[]      NOT NULL CHECK (cardinality(user_ids) <= 100),
    event_id      uuid        NOT NULL,
    occurrence_id uuid        NOT NULL,
    permission    text        NOT NULL,
    access_type   text        NOT NULL CHECK (access_type IN ('', 'TENANT', 'COMMUNITY', 'TEAM')),
    access_id     uuid        NOT NULL,
    visibility    text        NOT NULL CHECK (visibility IN ('', 'public', 'community', 'team', 'private')),
    scope_type    text        NOT NULL CHECK (scope_type IN ('', 'TENANT', 'COMMUNITY', 'TEAM')),
    scope_id      uuid        NOT NULL,
    title         text        NOT NULL CHECK (char_length(title) <= 256),
    details       jsonb       NOT NULL CHECK (jsonb_typeof(details) = 'object'),
    link          text        NOT NULL CHECK (char_length(link) <= 512),
    due_at        timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    after_user    uuid        NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT notices_cause UNIQUE (tenant_id, cause)
);
CREATE INDEX notices_subject ON notices (tenant_id, subject_ref);
CREATE INDEX notices_actor ON notices (tenant_id, actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX notices_due ON notices (due_at); -- of all tenants
SELECT updspace_protect('notices');

-- Who belongs to the tenant, to its communities and teams, as identity and portal tell.
CREATE TABLE notification_members (
    tenant_id    uuid NOT NULL,
    scope_type   text NOT NULL CHECK (scope_type IN ('TENANT', 'COMMUNITY', 'TEAM')),
    scope_id     uuid NOT NULL,
    user_id      uuid NOT NULL,
    community_id uuid NOT NULL, -- of a community or a team
    PRIMARY KEY (tenant_id, scope_type, scope_id, user_id)
);
CREATE INDEX notification_members_user ON notification_members (tenant_id, user_id);
CREATE INDEX notification_members_account ON notification_members (user_id) WHERE scope_type = 'TENANT'; -- of all tenants
CREATE INDEX notification_members_community ON notification_members (tenant_id, community_id);
SELECT updspace_protect('notification_members');

-- Who comes to an event, or is interested, as the events service tells. The zero id stands for all its dates.
CREATE TABLE notification_attendees (
    tenant_id     uuid NOT NULL,
    event_id      uuid NOT NULL,
    user_id       uuid NOT NULL,
    occurrence_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, event_id, user_id, occurrence_id)
);
CREATE INDEX notification_attendees_user ON notification_attendees (tenant_id, user_id);
SELECT updspace_protect('notification_attendees');

-- What identity tells of accounts: the name by which they are mentioned, and whether they may not sign in. They belong to no tenant.
CREATE TABLE notification_accounts (
    user_id  uuid    PRIMARY KEY,
    username text    NOT NULL CHECK (char_length(username) <= 150), -- folded to lower case; empty: not known
    blocked  boolean NOT NULL
);
CREATE INDEX notification_accounts_username ON notification_accounts (username) WHERE username <> '';

-- What people have chosen, where it differs from the rule of the kind.
CREATE TABLE notification_choices (
    tenant_id uuid    NOT NULL,
    user_id   uuid    NOT NULL,
    kind      text    NOT NULL,
    channel   text    NOT NULL CHECK (channel IN ('in_app', 'email', 'push')),
    enabled   boolean NOT NULL,
    PRIMARY KEY (tenant_id, user_id, kind, channel)
);
SELECT updspace_protect('notification_choices');

CREATE TABLE notification_settings (
    tenant_id      uuid    NOT NULL,
    user_id        uuid    NOT NULL,
    frequency      text    NOT NULL CHECK (frequency IN ('at_once', 'daily', 'weekly')),
    digest_hour    integer NOT NULL CHECK (digest_hour BETWEEN 0 AND 23),
    digest_weekday integer NOT NULL CHECK (digest_weekday BETWEEN 0 AND 6),
    time_zone      text    NOT NULL CHECK (char_length(time_zone) <= 64),
    next_digest    timestamptz,
    PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX notification_settings_next ON notification_settings (next_digest) WHERE next_digest IS NOT NULL; -- of all tenants
SELECT updspace_protect('notification_settings');

CREATE TABLE notification_mutes (
    tenant_id  uuid NOT NULL,
    user_id    uuid NOT NULL,
    scope_type text NOT NULL CHECK (scope_type IN ('COMMUNITY', 'TEAM')),
    scope_id   uuid NOT NULL,
    until      timestamptz, -- null: for good
    PRIMARY KEY (tenant_id, user_id, scope_type, scope_id)
);
SELECT updspace_protect('notification_mutes');
