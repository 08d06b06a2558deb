-- +goose Up

-- Redeems a code: marks a code that matches in every part as used and inserts its grant, with a refresh token if the grant
-- is offline and the client may have one. Returns no row when no unused code matches. It is a function because its
-- statements are then planned once per connection and not once per sign-in.
--
-- The row lock of the UPDATE makes a second redemption wait and then find the code used. The share lock on the session
-- makes sign-out wait for the new grant, which it then finds and revokes; a code of an ended session is not redeemed.
DROP FUNCTION IF EXISTS redeem_code; -- of an earlier number of this migration
-- +goose StatementBegin
CREATE FUNCTION redeem_code(
    hash bytea, client text, redirect text, challenge text, at timestamptz,
    access_until timestamptz, may_refresh boolean, refresh_hash bytea, refresh_until timestamptz
) RETURNS TABLE (code oidc_codes, person users)
LANGUAGE plpgsql AS $function$
DECLARE
    offline boolean;
BEGIN
    PERFORM 1 FROM sessions s
    WHERE s.id = (SELECT c.session_id FROM oidc_codes c WHERE c.code_hash = hash) AND s.revoked_at IS NULL
    FOR SHARE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
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
    INSERT INTO oidc_grants (id, client_id, user_id, session_id, scopes, nonce, auth_time, acr, created_at, expires_at)
    VALUES (code.id, code.client_id, code.user_id, code.session_id, code.scopes, code.nonce, code.auth_time, code.acr, at,
            CASE WHEN offline THEN refresh_until ELSE access_until END);
    IF offline THEN
        INSERT INTO oidc_refresh_tokens (token_hash, grant_id, created_at, expires_at) VALUES (refresh_hash, code.id, at, refresh_until);
    END IF;
    RETURN NEXT;
END
$function$;
-- +goose StatementEnd
