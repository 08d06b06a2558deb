-- +goose Up

-- Addresses that get no mails because one came back, under a key: whose they are cannot be read, nor found by trying.
CREATE TABLE mail_suppressions (
    address_hash bytea       PRIMARY KEY CHECK (length(address_hash) = 32),
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL
);
CREATE INDEX mail_suppressions_expired ON mail_suppressions (expires_at);

-- Reports of mail servers that were taken, so that none is taken twice.
CREATE TABLE mail_reports (
    id_hash    bytea       PRIMARY KEY CHECK (length(id_hash) = 32),
    expires_at timestamptz NOT NULL
);
CREATE INDEX mail_reports_expired ON mail_reports (expires_at);
