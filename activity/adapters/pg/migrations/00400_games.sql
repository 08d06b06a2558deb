-- +goose Up

-- The games that a tenant plays.
CREATE TABLE games (
    tenant_id  uuid        NOT NULL,
    id         bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    name       text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 128),
    tags       jsonb       NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(tags) = 'object'),
    created_by uuid,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX games_by_name ON games (tenant_id, name, id);
SELECT updspace_protect('games');
