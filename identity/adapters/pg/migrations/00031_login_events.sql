-- +goose Up

-- Sign-ins of an account, and failed attempts, for its owner to read.
CREATE TABLE login_events (
    id         uuid        PRIMARY KEY,
    user_id    uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
    succeeded  boolean     NOT NULL,
    method     text        NOT NULL CHECK (length(method) <= 32),
    reason     text        NOT NULL DEFAULT '' CHECK (length(reason) <= 64), -- the code of the failure
    ip         text        NOT NULL DEFAULT '' CHECK (length(ip) <= 64),
    user_agent text        NOT NULL DEFAULT '' CHECK (length(user_agent) <= 512),
    device_id  uuid,                                                         -- the same for sign-ins of one browser; null: not known
    new_device boolean     NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX login_events_user ON login_events (user_id, created_at DESC);
CREATE INDEX login_events_expired ON login_events (expires_at);
