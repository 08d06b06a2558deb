-- +goose Up

-- Communities, and the teams inside them. Lengths and enumerations repeat the rules of portal/groups/domain. folded texts are
-- made by valid.Fold, so that comparing and searching do not depend on the locale of the database.
CREATE TABLE groups (
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('COMMUNITY', 'TEAM')),
    community_id uuid        NOT NULL, -- of a community, its own id
    name         text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 128),
    description  text        NOT NULL CHECK (char_length(description) <= 10000),
    join_policy  text        NOT NULL CHECK (join_policy IN ('open', 'request', 'invite')),
    status       text        NOT NULL CHECK (status IN ('active', 'archived')),
    members      integer     NOT NULL DEFAULT 0 CHECK (members >= 0), -- kept by the triggers on memberships
    owners       integer     NOT NULL DEFAULT 0 CHECK (owners >= 0),
    created_by   uuid        NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    folded_name  text        COLLATE "C" NOT NULL,
    folded       text        COLLATE "C" NOT NULL, -- name and description, to search in
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT groups_of_community UNIQUE (tenant_id, community_id, id),
    CONSTRAINT groups_kind CHECK ((kind = 'COMMUNITY') = (community_id = id)),
    CONSTRAINT groups_community FOREIGN KEY (tenant_id, community_id) REFERENCES groups (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX groups_community_name ON groups (tenant_id, folded_name) WHERE kind = 'COMMUNITY';
CREATE UNIQUE INDEX groups_team_name ON groups (tenant_id, community_id, folded_name) WHERE kind = 'TEAM';
CREATE INDEX groups_of_maker ON groups (tenant_id, created_by, kind, id);
-- A search reads the groups of the tenant in the order of the list. Under row-level security LIKE uses no trigram index.
SELECT updspace_protect('groups');

-- Members of groups. A row is not deleted while its group exists: version counts its changes, so that other services can tell
-- an older state from a newer one. A removed member, unlike one who left, needs an invitation or an approval to come back.
CREATE TABLE memberships (
    tenant_id    uuid        NOT NULL,
    scope_type   text        NOT NULL CHECK (scope_type IN ('COMMUNITY', 'TEAM')),
    scope_id     uuid        NOT NULL,
    community_id uuid        NOT NULL,
    user_id      uuid        NOT NULL,
    role         text        NOT NULL CHECK (role IN ('owner', 'moderator', 'member')), -- of a former member, the last one
    status       text        NOT NULL CHECK (status IN ('active', 'left', 'removed')),
    version      bigint      NOT NULL CHECK (version >= 1),
    joined_at    timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, scope_type, scope_id, user_id),
    CONSTRAINT memberships_scope CHECK ((scope_type = 'COMMUNITY') = (scope_id = community_id)),
    CONSTRAINT memberships_group FOREIGN KEY (tenant_id, community_id, scope_id) REFERENCES groups (tenant_id, community_id, id) ON DELETE CASCADE
);
CREATE INDEX memberships_of_user ON memberships (tenant_id, user_id, scope_type, scope_id) WHERE status = 'active';
CREATE INDEX memberships_of_group ON memberships (tenant_id, scope_id, joined_at, user_id) WHERE status = 'active';
CREATE INDEX memberships_in_community ON memberships (tenant_id, community_id, user_id);
SELECT updspace_protect('memberships');

-- Rules that hold whatever the service does: a group with members has an owner at the end of each transaction, and one without
-- members is archived; a member of a team is a member of its community; versions go up; the number of members is right. The
-- service locks the community before it changes a membership in it, so only a defect violates them.

-- +goose StatementBegin
CREATE FUNCTION membership_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    member integer := (NEW.status = 'active')::integer;
    owner  integer := (NEW.status = 'active' AND NEW.role = 'owner')::integer;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.version <= OLD.version THEN
            RAISE EXCEPTION 'a membership cannot go back to version %', NEW.version
                USING ERRCODE = 'check_violation', CONSTRAINT = 'memberships_version';
        END IF;
        member := member - (OLD.status = 'active')::integer;
        owner := owner - (OLD.status = 'active' AND OLD.role = 'owner')::integer;
    END IF;
    IF member <> 0 OR owner <> 0 THEN
        UPDATE groups SET members = members + member, owners = owners + owner
            WHERE tenant_id = NEW.tenant_id AND id = NEW.scope_id;
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER memberships_count AFTER INSERT OR UPDATE ON memberships FOR EACH ROW EXECUTE FUNCTION membership_counts();

-- +goose StatementBegin
CREATE FUNCTION group_needs_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM groups WHERE tenant_id = NEW.tenant_id AND id = NEW.id AND owners < 1 AND (members > 0 OR status = 'active');
    IF FOUND THEN
        RAISE EXCEPTION 'group % is left without an owner', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'groups_owner';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER groups_need_an_owner AFTER INSERT OR UPDATE OF owners, members, status ON groups
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION group_needs_an_owner();

-- +goose StatementBegin
CREATE FUNCTION team_members_are_of_its_community() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM memberships AS t WHERE t.tenant_id = NEW.tenant_id AND t.community_id = NEW.community_id AND t.user_id = NEW.user_id
        AND t.scope_type = 'TEAM' AND t.status = 'active'
        AND NOT EXISTS (SELECT FROM memberships AS c WHERE c.tenant_id = t.tenant_id AND c.scope_type = 'COMMUNITY'
            AND c.scope_id = t.community_id AND c.user_id = t.user_id AND c.status = 'active');
    IF FOUND THEN
        RAISE EXCEPTION 'user % is in a team and not in its community', NEW.user_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'memberships_team_within';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER memberships_team_within AFTER INSERT OR UPDATE ON memberships
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION team_members_are_of_its_community();
