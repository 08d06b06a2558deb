-- +goose Up

-- Dates of a window are found by their start: only long ones can have begun much earlier, and those have an index of their own.
ALTER TABLE occurrences ADD COLUMN long boolean NOT NULL GENERATED ALWAYS AS (ends_at - starts_at > interval '1 day') STORED;
CREATE INDEX occurrences_long ON occurrences (tenant_id, ends_at) WHERE long;

-- give_answer is set_answer for one date, and tells what the date has then: 'saved' or 'waiting' with the seats taken and the numbers of those
-- who go, are interested, do not go and wait. The transaction holds the lock of the date, so these are the numbers with this answer.
-- +goose StatementBegin
CREATE FUNCTION give_answer(
    tenant uuid, event uuid, event_version integer, occurrence uuid, member uuid, answer text, guests integer, note text, author uuid, at timestamptz,
    event_id uuid, event_type text, event_subject text, saved_body text, waiting_body text
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    outcome text := set_answer(tenant, event, event_version, occurrence, member, answer, guests, note, author, at,
        event_id, event_type, event_subject, saved_body, waiting_body);
    o occurrences;
BEGIN
    IF outcome NOT IN ('saved', 'waiting') THEN
        RETURN outcome;
    END IF;
    SELECT * INTO o FROM occurrences AS d WHERE d.tenant_id = tenant AND d.id = occurrence;
    RETURN concat_ws(' ', outcome, o.seats_taken, o.going, o.interested, o.not_going, o.waiting);
END
$$;
-- +goose StatementEnd
