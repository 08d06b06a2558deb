-- +goose Up

-- updspace_create_groups creates the table of the communities and teams that portal's events have told of (libs/groups).
-- Migrations of a service whose resources belong to groups call it once:
--
--     SELECT updspace_create_groups();
-- +goose StatementBegin
CREATE FUNCTION updspace_create_groups() RETURNS void
LANGUAGE plpgsql AS $function$
BEGIN
    CREATE TABLE groups (
        tenant_id    uuid NOT NULL,
        scope_type   text NOT NULL CHECK (scope_type IN ('COMMUNITY', 'TEAM')),
        scope_id     uuid NOT NULL,
        community_id uuid NOT NULL, -- of a team; else scope_id
        state        text NOT NULL CHECK (state IN ('active', 'archived', 'deleted')),
        PRIMARY KEY (tenant_id, scope_type, scope_id)
    );
    CREATE INDEX groups_community ON groups (tenant_id, community_id);
    PERFORM updspace_protect('groups');
END
$function$;
-- +goose StatementEnd
