-- +goose Up

-- The latest item of a group, and the members of one: what is of one type, about one source.
DROP INDEX items_parent;
CREATE INDEX items_parent ON items (tenant_id, parent_ref, type, occurred_at DESC, id DESC) WHERE parent_ref <> '';
