-- +goose Up

-- Who is a member of a tenant, as identity's events tell. A calendar address is read without a session: it answers only for active
-- members. Making an address makes the row, so that it is there whatever came first.
CREATE TABLE tenant_members (
    tenant_id uuid    NOT NULL,
    user_id   uuid    NOT NULL,
    active    boolean NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);
SELECT updspace_protect('tenant_members');

-- The addresses that calendar programs read. Only the hash of the secret is stored.
CREATE TABLE calendar_addresses (
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    user_id      uuid        NOT NULL,
    name         text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    content      text        NOT NULL CHECK (content IN ('all', 'answered', 'group')),
    scope_type   text        NOT NULL CHECK (scope_type IN ('TENANT', 'COMMUNITY', 'TEAM')),
    scope_id     uuid        NOT NULL,
    token_hash   bytea       NOT NULL CHECK (octet_length(token_hash) = 32),
    created_at   timestamptz NOT NULL,
    renewed_at   timestamptz NOT NULL,
    last_used_on date,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT calendar_addresses_group CHECK ((content = 'group') = (scope_type <> 'TENANT')),
    CONSTRAINT calendar_addresses_token UNIQUE (tenant_id, token_hash),
    CONSTRAINT calendar_addresses_member FOREIGN KEY (tenant_id, user_id) REFERENCES tenant_members (tenant_id, user_id) ON DELETE CASCADE
);
CREATE INDEX calendar_addresses_user ON calendar_addresses (tenant_id, user_id, id);
SELECT updspace_protect('calendar_addresses');

-- How often the events of a tenant were changed, so that one SELECT tells that a calendar is unchanged. Every change of an event or of
-- one of its dates changes its row in events; answers do not.
CREATE TABLE calendar_versions (
    tenant_id  uuid        PRIMARY KEY,
    version    bigint      NOT NULL,
    changed_at timestamptz NOT NULL
);
SELECT updspace_protect('calendar_versions');

-- count_calendar_change counts a transaction that changes events, once. The trigger is deferred: the row of the tenant, which all
-- such transactions need, is locked last and for the commit only.
-- +goose StatementBegin
CREATE FUNCTION count_calendar_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    tenant uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.tenant_id ELSE NEW.tenant_id END;
BEGIN
    IF current_setting('updspace.calendar_counted', true) IS DISTINCT FROM tenant::text THEN
        PERFORM set_config('updspace.calendar_counted', tenant::text, true);
        INSERT INTO calendar_versions AS v VALUES (tenant, 1, now())
            ON CONFLICT (tenant_id) DO UPDATE SET version = v.version + 1, changed_at = EXCLUDED.changed_at;
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER events_counted AFTER INSERT OR UPDATE OR DELETE ON events
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION count_calendar_change();

-- The latest answer of a member is part of the version of the member's calendars.
DROP INDEX answers_user;
CREATE INDEX answers_user ON answers (tenant_id, user_id, answered_at, occurrence_id);

-- The UID that an event had in the file it was imported from; importing the file again updates the event.
ALTER TABLE events ADD COLUMN import_uid text CHECK (char_length(import_uid) BETWEEN 1 AND 255);
CREATE UNIQUE INDEX events_import ON events (tenant_id, created_by, scope_type, scope_id, import_uid) WHERE import_uid IS NOT NULL;
