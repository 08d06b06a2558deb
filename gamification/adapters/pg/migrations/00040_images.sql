-- +goose Up

-- Pictures that were uploaded for achievements; their content is in the blob store. One that no achievement has is removed.
CREATE TABLE images (
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    created_by   uuid        NOT NULL,
    content_type text        NOT NULL CHECK (char_length(content_type) <= 64), -- empty until the content is stored
    created_at   timestamptz NOT NULL,
    used_at      timestamptz NOT NULL, -- when an achievement got it or lost it last
    discarded    boolean     NOT NULL DEFAULT false, -- its content is being removed
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX images_of_author ON images (tenant_id, created_by, created_at);
CREATE INDEX images_by_use ON images (used_at);
SELECT updspace_protect('images');

ALTER TABLE achievements
    ADD COLUMN image_alts jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(image_alts) = 'object'), -- by language
    ADD COLUMN image_ids  uuid[] NOT NULL DEFAULT '{}'; -- of the uploaded ones among its pictures
CREATE INDEX achievements_images ON achievements USING gin (image_ids);
