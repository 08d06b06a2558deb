-- +goose Up

-- What a tenant shows of itself. version counts the changes, so that none is lost.
ALTER TABLE tenants
    ADD COLUMN description      text             NOT NULL DEFAULT '' CHECK (length(description) <= 500),
    ADD COLUMN hue              integer          NOT NULL DEFAULT 0 CHECK (hue BETWEEN 0 AND 360),
    ADD COLUMN chroma           double precision NOT NULL DEFAULT 0.12 CHECK (chroma BETWEEN 0 AND 0.17),
    ADD COLUMN languages        text[]           NOT NULL DEFAULT '{en,ru}' CHECK (languages <@ '{en,ru}' AND cardinality(languages) BETWEEN 1 AND 2),
    ADD COLUMN default_language text             NOT NULL DEFAULT 'en',
    ADD COLUMN admission        text             NOT NULL DEFAULT 'invitation' CHECK (admission IN ('invitation', 'application', 'open')),
    ADD COLUMN logo_id          uuid,
    ADD COLUMN cover_id         uuid,
    ADD COLUMN version          bigint           NOT NULL DEFAULT 1,
    ADD CONSTRAINT tenants_default_language CHECK (default_language = ANY (languages));
UPDATE tenants SET hue = abs(hashtext(slug)) % 360; -- so that they differ

-- The rows of logos and covers. The row is stored before the content and deleted after it, so no content is left behind.
CREATE TABLE tenant_images (
    tenant_id    uuid        NOT NULL REFERENCES tenants,
    id           uuid        NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('logo', 'cover')),
    content_type text        NOT NULL DEFAULT '', -- empty until the content is there
    digest       text        NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL,
    in_use       boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX tenant_images_unused ON tenant_images (tenant_id, created_at) WHERE NOT in_use;
SELECT updspace_protect('tenant_images');

ALTER TABLE users
    ADD COLUMN theme        text NOT NULL DEFAULT 'auto' CHECK (theme IN ('light', 'dark', 'auto')),
    ADD COLUMN username_key text, -- of a username that its owner has chosen
    ADD CONSTRAINT users_username_key UNIQUE (username_key),
    ALTER COLUMN language SET DEFAULT '';

ALTER TABLE sessions ADD COLUMN used_at timestamptz; -- to within ten minutes; null: not since it began
