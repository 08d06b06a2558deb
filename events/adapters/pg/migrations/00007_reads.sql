-- +goose Up

-- Dates of a window are found by their start: only long ones can have begun much earlier, and those have an index of their own.
ALTER TABLE occurrences ADD COLUMN long boolean NOT NULL GENERATED ALWAYS AS (ends_at - starts_at > interval '1 day') STORED;
CREATE INDEX occurrences_long ON occurrences (tenant_id, ends_at) WHERE long;
