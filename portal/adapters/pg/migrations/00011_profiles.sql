-- +goose Up

-- What the platform tells of people. Not a tenant's: an account is the same everywhere, and nobody can list it.
CREATE TABLE accounts (
    user_id      uuid NOT NULL PRIMARY KEY,
    username     text NOT NULL,
    display_name text NOT NULL,
    first_name   text NOT NULL,
    last_name    text NOT NULL
);

-- How people show themselves in a tenant. own_* say which names their owner has chosen; the others follow the account.
-- folded texts are lower case as Go makes it. Names are ordered by their characters, so that the order is the same
-- whatever locale the database was set up with, and an index has it.
CREATE TABLE profiles (
    tenant_id        uuid        NOT NULL,
    user_id          uuid        NOT NULL,
    username         text        NOT NULL CHECK (username = '' OR char_length(username) BETWEEN 2 AND 64),
    folded_username  text        COLLATE "C" NOT NULL,
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
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);
CREATE UNIQUE INDEX profiles_username ON profiles (tenant_id, folded_username) WHERE folded_username <> '';
CREATE INDEX profiles_by_name ON profiles (tenant_id, last_name, first_name, user_id);
CREATE INDEX profiles_of_user ON profiles (user_id);
SELECT updspace_protect('profiles');

-- The pairs and threes of letters in the names, to find a part of a name by. PostgreSQL's own index of trigrams would do
-- this, were it not for row-level security: LIKE could tell of rows that a policy hides, so it is tried only on the rows
-- that the policy lets through, which is after the index. Equality tells nothing and may use one.
CREATE TABLE profile_grams (
    tenant_id uuid NOT NULL,
    gram      text COLLATE "C" NOT NULL,
    user_id   uuid NOT NULL,
    PRIMARY KEY (tenant_id, gram, user_id),
    CONSTRAINT profile_grams_profile FOREIGN KEY (tenant_id, user_id) REFERENCES profiles (tenant_id, user_id) ON DELETE CASCADE
);
CREATE INDEX profile_grams_of_user ON profile_grams (tenant_id, user_id);
SELECT updspace_protect('profile_grams');
