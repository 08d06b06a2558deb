-- +goose Up

CREATE TABLE items (
    tenant_id  uuid        NOT NULL,
    id         uuid        NOT NULL,
    title      text        NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    text       text        NOT NULL CHECK (char_length(text) <= 10000),
    created_by uuid        NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX items_created_by ON items (tenant_id, created_by, id);
SELECT updspace_protect('items');
