-- +goose Up

-- Every sign-in of every community inserts a code and a grant of the same one
-- client. As foreign keys these would make them all lock that client's row, and
-- share the lock, which costs more than the insert. A client that is gone can
-- redeem nothing, so nothing is lost but tidiness; housekeeping sees to that.
ALTER TABLE oidc_codes DROP CONSTRAINT oidc_codes_client_id_fkey;
ALTER TABLE oidc_grants DROP CONSTRAINT oidc_grants_client_id_fkey;

-- A code's redemption: uses up a code that fits in every part and makes its
-- grant, with a refresh token if the grant is offline and the client may have
-- one. Returns nothing when no unused code fits. It is a function because its
-- statements are then planned once per connection and not once per sign-in. The
-- row lock of the UPDATE makes a second redemption wait and then find the code used.
-- +goose StatementBegin
CREATE FUNCTION redeem_code(
    hash bytea, client text, redirect text, challenge text, at timestamptz,
    access_until timestamptz, may_refresh boolean, refresh_hash bytea, refresh_until timestamptz
) RETURNS TABLE (code oidc_codes, person users)
LANGUAGE plpgsql AS $function$
DECLARE
    offline boolean;
BEGIN
    UPDATE oidc_codes c SET used_at = at FROM users u
    WHERE c.code_hash = hash AND c.client_id = client AND c.redirect_uri = redirect AND c.code_challenge = challenge
      AND c.used_at IS NULL AND c.expires_at > at
      AND u.id = c.user_id AND u.status = 'active' AND u.email_verified
    RETURNING c.* INTO code;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT * INTO person FROM users u WHERE u.id = code.user_id;
    offline := may_refresh AND 'offline_access' = ANY (code.scopes);
    INSERT INTO oidc_grants (id, client_id, user_id, session_id, scopes, nonce, auth_time, created_at, expires_at)
    VALUES (code.id, code.client_id, code.user_id, code.session_id, code.scopes, code.nonce, code.auth_time, at,
            CASE WHEN offline THEN refresh_until ELSE access_until END);
    IF offline THEN
        INSERT INTO oidc_refresh_tokens (token_hash, grant_id, created_at, expires_at) VALUES (refresh_hash, code.id, at, refresh_until);
    END IF;
    RETURN NEXT;
END
$function$;
-- +goose StatementEnd

-- Rows arrive in the order in which they expire, near enough, so block ranges
-- find the dead ones, and cost an insert next to nothing.
DROP INDEX oidc_codes_expired;
DROP INDEX oidc_grants_expired;
CREATE INDEX oidc_codes_expired ON oidc_codes USING brin (expires_at) WITH (pages_per_range = 16);
CREATE INDEX oidc_grants_expired ON oidc_grants USING brin (expires_at) WITH (pages_per_range = 16);
