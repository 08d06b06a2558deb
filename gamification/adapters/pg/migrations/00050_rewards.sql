-- +goose Up

-- The role that holders of an achievement have in its scope. One that was removed stays until all holders have lost the role.
CREATE TABLE rewards (
    tenant_id      uuid        NOT NULL,
    achievement_id uuid        NOT NULL,
    role_id        bigint      NOT NULL CHECK (role_id > 0),
    role_service   text        NOT NULL CHECK (char_length(role_service) <= 32),
    role_name      text        NOT NULL CHECK (char_length(role_name) <= 128),
    revision       uuid        NOT NULL,
    defined_by     uuid        NOT NULL, -- the zero UUID after the user was erased
    defined_at     timestamptz NOT NULL,
    removed        boolean     NOT NULL,
    settled_to     uuid, -- the last grant to which it was applied
    settled        boolean     NOT NULL,
    PRIMARY KEY (tenant_id, achievement_id),
    CONSTRAINT rewards_achievement FOREIGN KEY (tenant_id, achievement_id) REFERENCES achievements (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX rewards_to_settle ON rewards (tenant_id, achievement_id) WHERE NOT settled;
CREATE INDEX rewards_defined ON rewards (tenant_id, defined_by); -- for erasure
SELECT updspace_protect('rewards');

-- What access was told about the reward of a grant.
CREATE TABLE grant_rewards (
    tenant_id uuid    NOT NULL,
    grant_id  uuid    NOT NULL,
    version   integer NOT NULL CHECK (version > 0),
    revision  uuid, -- of the reward that was given; NULL after it was taken
    PRIMARY KEY (tenant_id, grant_id),
    CONSTRAINT grant_rewards_grant FOREIGN KEY (tenant_id, grant_id) REFERENCES grants (tenant_id, id) ON DELETE CASCADE
);
SELECT updspace_protect('grant_rewards');
CREATE INDEX grants_held ON grants (tenant_id, achievement_id, id) WHERE ended_at IS NULL; -- for those who hold an achievement that gets a reward
