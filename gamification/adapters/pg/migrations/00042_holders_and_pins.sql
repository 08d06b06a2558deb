-- +goose Up

-- How many members have an achievement, counted by a job.
CREATE TABLE holder_counts (
    tenant_id      uuid    NOT NULL,
    achievement_id uuid    NOT NULL,
    holders        integer NOT NULL,
    members        integer NOT NULL, -- of the tenant
    PRIMARY KEY (tenant_id, achievement_id),
    CONSTRAINT holder_counts_achievement FOREIGN KEY (tenant_id, achievement_id) REFERENCES achievements (tenant_id, id) ON DELETE CASCADE
);
SELECT updspace_protect('holder_counts');
CREATE INDEX grants_by_holder ON grants (tenant_id, achievement_id, recipient_id) WHERE ended_at IS NULL;

-- What members' showcases begin with.
CREATE TABLE pins (
    tenant_id uuid    NOT NULL,
    user_id   uuid    NOT NULL,
    grant_id  uuid    NOT NULL,
    place     integer NOT NULL CHECK (place BETWEEN 1 AND 6),
    PRIMARY KEY (tenant_id, user_id, grant_id),
    CONSTRAINT pins_place UNIQUE (tenant_id, user_id, place),
    CONSTRAINT pins_grant FOREIGN KEY (tenant_id, grant_id) REFERENCES grants (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX pins_of_grant ON pins (tenant_id, grant_id);
SELECT updspace_protect('pins');
