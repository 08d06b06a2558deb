-- +goose Up

-- listed_to_guests: the user agrees that guests see the user's name and public posts. name_key is the beginning of the shown name, folded, by
-- which people are listed; lower() is near enough for rows that were stored before it, until they are stored again.
ALTER TABLE profiles
    ADD COLUMN listed_to_guests boolean NOT NULL DEFAULT false,
    ADD COLUMN name_key text COLLATE "C" NOT NULL DEFAULT '' CHECK (char_length(name_key) <= 128);
SELECT set_config('updspace.across', 'on', true);
UPDATE profiles SET name_key = left(lower(coalesce(nullif(btrim(first_name || ' ' || last_name), ''), nullif(display_name, ''), username) COLLATE "default"), 128);
SELECT set_config('updspace.across', '', true);
CREATE INDEX profiles_people ON profiles (tenant_id, name_key, user_id) WHERE member;
CREATE INDEX profiles_listed ON profiles (tenant_id, created_at, user_id) WHERE member AND listed_to_guests;

-- search_people is search_profiles for the list of people: members only, in the order of their shown names.
-- +goose StatementBegin
CREATE FUNCTION search_people(searched uuid, pattern text, after_key text, after_user uuid, most bigint) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $function$
BEGIN
    IF (current_setting('updspace.across', true) IN ('on', 'read')
        OR searched = nullif(current_setting('updspace.tenant', true), '')::uuid) IS NOT TRUE THEN
        RAISE insufficient_privilege USING MESSAGE = 'search_people: not the tenant of the transaction';
    END IF;
    RETURN QUERY
        SELECT user_id FROM profiles
        WHERE tenant_id = searched AND member AND folded LIKE pattern AND (name_key, user_id) > (after_key, after_user)
        ORDER BY name_key, user_id LIMIT most;
END
$function$;
-- +goose StatementEnd

-- The colour of a group in degrees, 1 to 360; 0 for one that is derived from its id.
ALTER TABLE groups ADD COLUMN hue smallint NOT NULL DEFAULT 0 CHECK (hue BETWEEN 0 AND 360);

-- What waits for a decision, over all groups.
CREATE INDEX join_requests_waiting ON join_requests (tenant_id, id) WHERE status = 'pending';
