-- +goose Up

-- Bindings that are rewards of achievements name one of the achievements.
ALTER TABLE role_bindings DROP CONSTRAINT role_bindings_source_check;
ALTER TABLE role_bindings ADD COLUMN achievement_id uuid;
ALTER TABLE role_bindings ADD CONSTRAINT role_bindings_source_check CHECK (source IN ('manual', 'membership', 'achievement'));
ALTER TABLE role_bindings ADD CONSTRAINT role_bindings_achievement_check CHECK ((source = 'achievement') = (achievement_id IS NOT NULL));

-- What gamification last told about the reward of a grant. One that was taken keeps a row without a role, so that an older version that
-- arrives late cannot give the role again. A refused one gives nothing. role_id is no reference: the role may be deleted.
CREATE TABLE rewards (
    tenant_id      uuid        NOT NULL,
    grant_id       uuid        NOT NULL,
    version        bigint      NOT NULL CHECK (version > 0),
    achievement_id uuid        NOT NULL,
    user_id        uuid        NOT NULL,
    role_id        bigint,
    scope_type     text        CHECK (scope_type IN ('TENANT', 'COMMUNITY', 'TEAM')),
    scope_id       text        CHECK (length(scope_id) BETWEEN 1 AND 128),
    ends_at        timestamptz, -- when it expires, or was taken
    refused        text        NOT NULL DEFAULT '' CHECK (length(refused) <= 64), -- the code of the refusal
    PRIMARY KEY (tenant_id, grant_id),
    CHECK ((role_id IS NULL) = (scope_type IS NULL) AND (role_id IS NULL) = (scope_id IS NULL))
);
CREATE INDEX rewards_user ON rewards (tenant_id, user_id, scope_type, scope_id, role_id);
CREATE INDEX rewards_scope ON rewards (tenant_id, scope_type, scope_id) WHERE role_id IS NOT NULL; -- for deleted communities and teams
CREATE INDEX rewards_ended ON rewards (ends_at) WHERE ends_at IS NOT NULL; -- for the retention job
SELECT updspace_protect('rewards');
