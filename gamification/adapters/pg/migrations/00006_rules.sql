-- +goose Up

-- What happened with whom, as domain events tell: what rules count. A fact is known by its event.
CREATE TABLE facts (
    tenant_id   uuid        NOT NULL,
    source      text        NOT NULL CHECK (char_length(source) <= 200), -- of the event
    event_id    uuid        NOT NULL,
    kind        text        NOT NULL CHECK (char_length(kind) <= 64),
    person_id   uuid        NOT NULL,
    key         text        NOT NULL CHECK (char_length(key) BETWEEN 1 AND 128),
    object      text        NOT NULL CHECK (char_length(object) <= 128),
    told_at     timestamptz NOT NULL, -- of the event; the later fact about a key counts
    happened_at timestamptz NOT NULL, -- the time whose day counts
    undone      boolean     NOT NULL, -- it takes back what is under the key
    fields      jsonb       NOT NULL CHECK (jsonb_typeof(fields) = 'object'),
    PRIMARY KEY (tenant_id, event_id, source)
);
CREATE INDEX facts_of_person ON facts (tenant_id, person_id, event_id);
CREATE INDEX facts_by_age ON facts (told_at) WHERE kind <> 'member_joined';
SELECT updspace_protect('facts');

-- The rules of achievements. A state counts only for the generation of the rule that it was made for.
CREATE TABLE rules (
    tenant_id      uuid        NOT NULL,
    achievement_id uuid        NOT NULL,
    rule           jsonb       NOT NULL CHECK (jsonb_typeof(rule) = 'object'),
    kinds          text[]      NOT NULL, -- of the facts that it counts
    revision       uuid        NOT NULL, -- names this text of the rule
    generation     integer     NOT NULL,
    counted_to     uuid,        -- the last person of the back-fill that runs
    counted_at     timestamptz, -- when the back-fill was done
    updated_at     timestamptz NOT NULL,
    version        integer     NOT NULL,
    PRIMARY KEY (tenant_id, achievement_id),
    CONSTRAINT rules_achievement FOREIGN KEY (tenant_id, achievement_id) REFERENCES achievements (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX rules_to_count ON rules (tenant_id, achievement_id) WHERE counted_at IS NULL;
SELECT updspace_protect('rules');

-- A rule does not count while its achievement is out of sight: when it is published again, everything is counted anew.
-- +goose StatementBegin
CREATE FUNCTION gamification_count_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE rules SET generation = generation + 1, counted_to = NULL, counted_at = NULL WHERE tenant_id = NEW.tenant_id AND achievement_id = NEW.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER achievements_count_anew AFTER UPDATE OF status ON achievements
    FOR EACH ROW WHEN (NEW.status = 'published' AND OLD.status <> 'published') EXECUTE FUNCTION gamification_count_anew();

-- What has been counted for a rule and a person. due_at is when the person must be looked at without a new fact.
CREATE TABLE rule_states (
    tenant_id      uuid        NOT NULL,
    achievement_id uuid        NOT NULL,
    person_id      uuid        NOT NULL,
    generation     integer     NOT NULL,
    state          bytea       NOT NULL,
    times          integer     NOT NULL, -- how often the rule was met at last
    due_at         timestamptz,
    refused_since  timestamptz, -- the rule is met and the achievement cannot be granted
    PRIMARY KEY (tenant_id, achievement_id, person_id),
    CONSTRAINT rule_states_rule FOREIGN KEY (tenant_id, achievement_id) REFERENCES rules (tenant_id, achievement_id) ON DELETE CASCADE
);
CREATE INDEX rule_states_of_person ON rule_states (tenant_id, person_id);
CREATE INDEX rule_states_due ON rule_states (due_at) WHERE due_at IS NOT NULL;
SELECT updspace_protect('rule_states');

-- The grants that rules made, with their evidence. One that the rule took back can be made again.
CREATE TABLE rule_grants (
    tenant_id      uuid    NOT NULL,
    grant_id       uuid    NOT NULL,
    achievement_id uuid    NOT NULL,
    person_id      uuid    NOT NULL,
    nth            integer NOT NULL CHECK (nth > 0), -- for the nth time that the rule is met
    revision       uuid    NOT NULL, -- of the rule
    evidence       uuid[]  NOT NULL, -- ids of domain events
    taken_back     boolean NOT NULL,
    PRIMARY KEY (tenant_id, grant_id),
    CONSTRAINT rule_grants_grant FOREIGN KEY (tenant_id, grant_id) REFERENCES grants (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX rule_grants_once ON rule_grants (tenant_id, achievement_id, person_id, nth) WHERE NOT taken_back;
CREATE INDEX rule_grants_of_person ON rule_grants (tenant_id, person_id);
SELECT updspace_protect('rule_grants');
