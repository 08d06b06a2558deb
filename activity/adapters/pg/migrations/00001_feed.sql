-- +goose Up

-- Communities and teams, as portal's events tell of them.
SELECT updspace_create_groups();

-- One row per source. A retracted row keeps only what decides whether a change that arrives late counts.
CREATE TABLE items (
    tenant_id   uuid        NOT NULL,
    id          bigint      GENERATED ALWAYS AS IDENTITY,
    source_ref  text        NOT NULL CHECK (char_length(source_ref) BETWEEN 1 AND 255),
    parent_ref  text        NOT NULL CHECK (char_length(parent_ref) <= 255), -- of the source that this one is about; or empty
    retracted   boolean     NOT NULL,
    type        text        NOT NULL,
    actor_id    uuid,
    target_id   uuid,
    occurred_at timestamptz NOT NULL,
    changed_at  timestamptz NOT NULL,
    title       text        NOT NULL CHECK (char_length(title) <= 256),
    payload     jsonb       NOT NULL CHECK (jsonb_typeof(payload) = 'object'),
    visibility  text        NOT NULL CHECK (visibility IN ('public', 'community', 'team', 'private')),
    scope_type  text        NOT NULL CHECK (scope_type IN ('TENANT', 'COMMUNITY', 'TEAM')),
    scope_id    uuid        NOT NULL,
    link        text        NOT NULL CHECK (char_length(link) <= 512),
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT items_source UNIQUE (tenant_id, source_ref),
    CHECK (NOT retracted OR parent_ref = '' AND actor_id IS NULL AND target_id IS NULL AND title = '' AND payload = '{}' AND link = '')
);
CREATE INDEX items_feed ON items (tenant_id, occurred_at DESC, id DESC) WHERE NOT retracted;
CREATE INDEX items_type ON items (tenant_id, type, occurred_at DESC, id DESC) WHERE NOT retracted;
CREATE INDEX items_scope ON items (tenant_id, scope_id, occurred_at DESC, id DESC) WHERE NOT retracted;
CREATE INDEX items_actor ON items (tenant_id, actor_id, id) WHERE actor_id IS NOT NULL;
CREATE INDEX items_target ON items (tenant_id, target_id, id) WHERE target_id IS NOT NULL;
CREATE INDEX items_parent ON items (tenant_id, parent_ref) WHERE parent_ref <> '';
CREATE INDEX items_retracted ON items (changed_at) WHERE retracted;
CREATE INDEX items_age ON items USING brin (occurred_at); -- for the retention
SELECT updspace_protect('items');

-- The scopes that a member limits the feed to.
CREATE TABLE subscriptions (
    tenant_id uuid   NOT NULL,
    id        bigint GENERATED ALWAYS AS IDENTITY,
    user_id   uuid   NOT NULL,
    scopes    jsonb  NOT NULL CHECK (jsonb_typeof(scopes) = 'array' AND jsonb_array_length(scopes) <= 100),
    PRIMARY KEY (tenant_id, user_id)
);
SELECT updspace_protect('subscriptions');

-- Up to when a member has read the feed.
CREATE TABLE feed_reads (
    tenant_id uuid        NOT NULL,
    user_id   uuid        NOT NULL,
    read_to   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);
SELECT updspace_protect('feed_reads');
