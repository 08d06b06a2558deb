CREATE TABLE portal_tenant (id uuid PRIMARY KEY, slug varchar(64) NOT NULL UNIQUE, name varchar(128) NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
CREATE TABLE portal_profile (
    id bigint PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES portal_tenant DEFERRABLE INITIALLY DEFERRED, user_id uuid NOT NULL, username varchar(64) NOT NULL,
    display_name varchar(128) NOT NULL, first_name varchar(128) NOT NULL, last_name varchar(128) NOT NULL, bio text,
    created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, UNIQUE (tenant_id, user_id)
);
CREATE TABLE portal_community (
    id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES portal_tenant DEFERRABLE INITIALLY DEFERRED, name varchar(128) NOT NULL, description text NOT NULL,
    created_by uuid NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, UNIQUE (tenant_id, name)
);
CREATE TABLE portal_community_membership (
    id bigint PRIMARY KEY, tenant_id uuid NOT NULL, community_id uuid NOT NULL REFERENCES portal_community DEFERRABLE INITIALLY DEFERRED, user_id uuid NOT NULL,
    role_hint varchar(64), created_at timestamptz NOT NULL, UNIQUE (tenant_id, community_id, user_id)
);
CREATE TABLE portal_team (
    id uuid PRIMARY KEY, tenant_id uuid NOT NULL, community_id uuid NOT NULL REFERENCES portal_community DEFERRABLE INITIALLY DEFERRED, name varchar(128) NOT NULL,
    status varchar(16) NOT NULL, created_by uuid NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, UNIQUE (tenant_id, community_id, name)
);
CREATE TABLE portal_team_membership (
    id bigint PRIMARY KEY, tenant_id uuid NOT NULL, team_id uuid NOT NULL REFERENCES portal_team DEFERRABLE INITIALLY DEFERRED, user_id uuid NOT NULL,
    role_hint varchar(64), created_at timestamptz NOT NULL, UNIQUE (tenant_id, team_id, user_id)
);
CREATE TABLE portal_post (
    id uuid PRIMARY KEY, tenant_id uuid NOT NULL, community_id uuid REFERENCES portal_community DEFERRABLE INITIALLY DEFERRED,
    team_id uuid REFERENCES portal_team DEFERRABLE INITIALLY DEFERRED, title varchar(256) NOT NULL, body text NOT NULL, visibility varchar(16) NOT NULL,
    created_by uuid NOT NULL, created_at timestamptz NOT NULL
);
