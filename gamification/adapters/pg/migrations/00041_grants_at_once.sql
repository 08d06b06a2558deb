-- +goose Up

-- A repeated request that grants to many finds what it granted.
ALTER TABLE grants ADD COLUMN batch_id uuid;
CREATE INDEX grants_of_batch ON grants (tenant_id, batch_id) WHERE batch_id IS NOT NULL;

-- Who was present at an event.
CREATE INDEX facts_of_event ON facts (tenant_id, object, person_id) WHERE kind = 'event_attended';
