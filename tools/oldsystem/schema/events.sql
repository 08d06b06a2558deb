CREATE TABLE events_event (
    id uuid PRIMARY KEY, tenant_id uuid NOT NULL, scope_type varchar(16) NOT NULL, scope_id varchar(128) NOT NULL, title varchar(255) NOT NULL, description text NOT NULL,
    starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, location_text varchar(255) NOT NULL, location_url varchar(200), game_id varchar(128),
    visibility varchar(16) NOT NULL, created_by uuid NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL
);
CREATE TABLE events_rsvp (
    id bigint PRIMARY KEY, event_id uuid NOT NULL REFERENCES events_event DEFERRABLE INITIALLY DEFERRED, tenant_id uuid NOT NULL, user_id uuid NOT NULL,
    status varchar(16) NOT NULL, updated_at timestamptz NOT NULL, UNIQUE (tenant_id, event_id, user_id)
);
CREATE TABLE events_attendance (
    id bigint PRIMARY KEY, event_id uuid NOT NULL REFERENCES events_event DEFERRABLE INITIALLY DEFERRED, tenant_id uuid NOT NULL, user_id uuid NOT NULL,
    marked_by uuid NOT NULL, marked_at timestamptz NOT NULL, UNIQUE (tenant_id, event_id, user_id)
);
