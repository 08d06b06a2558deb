-- +goose Up

-- The ledger: points are the sum of its entries. A grant adds the points of its achievement, its revocation takes them off again. Entries are
-- never changed; only the erasure of a person deletes those of the person.
CREATE TABLE point_entries (
    tenant_id      uuid        NOT NULL,
    id             uuid        NOT NULL,
    person_id      uuid        NOT NULL,
    kind           text        NOT NULL CHECK (kind IN ('grant', 'revocation')),
    points         integer     NOT NULL CHECK ((kind = 'grant') = (points > 0) AND points <> 0),
    grant_id       uuid        NOT NULL, -- not a reference: grants that ended long ago are forgotten
    achievement_id uuid        NOT NULL,
    created_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT point_entries_once UNIQUE (tenant_id, grant_id, kind)
);
CREATE INDEX point_entries_of_person ON point_entries (tenant_id, person_id, id DESC);
CREATE INDEX point_entries_by_time ON point_entries (tenant_id, created_at);
SELECT updspace_protect('point_entries');

-- +goose StatementBegin
CREATE FUNCTION gamification_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'entries of the ledger are not changed';
END $$;
-- +goose StatementEnd
CREATE TRIGGER point_entries_append_only BEFORE UPDATE ON point_entries FOR EACH ROW EXECUTE FUNCTION gamification_refuse_change();

-- The times in which points are counted for themselves. Those of a tenant share no time; the service sees to it under the lock of the tenant.
CREATE TABLE seasons (
    tenant_id  uuid        NOT NULL,
    id         uuid        NOT NULL,
    names      jsonb       NOT NULL CHECK (jsonb_typeof(names) = 'object'), -- by language
    starts_at  timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL CHECK (ends_at > starts_at),
    closed_at  timestamptz, -- when the last ranks were stored
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version    integer     NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX seasons_by_time ON seasons (tenant_id, starts_at DESC);
CREATE INDEX seasons_to_close ON seasons (ends_at) WHERE closed_at IS NULL;
SELECT updspace_protect('seasons');

-- What entries add up to, by person, season (the zero UUID for all time) and place: the tenant, and each community and team of the person. The
-- rows of a person are written under the lock of the person. A page of a leaderboard is one range of point_totals_ranked.
CREATE TABLE point_totals (
    tenant_id    uuid        NOT NULL,
    person_id    uuid        NOT NULL,
    season_id    uuid        NOT NULL,
    scope_id     uuid        NOT NULL,
    points       bigint      NOT NULL,
    peak         bigint      NOT NULL, -- the most there have been
    reached_at   timestamptz NOT NULL, -- of the last entry: who reached the points first stands first
    shown        boolean     NOT NULL, -- an active member who wants to be ranked
    order_points bigint      NOT NULL GENERATED ALWAYS AS (-points) STORED, -- so that a board is in the order of its index, and one comparison finds a place
    PRIMARY KEY (tenant_id, person_id, season_id, scope_id)
);
CREATE INDEX point_totals_ranked ON point_totals (tenant_id, season_id, scope_id, shown, order_points, reached_at, person_id);
SELECT updspace_protect('point_totals');

-- The last ranks of seasons that are over. They stay as they are; shown follows the member, so that who leaves the boards leaves these, too.
CREATE TABLE season_ranks (
    tenant_id uuid    NOT NULL,
    season_id uuid    NOT NULL,
    scope_id  uuid    NOT NULL,
    place     integer NOT NULL, -- in the order of the board
    rank      integer NOT NULL, -- the same for equal points
    person_id uuid    NOT NULL,
    points    bigint  NOT NULL,
    shown     boolean NOT NULL,
    PRIMARY KEY (tenant_id, season_id, scope_id, place),
    CONSTRAINT season_ranks_season FOREIGN KEY (tenant_id, season_id) REFERENCES seasons (tenant_id, id)
);
CREATE UNIQUE INDEX season_ranks_of_person ON season_ranks (tenant_id, person_id, season_id, scope_id);
SELECT updspace_protect('season_ranks');

-- The levels of a tenant, lowest first.
CREATE TABLE levels (
    tenant_id  uuid        NOT NULL,
    levels     jsonb       NOT NULL CHECK (jsonb_typeof(levels) = 'array'),
    updated_at timestamptz NOT NULL,
    version    integer     NOT NULL,
    PRIMARY KEY (tenant_id)
);
SELECT updspace_protect('levels');

-- Who is a member of which community and team, as portal's events tell. The latest version counts.
CREATE TABLE group_members (
    tenant_id uuid    NOT NULL,
    user_id   uuid    NOT NULL,
    scope_id  uuid    NOT NULL,
    version   bigint  NOT NULL,
    active    boolean NOT NULL,
    PRIMARY KEY (tenant_id, user_id, scope_id)
);
CREATE INDEX group_members_of_scope ON group_members (tenant_id, scope_id);
SELECT updspace_protect('group_members');

-- A member chooses whether to be ranked.
ALTER TABLE members ADD COLUMN ranked boolean NOT NULL DEFAULT true;
