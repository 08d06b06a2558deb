-- +goose Up

-- Lists of accounts, the newest first.
CREATE INDEX users_newest ON users (created_at DESC, id DESC);

-- Why an account is suspended or banned, and when that ends by itself.
ALTER TABLE users
    ADD COLUMN status_reason text        NOT NULL DEFAULT '' CHECK (length(status_reason) <= 500),
    ADD COLUMN status_until  timestamptz CHECK (status_until IS NULL OR status IN ('suspended', 'banned'));
CREATE INDEX users_status_until ON users (status_until) WHERE status_until IS NOT NULL;
