-- +goose Up
-- A recipient lists the pages that are open.
CREATE INDEX badges_shared_of ON badges (tenant_id, recipient_id, id) WHERE token_hash IS NOT NULL;
