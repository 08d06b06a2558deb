-- +goose Up

-- A way to a provider links an account in a session, or signs in in a browser that has none.
ALTER TABLE external_identity_flows
    ALTER COLUMN session_id DROP NOT NULL,
    ADD COLUMN browser_hash bytea CHECK (length(browser_hash) = 32),
    ADD CHECK ((session_id IS NULL) <> (browser_hash IS NULL));
CREATE INDEX external_identity_flows_browser ON external_identity_flows (browser_hash, expires_at);
