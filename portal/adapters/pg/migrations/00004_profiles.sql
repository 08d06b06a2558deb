-- +goose Up

-- Names of identity's accounts. An account belongs to no tenant; no operation lists accounts.
CREATE TABLE accounts (
    user_id      uuid NOT NULL PRIMARY KEY,
    username     text NOT NULL,
    display_name text NOT NULL,
    first_name   text NOT NULL,
    last_name    text NOT NULL
);

-- Profiles of users in a tenant. own_* say which names the user has set; the others follow the account.
-- folded texts are lower case as Go makes it. Names are ordered by their characters, so that the order is the same
-- whatever locale the database was set up with, and an index has it.
CREATE TABLE profiles (
    tenant_id        uuid        NOT NULL,
    user_id          uuid        NOT NULL,
    username         text        NOT NULL CHECK (username = '' OR char_length(username) BETWEEN 2 AND 64),
    username_key     text        COLLATE "C" NOT NULL,
    display_name     text        NOT NULL CHECK (char_length(display_name) <= 128),
    first_name       text        COLLATE "C" NOT NULL CHECK (char_length(first_name) <= 128),
    last_name        text        COLLATE "C" NOT NULL CHECK (char_length(last_name) <= 128),
    folded           text        COLLATE "C" NOT NULL, -- all names, to search in
    bio              text        NOT NULL CHECK (char_length(bio) <= 4000),
    avatar_id        uuid,
    own_username     boolean     NOT NULL,
    own_display_name boolean     NOT NULL,
    own_first_name   boolean     NOT NULL,
    own_last_name    boolean     NOT NULL,
    member           boolean     NOT NULL DEFAULT true, -- of the tenant, by the last event of identity; profiles are made for members
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);
CREATE UNIQUE INDEX profiles_username ON profiles (tenant_id, username_key) WHERE username_key    <> '';
CREATE INDEX profiles_by_name ON profiles (tenant_id, last_name, first_name, user_id);
CREATE INDEX profiles_of_user ON profiles (user_id);
SELECT updspace_protect('profiles');

-- Searching for a part of a name. Row-level security lets no LIKE use an index: it might tell of rows that a policy hides,
-- so it is tried only on the rows that the policies let through. This function runs as the owner of the table, whose own
-- policy is the constant true, and checks what the policies check before it reads: the caller sees the rows of the tenant of
-- the transaction, or, on connections that may read outside of one, those of the tenant that the query names.
-- It returns users in the order of the directory, after a place in it. whole is a user id that was searched for, or null.
-- Trigrams of other than ASCII letters need a database whose LC_CTYPE is not C; without, such a search reads the tenant.
-- Without fastupdate the planner knows what the index costs; names change rarely.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE INDEX profiles_by_part ON profiles USING gin (tenant_id, folded gin_trgm_ops) WITH (fastupdate = off);
CREATE POLICY owner_select ON profiles FOR SELECT TO CURRENT_USER USING (true);

-- +goose StatementBegin
CREATE FUNCTION search_profiles(
    searched uuid, pattern text, whole uuid, after_last_name text, after_first_name text, after_user uuid, most bigint
) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $function$
BEGIN
    IF (current_setting('updspace.across', true) IN ('on', 'read')
        OR searched = nullif(current_setting('updspace.tenant', true), '')::uuid) IS NOT TRUE THEN
        RAISE insufficient_privilege USING MESSAGE = 'search_profiles: not the tenant of the transaction';
    END IF;
    RETURN QUERY
        SELECT user_id FROM profiles
        WHERE tenant_id = searched AND (folded LIKE pattern OR user_id = whole)
            AND (last_name, first_name, user_id) > (after_last_name, after_first_name, after_user)
        ORDER BY last_name, first_name, user_id LIMIT most;
END
$function$;
-- +goose StatementEnd
