-- +goose Up

-- What a picture shows, for readers who do not see it.
ALTER TABLE files ADD COLUMN alt_text text NOT NULL DEFAULT '' CHECK (char_length(alt_text) <= 500);
