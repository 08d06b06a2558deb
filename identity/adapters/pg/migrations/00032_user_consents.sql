-- +goose Up

-- What a user has consented to, and when that ended. A consent that is given again is a new row.
CREATE TABLE user_consents (
    id             uuid        PRIMARY KEY,
    user_id        uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
    kind           text        NOT NULL CHECK (kind IN ('data_processing', 'marketing', 'parental')),
    version        text        NOT NULL CHECK (length(version) BETWEEN 1 AND 32), -- of the text that was shown
    source         text        NOT NULL CHECK (source IN ('signup', 'account', 'import')),
    guardian_email text        NOT NULL DEFAULT '' CHECK (length(guardian_email) <= 254), -- parental: who consented
    granted_at     timestamptz NOT NULL,
    revoked_at     timestamptz
);
CREATE UNIQUE INDEX user_consents_held ON user_consents (user_id, kind) WHERE revoked_at IS NULL;
CREATE INDEX user_consents_user ON user_consents (user_id, granted_at DESC);

-- What a user lets applications ask for, where that is not the default.
CREATE TABLE user_scope_policies (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    scope   text NOT NULL CHECK (length(scope) <= 64),
    policy  text NOT NULL CHECK (policy IN ('allow', 'ask', 'deny')),
    PRIMARY KEY (user_id, scope)
);
