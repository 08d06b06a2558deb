-- +goose Up

-- Synchronisations of roles with servers of Discord, by a bot of the source's application. The token is sealed.
CREATE TABLE role_syncs (
    tenant_id  uuid        NOT NULL,
    source_id  bigint      NOT NULL,
    guild      text        NOT NULL CHECK (length(guild) BETWEEN 16 AND 20),
    token      bytea       NOT NULL,
    seal_key   text        NOT NULL,
    mode       text        NOT NULL CHECK (mode IN ('dry_run', 'active', 'paused')),
    updated_by uuid,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, source_id),
    CONSTRAINT role_syncs_source FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, id)
);
SELECT updspace_protect('role_syncs');

-- Pairs of roles. One that is removed stays until what it gave is taken back.
CREATE TABLE role_mappings (
    tenant_id    uuid        NOT NULL,
    id           bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    source_id    bigint      NOT NULL,
    discord_role text        NOT NULL CHECK (length(discord_role) BETWEEN 16 AND 20),
    discord_name text        NOT NULL CHECK (char_length(discord_name) <= 100),
    role_id      bigint      NOT NULL CHECK (role_id > 0),
    role_service text        NOT NULL,
    role_name    text        NOT NULL,
    scope_type   text        NOT NULL CHECK (scope_type IN ('TENANT', 'COMMUNITY', 'TEAM')),
    scope_id     uuid        NOT NULL,
    direction    text        NOT NULL CHECK (direction IN ('to_discord', 'from_discord', 'both')),
    removed      boolean     NOT NULL DEFAULT false,
    defined_by   uuid,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, source_id) REFERENCES role_syncs (tenant_id, source_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX role_mappings_pair ON role_mappings (tenant_id, source_id, discord_role, role_id, scope_type, scope_id) WHERE NOT removed;
CREATE INDEX role_mappings_source ON role_mappings (tenant_id, source_id);
SELECT updspace_protect('role_mappings');

-- Accounts at Discord that members have linked, as identity tells of them. external_id is sealed. One account of a person is linked; former ones are
-- kept until what was given because of them is taken back.
CREATE TABLE discord_accounts (
    tenant_id   uuid    NOT NULL,
    account_id  uuid    NOT NULL,
    user_id     uuid    NOT NULL,
    external_id bytea   NOT NULL,
    seal_key    text    NOT NULL,
    linked      boolean NOT NULL,
    PRIMARY KEY (tenant_id, account_id)
);
CREATE UNIQUE INDEX discord_accounts_linked ON discord_accounts (tenant_id, user_id) WHERE linked;
CREATE INDEX discord_accounts_user ON discord_accounts (tenant_id, user_id);
SELECT updspace_protect('discord_accounts');

-- How the synchronisation with one server goes for an account of a person. lease is held by the instance that looks.
CREATE TABLE role_members (
    tenant_id    uuid        NOT NULL,
    source_id    bigint      NOT NULL,
    account_id   uuid        NOT NULL,
    user_id      uuid        NOT NULL,
    present      boolean     NOT NULL DEFAULT false,
    actions      jsonb       NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(actions) = 'array'),
    last_at      timestamptz,
    last_error   text        NOT NULL DEFAULT '',
    failures     integer     NOT NULL DEFAULT 0 CHECK (failures >= 0),
    next_at      timestamptz NOT NULL,
    lease        uuid,
    leased_until timestamptz,
    PRIMARY KEY (tenant_id, source_id, account_id),
    FOREIGN KEY (tenant_id, source_id) REFERENCES role_syncs (tenant_id, source_id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, account_id) REFERENCES discord_accounts (tenant_id, account_id) ON DELETE CASCADE
);
CREATE INDEX role_members_account ON role_members (tenant_id, account_id);
CREATE INDEX role_members_user ON role_members (tenant_id, user_id);
CREATE INDEX role_members_due ON role_members (next_at); -- of all tenants, for the job
SELECT updspace_protect('role_members');

-- What the synchronisation has put for an account of a person: only that is taken again.
CREATE TABLE role_holdings (
    tenant_id  uuid    NOT NULL,
    source_id  bigint  NOT NULL,
    mapping_id bigint  NOT NULL,
    account_id uuid    NOT NULL,
    holding_id uuid    NOT NULL,
    version    bigint  NOT NULL CHECK (version >= 0),
    here       boolean NOT NULL,
    there      boolean NOT NULL,
    PRIMARY KEY (tenant_id, mapping_id, account_id),
    CHECK (here OR there),
    FOREIGN KEY (tenant_id, mapping_id) REFERENCES role_mappings (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, source_id, account_id) REFERENCES role_members (tenant_id, source_id, account_id) ON DELETE CASCADE
);
CREATE INDEX role_holdings_member ON role_holdings (tenant_id, source_id, account_id);
SELECT updspace_protect('role_holdings');
