-- +goose Up

-- What a grant adds to the points of the recipient.
ALTER TABLE achievements ADD COLUMN points integer NOT NULL DEFAULT 0 CHECK (points BETWEEN 0 AND 10000);
