-- +goose Up

-- Lengths repeat the rules of gamification/domain, so that no other way in can break them. version counts the changes of a row.
CREATE TABLE categories (
    tenant_id  uuid        NOT NULL,
    id         uuid        NOT NULL,
    slug       text        NOT NULL CHECK (char_length(slug) BETWEEN 1 AND 64), -- the id that clients know
    names      jsonb       NOT NULL CHECK (jsonb_typeof(names) = 'object'), -- by language
    sort_order integer     NOT NULL,
    active     boolean     NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version    integer     NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT categories_slug UNIQUE (tenant_id, slug)
);
SELECT updspace_protect('categories');
