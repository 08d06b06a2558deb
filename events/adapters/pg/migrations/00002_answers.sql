-- +goose Up

ALTER TABLE events ADD COLUMN capacity integer CHECK (capacity BETWEEN 1 AND 100000); -- null for any number
ALTER TABLE events ADD COLUMN plus_ones integer NOT NULL DEFAULT 0 CHECK (plus_ones BETWEEN 0 AND 10);
ALTER TABLE events ADD COLUMN close_minutes integer CHECK (close_minutes BETWEEN 0 AND 527040);

-- How many answers a date has. They change with the answers, under the lock of the date.
ALTER TABLE occurrences ADD COLUMN seats_taken integer NOT NULL DEFAULT 0 CHECK (seats_taken >= 0);
ALTER TABLE occurrences ADD COLUMN going integer NOT NULL DEFAULT 0 CHECK (going >= 0);
ALTER TABLE occurrences ADD COLUMN interested integer NOT NULL DEFAULT 0 CHECK (interested >= 0);
ALTER TABLE occurrences ADD COLUMN not_going integer NOT NULL DEFAULT 0 CHECK (not_going >= 0);
ALTER TABLE occurrences ADD COLUMN waiting integer NOT NULL DEFAULT 0 CHECK (waiting >= 0);
ALTER TABLE occurrences ADD COLUMN places integer NOT NULL DEFAULT 0; -- the last place in the waiting list

CREATE TABLE answers (
    tenant_id     uuid        NOT NULL,
    occurrence_id uuid        NOT NULL,
    user_id       uuid        NOT NULL,
    status        text        NOT NULL CHECK (status IN ('going', 'interested', 'not_going', 'withdrawn')),
    waiting       boolean     NOT NULL CHECK (NOT waiting OR status = 'going'),
    place         integer     NOT NULL, -- in the waiting list; 0 outside of it
    plus_ones     integer     NOT NULL CHECK (plus_ones BETWEEN 0 AND 10),
    comment       text        NOT NULL CHECK (char_length(comment) <= 300),
    answered_at   timestamptz NOT NULL,
    answered_by   uuid        NOT NULL,
    PRIMARY KEY (tenant_id, occurrence_id, user_id),
    CONSTRAINT answers_occurrence FOREIGN KEY (tenant_id, occurrence_id) REFERENCES occurrences (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX answers_user ON answers (tenant_id, user_id, occurrence_id);
CREATE INDEX answers_author ON answers (tenant_id, answered_by);
CREATE INDEX answers_waiting ON answers (tenant_id, occurrence_id, place) WHERE waiting;
SELECT updspace_protect('answers');

-- Members who got a seat while they waited, until a job has told of it. The instance that deletes a row tells.
CREATE TABLE promotions (
    tenant_id     uuid        NOT NULL,
    id            uuid        NOT NULL DEFAULT gen_random_uuid(),
    occurrence_id uuid        NOT NULL,
    user_id       uuid        NOT NULL,
    promoted_at   timestamptz NOT NULL,
    place         integer     NOT NULL, -- that the member had in the waiting list
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT promotions_occurrence FOREIGN KEY (tenant_id, occurrence_id) REFERENCES occurrences (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX promotions_user ON promotions (tenant_id, user_id);
CREATE INDEX promotions_oldest ON promotions (promoted_at); -- for all tenants at once
SELECT updspace_protect('promotions');

-- seats_of is how many seats an answer takes; an answer that is null takes none.
-- +goose StatementBegin
CREATE FUNCTION seats_of(a answers) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS $$ -- a function in SQL would be planned at each call
BEGIN
    RETURN CASE WHEN a.status = 'going' AND NOT a.waiting THEN 1 + a.plus_ones ELSE 0 END;
END
$$;
-- +goose StatementEnd

-- count_answer counts what a member answers about a date in the place of what the member answered before, either of which may be null. It
-- returns what the date has then: the seats taken, and the numbers of those who go, are interested, do not go and wait.
-- +goose StatementBegin
CREATE FUNCTION count_answer(was answers, new answers) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    seats integer := seats_of(new);
    had integer := seats_of(was);
    tenant uuid := coalesce(new.tenant_id, was.tenant_id); -- in the statement it would keep row-level security from using the index
    occurrence uuid := coalesce(new.occurrence_id, was.occurrence_id);
    counts text;
BEGIN
    UPDATE occurrences SET
        seats_taken = seats_taken + seats - had,
        going = going + (seats > 0)::integer - (had > 0)::integer,
        interested = interested + (new.status IS NOT DISTINCT FROM 'interested')::integer - (was.status IS NOT DISTINCT FROM 'interested')::integer,
        not_going = not_going + (new.status IS NOT DISTINCT FROM 'not_going')::integer - (was.status IS NOT DISTINCT FROM 'not_going')::integer,
        waiting = waiting + coalesce(new.waiting, false)::integer - coalesce(was.waiting, false)::integer,
        places = greatest(places, new.place)
    WHERE tenant_id = tenant AND id = occurrence
    RETURNING concat_ws(' ', seats_taken, going, interested, not_going, waiting) INTO counts;
    RETURN counts;
END
$$;
-- +goose StatementEnd

-- seat_waiting gives free seats of a date to those who wait, in the order of their places, until the next one does not fit. The
-- caller has locked the date. seats is the capacity; null for any number.
-- +goose StatementBegin
CREATE FUNCTION seat_waiting(tenant uuid, occurrence uuid, seats integer, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    first answers;
    seated answers;
    taken integer;
BEGIN
    LOOP
        SELECT * INTO first FROM answers AS a WHERE a.tenant_id = tenant AND a.occurrence_id = occurrence AND a.waiting ORDER BY a.place LIMIT 1;
        EXIT WHEN NOT FOUND;
        SELECT o.seats_taken INTO taken FROM occurrences AS o WHERE o.tenant_id = tenant AND o.id = occurrence;
        EXIT WHEN seats IS NOT NULL AND taken + 1 + first.plus_ones > seats;
        UPDATE answers AS a SET waiting = false, place = 0 WHERE a.tenant_id = tenant AND a.occurrence_id = occurrence AND a.user_id = first.user_id
            RETURNING a.* INTO seated;
        PERFORM count_answer(first, seated);
        INSERT INTO promotions (tenant_id, occurrence_id, user_id, promoted_at, place) VALUES (tenant, occurrence, first.user_id, at, first.place);
    END LOOP;
END
$$;
-- +goose StatementEnd

-- set_answer stores an answer and its event in one statement, which is one transaction and one round trip. It returns
--   'saved', 'waiting'  what became of the answer, and what count_answer returns; a member who asks for seats while others wait, waits too
--   'same'              nothing is changed
-- or stores nothing and returns
--   'full'              a member with seats wants more than are free, or an answer wants more than there are at all
--   'stale'             the event was changed since the answer was decided on, or the date is gone or cancelled
--
-- The share lock waits for a change of the event that is under way; a later change waits for the answer. The lock of the date puts
-- answers about it in a row, so that its capacity holds and the order of the waiting list is the order of the locks. Without a body
-- no event is stored.
-- +goose StatementBegin
CREATE FUNCTION set_answer(
    tenant uuid, event uuid, event_version integer, occurrence uuid, member uuid, answer text, guests integer, note text, author uuid, at timestamptz,
    event_id uuid, event_type text, event_subject text, saved_body text, waiting_body text
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    bound text := set_config('updspace.tenant', tenant::text, true); -- an expression is cheaper than a statement
    seats integer;
    taken integer;
    queue integer; -- members who wait
    last_place integer;
    was answers;
    new answers := (tenant, occurrence, member, answer, false, 0, guests, note, at, author);
    had integer := 0;
    need integer := CASE WHEN answer = 'going' THEN 1 + guests ELSE 0 END;
    stored boolean := false;
    counts text;
BEGIN
    SELECT e.capacity, d.seats_taken, d.waiting, d.places INTO seats, taken, queue, last_place FROM events AS e
        JOIN occurrences AS d ON d.tenant_id = tenant AND d.id = occurrence AND d.event_id = event AND NOT d.cancelled
        WHERE e.tenant_id = tenant AND e.id = event AND e.version = event_version FOR SHARE OF e FOR UPDATE OF d;
    IF NOT FOUND THEN
        RETURN 'stale';
    END IF;
    -- Most have not answered before: their answers are stored without a look for an earlier one.
    IF answer <> 'withdrawn' AND (need <= seats) IS NOT FALSE THEN
        IF need > 0 AND seats IS NOT NULL AND (queue > 0 OR taken + need > seats) THEN
            new.waiting := true;
            new.place := last_place + 1;
        END IF;
        INSERT INTO answers SELECT new.* ON CONFLICT DO NOTHING;
        stored := FOUND;
    END IF;
    IF NOT stored THEN
        SELECT * INTO was FROM answers AS a WHERE a.tenant_id = tenant AND a.occurrence_id = occurrence AND a.user_id = member;
        IF was.user_id IS NULL AND answer = 'withdrawn' OR was.status = answer AND was.plus_ones = guests AND was.comment = note THEN
            RETURN 'same';
        END IF;
        had := seats_of(was);
        new.waiting := false;
        new.place := 0;
        IF need > had AND seats IS NOT NULL THEN
            IF need > seats THEN
                RETURN 'full';
            ELSIF was.waiting THEN
                new.waiting := true;
                new.place := was.place;
            ELSIF queue > 0 OR taken - had + need > seats THEN
                IF had > 0 THEN
                    RETURN 'full';
                END IF;
                new.waiting := true;
                new.place := last_place + 1;
            END IF;
        END IF;
        UPDATE answers AS a SET
            status = new.status, waiting = new.waiting, place = new.place, plus_ones = new.plus_ones, comment = new.comment,
            answered_at = new.answered_at, answered_by = new.answered_by
            WHERE a.tenant_id = tenant AND a.occurrence_id = occurrence AND a.user_id = member;
    END IF;
    counts := count_answer(was, new);
    IF saved_body IS NOT NULL THEN
        INSERT INTO outbox (tenant_id, id, type, subject, event)
            VALUES (tenant, event_id, event_type, event_subject, CASE WHEN new.waiting THEN waiting_body ELSE saved_body END);
    END IF;
    IF queue > 0 OR new.waiting THEN
        PERFORM seat_waiting(tenant, occurrence, seats, at);
        PERFORM FROM answers AS a WHERE a.tenant_id = tenant AND a.occurrence_id = occurrence AND a.user_id = member AND a.waiting;
        new.waiting := FOUND;
        SELECT concat_ws(' ', d.seats_taken, d.going, d.interested, d.not_going, d.waiting) INTO counts FROM occurrences AS d
            WHERE d.tenant_id = tenant AND d.id = occurrence;
    END IF;
    RETURN CASE WHEN new.waiting THEN 'waiting ' ELSE 'saved ' END || counts;
END
$$;
-- +goose StatementEnd

-- set_answers does what set_answer does for each of several members who answer about one date, with the elements of the arrays, and returns
-- what set_answer returns for each. A member is in it once. Where there are seats for all, the answers of those who have not answered before
-- are stored together.
-- +goose StatementBegin
CREATE FUNCTION set_answers(
    tenant uuid, event uuid, event_version integer, occurrence uuid, members uuid[], statuses text[], guests integer[], notes text[], authors uuid[],
    times timestamptz[], event_ids uuid[], event_type text, event_subject text, saved_bodies text[], waiting_bodies text[]
) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    bound text := set_config('updspace.tenant', tenant::text, true);
    room integer; -- free seats; null for any number
    stored uuid[];
    more record; -- what the stored answers add to the date
    counts text;
    outcomes text[];
BEGIN
    SELECT CASE WHEN d.waiting = 0 THEN e.capacity - d.seats_taken ELSE 0 END INTO room FROM events AS e
        JOIN occurrences AS d ON d.tenant_id = tenant AND d.id = occurrence AND d.event_id = event AND NOT d.cancelled
        WHERE e.tenant_id = tenant AND e.id = event AND e.version = event_version FOR SHARE OF e FOR UPDATE OF d;
    IF NOT FOUND THEN
        RETURN array_fill('stale'::text, ARRAY[cardinality(members)]);
    END IF;
    IF 'withdrawn' <> ALL (statuses) AND (
        room IS NULL OR room >= (SELECT coalesce(sum(1 + a.brought), 0) FROM unnest(statuses, guests) AS a (status, brought) WHERE a.status = 'going')
    ) THEN
        WITH asked AS (
            SELECT * FROM unnest(members, statuses, guests, notes, authors, times, event_ids, saved_bodies) AS u (member, status, brought, note, author, at, id, body)
        ), added AS (
            INSERT INTO answers (tenant_id, occurrence_id, user_id, status, waiting, place, plus_ones, comment, answered_at, answered_by)
            SELECT tenant, occurrence, a.member, a.status, false, 0, a.brought, a.note, a.at, a.author FROM asked AS a ON CONFLICT DO NOTHING
            RETURNING user_id, status, plus_ones
        ), told AS (
            INSERT INTO outbox (tenant_id, id, type, subject, event)
            SELECT tenant, a.id, event_type, event_subject, a.body FROM asked AS a JOIN added AS s ON s.user_id = a.member
        )
        SELECT array_agg(s.user_id) AS members, coalesce(sum(1 + s.plus_ones) FILTER (WHERE s.status = 'going'), 0) AS seats,
            count(*) FILTER (WHERE s.status = 'going') AS going, count(*) FILTER (WHERE s.status = 'interested') AS interested,
            count(*) FILTER (WHERE s.status = 'not_going') AS not_going
            INTO more FROM added AS s;
        stored := more.members;
    END IF;
    IF stored IS NOT NULL THEN
        UPDATE occurrences AS o SET seats_taken = o.seats_taken + more.seats, going = o.going + more.going,
            interested = o.interested + more.interested, not_going = o.not_going + more.not_going
            WHERE o.tenant_id = tenant AND o.id = occurrence
            RETURNING concat_ws(' ', o.seats_taken, o.going, o.interested, o.not_going, o.waiting) INTO counts;
    END IF;
    FOR i IN 1 .. cardinality(members) LOOP
        outcomes[i] := CASE WHEN members[i] = ANY (stored) THEN 'saved ' || counts ELSE set_answer(
            tenant, event, event_version, occurrence, members[i], statuses[i], guests[i], notes[i], authors[i], times[i],
            event_ids[i], event_type, event_subject, saved_bodies[i], waiting_bodies[i]) END;
    END LOOP;
    RETURN outcomes;
END
$$;
-- +goose StatementEnd

-- seat_event gives the seats of the dates to come that a greater capacity has made free.
-- +goose StatementBegin
CREATE FUNCTION seat_event(tenant uuid, event uuid, seats integer, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    o uuid;
BEGIN
    FOR o IN SELECT d.id FROM occurrences AS d WHERE d.tenant_id = tenant AND d.event_id = event AND d.waiting > 0 AND d.ends_at > at
        ORDER BY d.starts_at, d.id FOR UPDATE
    LOOP
        PERFORM seat_waiting(tenant, o, seats, at);
    END LOOP;
END
$$;
-- +goose StatementEnd

-- erase_answers removes the answers of a member, gives their seats to those who wait, and returns how many there were. It locks as
-- set_answer does, the event before its dates in the order of their starts: the capacity cannot change meanwhile.
-- +goose StatementBegin
CREATE FUNCTION erase_answers(tenant uuid, member uuid, at timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    was answers;
    seats integer;
    erased bigint := 0;
BEGIN
    FOR was IN SELECT a.* FROM answers AS a JOIN occurrences AS o ON o.tenant_id = a.tenant_id AND o.id = a.occurrence_id
        WHERE a.tenant_id = tenant AND a.user_id = member ORDER BY o.event_id, o.starts_at, o.id
    LOOP
        SELECT e.capacity INTO seats FROM occurrences AS o JOIN events AS e ON e.tenant_id = o.tenant_id AND e.id = o.event_id
            WHERE o.tenant_id = tenant AND o.id = was.occurrence_id FOR SHARE OF e;
        PERFORM FROM occurrences AS o WHERE o.tenant_id = tenant AND o.id = was.occurrence_id FOR UPDATE;
        DELETE FROM answers AS a WHERE a.tenant_id = tenant AND a.occurrence_id = was.occurrence_id AND a.user_id = member RETURNING a.* INTO was;
        CONTINUE WHEN NOT FOUND;
        PERFORM count_answer(was, NULL);
        PERFORM seat_waiting(tenant, was.occurrence_id, seats, at);
        erased := erased + 1;
    END LOOP;
    RETURN erased;
END
$$;
-- +goose StatementEnd
