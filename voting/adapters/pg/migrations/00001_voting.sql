-- +goose Up

-- Lengths and enumerations repeat the rules of voting/domain, so that no other way in can break them. version counts the
-- changes of a poll; casting a ballot states the version that the vote was decided on.
CREATE TABLE polls (
    tenant_id          uuid        NOT NULL,
    id                 uuid        NOT NULL,
    title              text        NOT NULL CHECK (char_length(title) BETWEEN 1 AND 255),
    description        text        NOT NULL CHECK (char_length(description) <= 10000),
    status             text        NOT NULL CHECK (status IN ('draft', 'active', 'closed')),
    scope_type         text        NOT NULL CHECK (scope_type IN ('TENANT', 'COMMUNITY', 'TEAM', 'EVENT', 'POST')),
    scope_id           uuid        NOT NULL,
    visibility         text        NOT NULL CHECK (visibility IN ('public', 'private')
                                        OR (visibility = 'community' AND scope_type IN ('COMMUNITY', 'TENANT'))
                                        OR (visibility = 'team' AND scope_type = 'TEAM')),
    template           text        NOT NULL CHECK (char_length(template) <= 32),
    allow_revoting     boolean     NOT NULL,
    anonymous          boolean     NOT NULL,
    results_visibility text        NOT NULL CHECK (results_visibility IN ('always', 'after_closed', 'admins_only')),
    settings           jsonb       NOT NULL CHECK (jsonb_typeof(settings) = 'object'),
    starts_at          timestamptz,
    ends_at            timestamptz,
    amendments         jsonb       CHECK (jsonb_typeof(amendments) = 'array'), -- null when there is none
    hidden             boolean     NOT NULL, -- the community or team was deleted
    created_by         uuid        NOT NULL,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    version            integer     NOT NULL,
    search_text        text        NOT NULL, -- title and description, folded (valid.Fold)
    -- the scope that Access decides in: for events and posts that of their tenant (domain.AccessScope)
    access_type        text        NOT NULL GENERATED ALWAYS AS (CASE WHEN scope_type IN ('EVENT', 'POST') THEN 'TENANT' ELSE scope_type END) STORED,
    access_id          uuid        NOT NULL GENERATED ALWAYS AS (CASE WHEN scope_type IN ('EVENT', 'POST') THEN tenant_id ELSE scope_id END) STORED,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT polls_schedule CHECK (ends_at > starts_at),
    CONSTRAINT polls_tenant_scope CHECK (scope_type <> 'TENANT' OR scope_id = tenant_id)
);
CREATE INDEX polls_newest ON polls (tenant_id, created_at DESC, id DESC);
CREATE INDEX polls_ending ON polls (ends_at) WHERE status = 'active'; -- for all tenants at once
CREATE INDEX polls_access_scope ON polls (tenant_id, access_type, access_id, visibility);
SELECT updspace_protect('polls');

CREATE TABLE questions (
    tenant_id   uuid    NOT NULL,
    id          uuid    NOT NULL,
    poll_id     uuid    NOT NULL,
    title       text    NOT NULL CHECK (char_length(title) BETWEEN 1 AND 255),
    description text    NOT NULL CHECK (char_length(description) <= 10000),
    kind        text    NOT NULL CHECK (kind IN ('game', 'review', 'person', 'custom')),
    sort_order  integer NOT NULL CHECK (sort_order >= 0),
    max_votes   integer NOT NULL CHECK (max_votes BETWEEN 1 AND 200),
    is_required boolean NOT NULL,
    config      jsonb   NOT NULL CHECK (jsonb_typeof(config) = 'object'),
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT questions_place UNIQUE (tenant_id, poll_id, sort_order),
    CONSTRAINT questions_of_poll UNIQUE (tenant_id, poll_id, id),
    CONSTRAINT questions_poll FOREIGN KEY (tenant_id, poll_id) REFERENCES polls (tenant_id, id) ON DELETE CASCADE
);
SELECT updspace_protect('questions');

CREATE TABLE options (
    tenant_id   uuid    NOT NULL,
    id          uuid    NOT NULL,
    poll_id     uuid    NOT NULL,
    question_id uuid    NOT NULL,
    title       text    NOT NULL CHECK (char_length(title) BETWEEN 1 AND 255),
    description text    NOT NULL CHECK (char_length(description) <= 10000),
    media_url   text    NOT NULL CHECK (char_length(media_url) <= 512),
    game_id     uuid,
    sort_order  integer NOT NULL CHECK (sort_order >= 0),
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT options_of_question UNIQUE (tenant_id, poll_id, question_id, id),
    CONSTRAINT options_question FOREIGN KEY (tenant_id, poll_id, question_id) REFERENCES questions (tenant_id, poll_id, id) ON DELETE CASCADE
);
SELECT updspace_protect('options');

CREATE TABLE participants (
    tenant_id  uuid        NOT NULL,
    poll_id    uuid        NOT NULL,
    user_id    uuid        NOT NULL,
    role       text        NOT NULL CHECK (role IN ('owner', 'admin', 'moderator', 'observer', 'participant')),
    invited_by uuid        NOT NULL,
    added_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, poll_id, user_id),
    CONSTRAINT participants_poll FOREIGN KEY (tenant_id, poll_id) REFERENCES polls (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX participants_user ON participants (tenant_id, user_id, poll_id);
SELECT updspace_protect('participants');

-- The communities and teams that portal's events have told of.
SELECT updspace_create_groups();

-- Two unique constraints hold whatever races:
--   ballots_one_per_option   a user has one ballot for an option. Led by the option, it also counts the results.
--   ballots_within_limit     each ballot of a user in a question takes a slot, and cast_ballot accepts slots up to the
--                            question's max_votes. Led by the user, it also finds a user's ballots.
-- The foreign key keeps ballots: a poll, question or option that has any cannot be deleted.
CREATE TABLE ballots (
    tenant_id   uuid        NOT NULL,
    id          uuid        NOT NULL,
    poll_id     uuid        NOT NULL,
    question_id uuid        NOT NULL,
    option_id   uuid        NOT NULL,
    user_id     uuid        NOT NULL,
    slot        integer     NOT NULL CHECK (slot >= 1),
    request_id  text        NOT NULL,
    cast_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ballots_one_per_option UNIQUE (tenant_id, poll_id, option_id, user_id),
    CONSTRAINT ballots_within_limit UNIQUE (tenant_id, poll_id, user_id, question_id, slot),
    CONSTRAINT ballots_option FOREIGN KEY (tenant_id, poll_id, question_id, option_id) REFERENCES options (tenant_id, poll_id, question_id, id)
);
SELECT updspace_protect('ballots');

-- cast_ballot stores a ballot and its event in one statement, which is one transaction and one round trip. It returns
-- 'stored', or stores nothing and returns
--   'observer'  the voter is an observer of the poll
--   'stale'     the poll is not active or was changed since the vote was decided on, or the question has no such slot
--   'conflict'  another ballot of the voter is in the way: a unique constraint of ballots refused the row
--
-- The share lock waits for a change of the poll that is under way and checks its outcome; a later change waits for the
-- ballot. So no ballot is stored after its poll was closed. The questions of an active poll do not change, and every
-- question has a first slot, so only further slots are looked up.
-- +goose StatementBegin
CREATE FUNCTION cast_ballot(
    tenant uuid, ballot uuid, poll uuid, question uuid, option uuid, voter uuid, slot_number integer, request text,
    cast_time timestamptz, poll_version integer, event_id uuid, event_type text, event_subject text, event_body text
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    bound text := set_config('updspace.tenant', tenant::text, true); -- an expression is cheaper than a statement
BEGIN
    PERFORM FROM polls AS p
        WHERE p.tenant_id = tenant AND p.id = poll AND p.version = poll_version AND p.status = 'active'
        AND NOT EXISTS (SELECT FROM participants AS o WHERE o.tenant_id = tenant AND o.poll_id = poll AND o.user_id = voter AND o.role = 'observer')
        FOR SHARE OF p;
    IF NOT FOUND THEN
        IF EXISTS (SELECT FROM participants AS o WHERE o.tenant_id = tenant AND o.poll_id = poll AND o.user_id = voter AND o.role = 'observer') THEN
            RETURN 'observer';
        END IF;
        RETURN 'stale';
    END IF;
    IF slot_number > 1 THEN
        PERFORM FROM questions AS q WHERE q.tenant_id = tenant AND q.poll_id = poll AND q.id = question AND slot_number <= q.max_votes;
        IF NOT FOUND THEN
            RETURN 'stale';
        END IF;
    END IF;
    INSERT INTO ballots (tenant_id, id, poll_id, question_id, option_id, user_id, slot, request_id, cast_at)
        VALUES (tenant, ballot, poll, question, option, voter, slot_number, request, cast_time) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN 'conflict';
    END IF;
    INSERT INTO outbox (tenant_id, id, type, subject, event)
        VALUES (tenant, event_id, event_type, event_subject, event_body);
    RETURN 'stored';
END
$$;
-- +goose StatementEnd
