-- +goose Up

-- Instances remember facts. So every change of a fact notifies all of them of
-- whose facts it changed, when it commits, whoever makes it: "tenant user",
-- "tenant" for everybody in it, or "everybody". Notifications arrive in the order of the
-- commits, and what is said twice in a transaction is said once.
-- +goose StatementBegin
CREATE FUNCTION tell_user() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        PERFORM pg_notify('access_changes', OLD.tenant_id || ' ' || OLD.user_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM pg_notify('access_changes', NEW.tenant_id || ' ' || NEW.user_id);
    END IF;
    RETURN NULL;
END
$function$;
CREATE FUNCTION tell_tenant() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        PERFORM pg_notify('access_changes', coalesce(OLD.tenant_id::text, 'everybody'));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM pg_notify('access_changes', coalesce(NEW.tenant_id::text, 'everybody'));
    END IF;
    RETURN NULL;
END
$function$;
-- +goose StatementEnd
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON role_bindings FOR EACH ROW EXECUTE FUNCTION tell_user();
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON policy_overrides FOR EACH ROW EXECUTE FUNCTION tell_user();
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON teams FOR EACH ROW EXECUTE FUNCTION tell_tenant();
-- Also when a role's permissions change, because its keys follow them.
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON roles FOR EACH ROW EXECUTE FUNCTION tell_tenant();

-- Which instances remember, until when they may, and up to which barrier they
-- have heard. Whoever changed something asks here who has not heard yet.
CREATE TABLE leases (
    instance uuid        PRIMARY KEY,
    until    timestamptz NOT NULL,
    heard    bigint      NOT NULL
);
-- A barrier is a notification that only holds a number. It is drawn after the
-- change has been committed: who has heard a barrier of this number or a higher
-- one has heard of the change.
CREATE SEQUENCE barriers;
