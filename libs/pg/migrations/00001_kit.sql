-- +goose Up

-- updspace_protect puts a tenant table under row-level security. Migrations
-- call it once for every table that has a tenant_id:
--
--     SELECT updspace_protect('polls');
--
-- Two settings decide what a connection sees. updspace.tenant is the tenant the
-- transaction was begun for. updspace.across is 'on' in a transaction of a
-- cross-tenant job, 'read' on connections that may read outside of a
-- transaction (there the queries' own filter is the only one), else absent.
--
-- The expressions are plain: evaluated for each row that the query's own
-- conditions leave, at a fraction of a microsecond. As scalar subqueries they
-- would be evaluated once a query, but planning those costs every query some
-- 30 microseconds, and every query is planned each time. What is usually true
-- comes first.
-- +goose StatementBegin
CREATE FUNCTION updspace_protect(target regclass) RETURNS void
LANGUAGE plpgsql AS $function$
DECLARE
    own      constant text := $$tenant_id = nullif(current_setting('updspace.tenant', true), '')::uuid$$;
    readable constant text := $$current_setting('updspace.across', true) IN ('on', 'read') OR $$ || own;
    writable constant text := own || $$ OR current_setting('updspace.across', true) = 'on'$$;
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY tenant_select ON %s FOR SELECT USING (%s)', target, readable);
    EXECUTE format('CREATE POLICY tenant_insert ON %s FOR INSERT WITH CHECK (%s)', target, writable);
    EXECUTE format('CREATE POLICY tenant_update ON %s FOR UPDATE USING (%s) WITH CHECK (%s)', target, writable, writable);
    EXECUTE format('CREATE POLICY tenant_delete ON %s FOR DELETE USING (%s)', target, writable);
END
$function$;
-- +goose StatementEnd

-- Domain events on their way out, written in the transaction that causes them.
-- seq is the order in which they leave; id is the event's own.
CREATE TABLE outbox (
    seq          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    type         text        NOT NULL,
    subject      text        NOT NULL,
    event        text        NOT NULL, -- the CloudEvent as it goes out, JSON
    created_at   timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz
);
CREATE INDEX outbox_unpublished ON outbox (seq) WHERE published_at IS NULL;
CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL;
SELECT updspace_protect('outbox');

-- Events a consumer has dealt with, written in the transaction of its handler.
-- Not a tenant's data: an id and a time.
CREATE TABLE inbox (
    consumer   text        NOT NULL,
    event_id   text        NOT NULL,
    handled_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, event_id)
);
CREATE INDEX inbox_handled ON inbox (handled_at);

-- First results of creates, so that a repeated request gets the same answer.
CREATE TABLE idempotency (
    tenant_id  uuid        NOT NULL,
    user_id    uuid        NOT NULL,
    request_id text        NOT NULL,
    operation  text        NOT NULL,
    input_hash bytea       NOT NULL,
    result_id  uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, user_id, request_id, operation)
);
CREATE INDEX idempotency_created ON idempotency USING brin (created_at);
SELECT updspace_protect('idempotency');

-- The audit log (libs/audit). The zero tenant holds entries that belong to no tenant.
CREATE TABLE audit_entries (
    tenant_id   uuid        NOT NULL,
    id          uuid        NOT NULL,
    created_at  timestamptz NOT NULL,
    actor_type  text        NOT NULL CHECK (actor_type IN ('user', 'operator', 'service', 'system')),
    actor_id    uuid,
    actor_name  text        NOT NULL DEFAULT '' CHECK (length(actor_name) <= 128),
    action      text        NOT NULL CHECK (length(action) BETWEEN 1 AND 64),
    target_type text        NOT NULL DEFAULT '' CHECK (length(target_type) <= 32),
    target_id   text        NOT NULL DEFAULT '' CHECK (length(target_id) <= 128),
    about       uuid,       -- the user whom the entry is about, if not the actor
    reason      text        NOT NULL DEFAULT '' CHECK (length(reason) <= 1000),
    ip          text        NOT NULL DEFAULT '' CHECK (length(ip) <= 64),
    request_id  text        NOT NULL DEFAULT '' CHECK (length(request_id) <= 128),
    metadata    jsonb       NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_entries_newest ON audit_entries (tenant_id, created_at DESC, id DESC);
CREATE INDEX audit_entries_actor ON audit_entries (tenant_id, actor_id, created_at DESC, id DESC) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_entries_about ON audit_entries (tenant_id, about, created_at DESC, id DESC) WHERE about IS NOT NULL;
CREATE INDEX audit_entries_target ON audit_entries (tenant_id, target_type, target_id, created_at DESC, id DESC);
CREATE INDEX audit_entries_age ON audit_entries USING brin (created_at);
SELECT updspace_protect('audit_entries');
