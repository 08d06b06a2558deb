-- +goose Up

-- A group may be without an owner when nobody is in it and it is archived, which is how somebody leaves it who wants to be
-- forgotten and has no heir. Who restores it becomes its owner, and restoring it without one is refused here.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION group_needs_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM groups WHERE tenant_id = NEW.tenant_id AND id = NEW.id AND owners < 1 AND (members > 0 OR status = 'active');
    IF FOUND THEN
        RAISE EXCEPTION 'group % is left without an owner', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'groups_owner';
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
DROP TRIGGER groups_need_an_owner ON groups;
CREATE CONSTRAINT TRIGGER groups_need_an_owner AFTER INSERT OR UPDATE OF owners, members, status ON groups
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION group_needs_an_owner();

-- What a person made, in the order in which it is handed out to him.
CREATE INDEX groups_of_maker ON groups (tenant_id, created_by, kind, id);
-- And what he wrote and uploaded, whatever has become of it.
CREATE INDEX posts_written_by ON posts (tenant_id, created_by, id);
CREATE INDEX files_of_owner ON files (tenant_id, owner_id) WHERE discarded_at IS NULL;
