CREATE TABLE voting_poll (
    id uuid PRIMARY KEY, tenant_id uuid NOT NULL, title varchar(255) NOT NULL, description text NOT NULL, status varchar(16) NOT NULL, scope_type varchar(16) NOT NULL,
    scope_id varchar(128) NOT NULL, visibility varchar(16) NOT NULL, template varchar(32) NOT NULL, allow_revoting boolean NOT NULL, anonymous boolean NOT NULL,
    results_visibility varchar(20) NOT NULL, settings jsonb NOT NULL, created_by uuid NOT NULL, starts_at timestamptz, ends_at timestamptz,
    created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL
);
CREATE TABLE voting_nomination (
    id uuid PRIMARY KEY, tenant_id uuid NOT NULL, poll_id uuid NOT NULL REFERENCES voting_poll DEFERRABLE INITIALLY DEFERRED, title varchar(255) NOT NULL,
    description text NOT NULL, kind varchar(20) NOT NULL, sort_order integer NOT NULL CHECK (sort_order >= 0), max_votes integer NOT NULL CHECK (max_votes >= 0),
    is_required boolean NOT NULL, config jsonb NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, UNIQUE (poll_id, sort_order)
);
CREATE TABLE voting_option (
    id uuid PRIMARY KEY, tenant_id uuid NOT NULL, nomination_id uuid NOT NULL REFERENCES voting_nomination DEFERRABLE INITIALLY DEFERRED, title varchar(255) NOT NULL,
    description text NOT NULL, media_url varchar(512) NOT NULL, game_id uuid, sort_order integer NOT NULL CHECK (sort_order >= 0),
    created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL
);
CREATE TABLE voting_vote (
    id uuid PRIMARY KEY, tenant_id uuid NOT NULL, poll_id uuid NOT NULL REFERENCES voting_poll DEFERRABLE INITIALLY DEFERRED,
    nomination_id uuid NOT NULL REFERENCES voting_nomination DEFERRABLE INITIALLY DEFERRED, option_id uuid NOT NULL REFERENCES voting_option DEFERRABLE INITIALLY DEFERRED,
    user_id uuid NOT NULL, created_at timestamptz NOT NULL
);
CREATE TABLE voting_poll_participant (
    id uuid PRIMARY KEY, tenant_id uuid NOT NULL, poll_id uuid NOT NULL REFERENCES voting_poll DEFERRABLE INITIALLY DEFERRED, user_id uuid NOT NULL,
    role varchar(16) NOT NULL, added_at timestamptz NOT NULL, UNIQUE (poll_id, user_id)
);
CREATE TABLE voting_poll_invite (
    id uuid PRIMARY KEY, tenant_id uuid NOT NULL, poll_id uuid NOT NULL REFERENCES voting_poll DEFERRABLE INITIALLY DEFERRED, user_id uuid NOT NULL,
    role varchar(16) NOT NULL, invited_by uuid NOT NULL, status varchar(16) NOT NULL, token uuid NOT NULL UNIQUE, created_at timestamptz NOT NULL, UNIQUE (poll_id, user_id)
);
