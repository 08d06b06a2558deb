-- +goose Up

-- Lengths and enumerations repeat the rules of voting/domain: what the domain refuses cannot get in by another way.
-- version counts the changes of a poll. Casting a ballot names the version it was decided on, which is how a vote and
-- the closing of its poll cannot pass each other unseen.
CREATE TABLE polls (
    tenant_id          uuid        NOT NULL,
    id                 uuid        NOT NULL,
    title              text        NOT NULL CHECK (char_length(title) BETWEEN 1 AND 255),
    description        text        NOT NULL CHECK (char_length(description) <= 10000),
    status             text        NOT NULL CHECK (status IN ('draft', 'active', 'closed')),
    scope_type         text        NOT NULL CHECK (scope_type IN ('TENANT', 'COMMUNITY', 'TEAM', 'EVENT', 'POST')),
    scope_id           text        NOT NULL CHECK (char_length(scope_id) BETWEEN 1 AND 128),
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
    created_by         uuid        NOT NULL,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    version            integer     NOT NULL,
    folded             text        NOT NULL, -- title and description in lower case, to search in
    -- the scope Access decides in: events and posts are a matter of their tenant (domain.Scope.ForAccess)
    access_type        text        NOT NULL GENERATED ALWAYS AS (CASE WHEN scope_type IN ('EVENT', 'POST') THEN 'TENANT' ELSE scope_type END) STORED,
    access_id          text        NOT NULL GENERATED ALWAYS AS (CASE WHEN scope_type IN ('EVENT', 'POST') THEN tenant_id::text ELSE scope_id END) STORED,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT polls_schedule CHECK (ends_at > starts_at),
    CONSTRAINT polls_tenant_scope CHECK (scope_type <> 'TENANT' OR scope_id = tenant_id::text)
);
CREATE INDEX polls_newest ON polls (tenant_id, created_at DESC, id DESC);
CREATE INDEX polls_places ON polls (tenant_id, access_type, access_id, visibility);
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

-- Two unique constraints keep what a race could break:
--   ballots_one_per_option   nobody has two ballots for one option. Led by the option, it also counts the results.
--   ballots_within_limit     each ballot of a user in a question takes a slot, and the trigger below sees to it that
--                            slots end at the question's max_votes. Led by the user, it also finds one's own ballots.
-- Ballots do not vanish with what they chose: a poll, question or option that has any cannot be deleted.
CREATE TABLE ballots (
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    poll_id      uuid        NOT NULL,
    question_id  uuid        NOT NULL,
    option_id    uuid        NOT NULL,
    user_id      uuid        NOT NULL,
    slot         integer     NOT NULL CHECK (slot >= 1),
    request_id   text        NOT NULL,
    cast_at      timestamptz NOT NULL,
    poll_version integer     NOT NULL, -- the state of the poll that the vote was decided on
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ballots_one_per_option UNIQUE (tenant_id, poll_id, option_id, user_id),
    CONSTRAINT ballots_within_limit UNIQUE (tenant_id, poll_id, user_id, question_id, slot),
    CONSTRAINT ballots_option FOREIGN KEY (tenant_id, poll_id, question_id, option_id) REFERENCES options (tenant_id, poll_id, question_id, id)
);
SELECT updspace_protect('ballots');

-- A ballot gets in only while its poll is open and still as it was when the vote was decided on; otherwise the row is
-- skipped, as one in conflict is. The share lock waits for a change of the poll that is under way and looks at what came
-- of it, and a change that comes later waits for the ballot: nothing lands after a close. It stands in a trigger because
-- there it holds for every way in, and because its plan is made once per connection.
-- +goose StatementBegin
CREATE FUNCTION ballot_needs_its_poll() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM polls AS p JOIN questions AS q ON q.tenant_id = p.tenant_id AND q.poll_id = p.id
        WHERE p.tenant_id = NEW.tenant_id AND p.id = NEW.poll_id AND p.version = NEW.poll_version AND p.status = 'active'
        AND q.id = NEW.question_id AND NEW.slot <= q.max_votes
        FOR SHARE OF p;
    IF FOUND THEN
        RETURN NEW;
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER ballots_need_their_poll BEFORE INSERT ON ballots FOR EACH ROW EXECUTE FUNCTION ballot_needs_its_poll();
