-- +goose Up

-- Lists of accounts, the newest first.
CREATE INDEX users_newest ON users (created_at DESC, id DESC);
