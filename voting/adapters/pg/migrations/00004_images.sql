-- +goose Up

-- Pictures for options. A row outlives its poll, because the content of the picture is removed before it.
CREATE TABLE images (
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    poll_id      uuid        NOT NULL,
    created_by   uuid        NOT NULL,
    content_type text        NOT NULL CHECK (char_length(content_type) <= 64), -- empty until the content is stored
    digest       text        NOT NULL CHECK (char_length(digest) <= 64),
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX images_poll ON images (tenant_id, poll_id);
CREATE INDEX images_author ON images (tenant_id, created_by);
SELECT updspace_protect('images');
