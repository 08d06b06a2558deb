-- +goose Up

-- Lengths and enumerations repeat the rules of events/domain, so that no other way in can break them. version counts the changes of
-- an event. Times on the wall clock are texts in the form of iCalendar: 20260310T193000, and 20260310 for whole days.
CREATE TABLE events (
    tenant_id        uuid        NOT NULL,
    id               uuid        NOT NULL,
    title            text        NOT NULL CHECK (char_length(title) BETWEEN 1 AND 255),
    description      text        NOT NULL CHECK (char_length(description) <= 10000),
    location_text    text        NOT NULL CHECK (char_length(location_text) <= 255),
    location_url     text        NOT NULL CHECK (char_length(location_url) <= 512),
    game_id          text        NOT NULL CHECK (char_length(game_id) <= 128),
    tags             text[]      NOT NULL CHECK (cardinality(tags) <= 10),
    status           text        NOT NULL CHECK (status IN ('draft', 'scheduled', 'cancelled')),
    cancel_reason    text        NOT NULL CHECK (char_length(cancel_reason) <= 500),
    scope_type       text        NOT NULL CHECK (scope_type IN ('TENANT', 'COMMUNITY', 'TEAM')),
    scope_id         uuid        NOT NULL,
    visibility       text        NOT NULL CHECK (visibility IN ('public', 'private')
                                      OR (visibility = 'community' AND scope_type IN ('COMMUNITY', 'TENANT'))
                                      OR (visibility = 'team' AND scope_type = 'TEAM')),
    starts           text        NOT NULL CHECK (char_length(starts) <= 15), -- on the wall clock of the zone
    zone             text        NOT NULL CHECK (char_length(zone) <= 64),
    duration_seconds bigint      NOT NULL CHECK (duration_seconds > 0),
    rule             text        NOT NULL CHECK (char_length(rule) <= 1000),
    rdates           text[]      NOT NULL CHECK (cardinality(rdates) <= 366),
    exdates          text[]      NOT NULL CHECK (cardinality(exdates) <= 366),
    continues        boolean     NOT NULL, -- the rule makes dates after the stored ones
    co_hosts         uuid[]      NOT NULL CHECK (cardinality(co_hosts) <= 20),
    hidden           boolean     NOT NULL, -- the community or team was deleted
    ical_uid         text        NOT NULL CHECK (char_length(ical_uid) <= 255),
    sequence         integer     NOT NULL,
    created_by       uuid        NOT NULL,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    version          integer     NOT NULL,
    search_text      text        NOT NULL, -- title, description, place and tags, folded (valid.Fold)
    access_type      text        NOT NULL GENERATED ALWAYS AS (scope_type) STORED, -- the scope in which access is asked
    access_id        uuid        NOT NULL GENERATED ALWAYS AS (scope_id) STORED,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT events_tenant_scope CHECK (scope_type <> 'TENANT' OR scope_id = tenant_id)
);
CREATE INDEX events_access_scope ON events (tenant_id, access_type, access_id, visibility);
CREATE INDEX events_author ON events (tenant_id, created_by);
CREATE INDEX events_co_hosts ON events USING gin (co_hosts) WHERE co_hosts <> '{}';
SELECT updspace_protect('events');

-- The dates of events. What a date has of its own replaces what the event has; null is that of the event.
CREATE TABLE occurrences (
    tenant_id     uuid        NOT NULL,
    id            uuid        NOT NULL,
    event_id      uuid        NOT NULL,
    recurrence_id text        NOT NULL CHECK (char_length(recurrence_id) <= 15), -- on the wall clock of the event's zone
    original_at   timestamptz NOT NULL, -- the instant of recurrence_id
    starts_at     timestamptz NOT NULL,
    ends_at       timestamptz NOT NULL,
    moved         boolean     NOT NULL,
    title         text        CHECK (char_length(title) BETWEEN 1 AND 255),
    description   text        CHECK (char_length(description) <= 10000),
    location_text text        CHECK (char_length(location_text) <= 255),
    location_url  text        CHECK (char_length(location_url) <= 512),
    cancelled     boolean     NOT NULL,
    cancel_reason text        NOT NULL CHECK (char_length(cancel_reason) <= 500),
    sequence      integer     NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT occurrences_range CHECK (ends_at > starts_at),
    -- An event that begins at another time moves all its dates at once, through places that others still have.
    CONSTRAINT occurrences_recurrence_id UNIQUE (tenant_id, event_id, recurrence_id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT occurrences_event FOREIGN KEY (tenant_id, event_id) REFERENCES events (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX occurrences_start ON occurrences (tenant_id, starts_at, id);
CREATE INDEX occurrences_end ON occurrences (tenant_id, ends_at);
CREATE INDEX occurrences_of_event ON occurrences (tenant_id, event_id, starts_at, id);
SELECT updspace_protect('occurrences');

-- The communities and teams that portal's events have told of.
SELECT updspace_create_groups();
