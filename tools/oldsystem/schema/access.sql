CREATE TABLE access_control_permission (key varchar(128) PRIMARY KEY, description varchar(255) NOT NULL, service varchar(32) NOT NULL);
CREATE TABLE access_control_role (
    id bigint PRIMARY KEY, tenant_id uuid, service varchar(32) NOT NULL, name varchar(128) NOT NULL, is_system_template boolean NOT NULL,
    created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, UNIQUE (tenant_id, service, name)
);
CREATE TABLE access_control_rolepermission (
    id bigint PRIMARY KEY, role_id bigint NOT NULL REFERENCES access_control_role DEFERRABLE INITIALLY DEFERRED,
    permission_key varchar(128) NOT NULL REFERENCES access_control_permission DEFERRABLE INITIALLY DEFERRED, UNIQUE (role_id, permission_key)
);
CREATE TABLE access_control_rolebinding (
    id bigint PRIMARY KEY, tenant_id uuid NOT NULL, user_id uuid NOT NULL, scope_type varchar(16) NOT NULL, scope_id varchar(128) NOT NULL,
    role_id bigint NOT NULL REFERENCES access_control_role DEFERRABLE INITIALLY DEFERRED, created_at timestamptz NOT NULL,
    UNIQUE (tenant_id, user_id, scope_type, scope_id, role_id)
);
CREATE TABLE access_control_policyoverride (
    id uuid PRIMARY KEY, tenant_id uuid NOT NULL, user_id uuid NOT NULL, action varchar(8) NOT NULL,
    permission_key varchar(128) REFERENCES access_control_permission DEFERRABLE INITIALLY DEFERRED, reason varchar(255) NOT NULL, expires_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE TABLE access_control_tenantadminauditevent (
    id uuid PRIMARY KEY, tenant_id uuid NOT NULL, performed_by uuid NOT NULL, action varchar(64) NOT NULL, target_type varchar(32) NOT NULL,
    target_id varchar(128) NOT NULL, metadata jsonb NOT NULL, created_at timestamptz NOT NULL
);
