-- +goose Up

-- opened says that the opening of an active poll needs no announcement any more: it was announced, or the poll was open when
-- it was published. Polls that are open already are not announced again.
ALTER TABLE polls ADD COLUMN opened boolean NOT NULL DEFAULT false;
UPDATE polls SET opened = true WHERE status = 'active' AND (starts_at IS NULL OR starts_at <= now());
CREATE INDEX polls_opening ON polls (starts_at) WHERE status = 'active' AND NOT opened; -- for all tenants at once
