-- +goose Up

-- Members who were present on a date.
CREATE TABLE attendance (
    tenant_id     uuid        NOT NULL,
    occurrence_id uuid        NOT NULL,
    user_id       uuid        NOT NULL,
    marked_by     uuid        NOT NULL,
    marked_at     timestamptz NOT NULL,
    method        text        NOT NULL CHECK (method IN ('organiser', 'scan', 'self')),
    PRIMARY KEY (tenant_id, occurrence_id, user_id),
    CONSTRAINT attendance_occurrence FOREIGN KEY (tenant_id, occurrence_id) REFERENCES occurrences (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX attendance_user ON attendance (tenant_id, user_id, occurrence_id);
CREATE INDEX attendance_marker ON attendance (tenant_id, marked_by);
SELECT updspace_protect('attendance');

-- The key that the codes of an event are derived from: 244 random bits. The codes are shown, so it is not a hash.
ALTER TABLE events ADD COLUMN check_in_secret bytea NOT NULL
    DEFAULT decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex');
