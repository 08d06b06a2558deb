-- +goose Up

-- Pictures of accounts; their content is in the blob store.
CREATE TABLE avatars (
    id           uuid        PRIMARY KEY,
    user_id      uuid        REFERENCES users ON DELETE SET NULL, -- null: the account is gone, and the content is to go
    content_type text        NOT NULL DEFAULT '' CHECK (length(content_type) <= 64),
    digest       text        NOT NULL DEFAULT '' CHECK (length(digest) <= 64),
    created_at   timestamptz NOT NULL,
    in_use       boolean     NOT NULL DEFAULT false
);
CREATE INDEX avatars_user ON avatars (user_id);
CREATE INDEX avatars_unused ON avatars (created_at) WHERE NOT in_use OR user_id IS NULL;

ALTER TABLE users ADD COLUMN avatar_id uuid;
