-- +goose Up

-- The job that removes what ended long ago looks by these.
CREATE INDEX grants_ended ON grants (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX nominations_decided_at ON nominations (decided_at) WHERE decided_at IS NOT NULL;
