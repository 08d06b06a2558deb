-- +goose Up

-- Enumerations repeat the rules of gamification/domain. An achievement is shown to those who may read in the tenant, or to the members
-- of its community or team; visibility follows from the scope. Numbers are 0 where there is no limit.
CREATE TABLE achievements (
    tenant_id          uuid        NOT NULL,
    id                 uuid        NOT NULL,
    names              jsonb       NOT NULL CHECK (jsonb_typeof(names) = 'object'), -- by language
    description        text        NOT NULL CHECK (char_length(description) <= 2000),
    descriptions       jsonb       NOT NULL CHECK (jsonb_typeof(descriptions) = 'object'), -- by language
    category_id        uuid        NOT NULL,
    status             text        NOT NULL CHECK (status IN ('draft', 'published', 'hidden', 'archived')),
    image_small        text        NOT NULL CHECK (char_length(image_small) <= 2048),
    image_medium       text        NOT NULL CHECK (char_length(image_medium) <= 2048),
    image_large        text        NOT NULL CHECK (char_length(image_large) <= 2048),
    image_alt          text        NOT NULL CHECK (char_length(image_alt) <= 300),
    tier               text        NOT NULL CHECK (tier IN ('none', 'bronze', 'silver', 'gold', 'platinum')),
    rarity             text        NOT NULL CHECK (rarity IN ('common', 'uncommon', 'rare', 'epic', 'legendary')),
    secret             boolean     NOT NULL,
    kind               text        NOT NULL CHECK (kind IN ('once', 'repeatable', 'limited')),
    max_grants         integer     NOT NULL CHECK ((kind = 'limited') = (max_grants > 0)),
    issuer_daily_limit integer     NOT NULL CHECK (issuer_daily_limit >= 0),
    expires_after_days integer     NOT NULL CHECK (expires_after_days >= 0),
    prerequisites      uuid[]      NOT NULL CHECK (cardinality(prerequisites) <= 10),
    scope_type         text        NOT NULL CHECK (scope_type IN ('TENANT', 'COMMUNITY', 'TEAM')),
    scope_id           uuid        NOT NULL,
    visibility         text        NOT NULL CHECK ((scope_type, visibility) IN (('TENANT', 'public'), ('COMMUNITY', 'community'), ('TEAM', 'team'))),
    removed            boolean     NOT NULL, -- the community or team was deleted
    created_by         uuid        NOT NULL,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    published_at       timestamptz,
    version            integer     NOT NULL,
    search_text        text        NOT NULL, -- names and descriptions, folded (valid.Fold)
    access_type        text        NOT NULL GENERATED ALWAYS AS (scope_type) STORED, -- the scope in which access is asked
    access_id          uuid        NOT NULL GENERATED ALWAYS AS (scope_id) STORED,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT achievements_tenant_scope CHECK (scope_type <> 'TENANT' OR scope_id = tenant_id),
    CONSTRAINT achievements_published CHECK (status <> 'published' OR published_at IS NOT NULL),
    CONSTRAINT achievements_image CHECK (status <> 'published' OR image_small <> '' OR image_medium <> '' OR image_large <> ''),
    CONSTRAINT achievements_category FOREIGN KEY (tenant_id, category_id) REFERENCES categories (tenant_id, id)
);
CREATE INDEX achievements_newest ON achievements (tenant_id, created_at DESC, id DESC);
CREATE INDEX achievements_access_scope ON achievements (tenant_id, access_type, access_id, visibility);
CREATE INDEX achievements_in_category ON achievements (tenant_id, category_id);
CREATE INDEX achievements_author ON achievements (tenant_id, created_by, id);
SELECT updspace_protect('achievements');

-- The communities and teams that portal's events have told of.
SELECT updspace_create_groups();
