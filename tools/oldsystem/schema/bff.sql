CREATE TABLE bff_tenant (id uuid PRIMARY KEY, slug varchar(64) NOT NULL UNIQUE, created_at timestamptz NOT NULL);
CREATE TABLE bff_bffsession (
    id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES bff_tenant DEFERRABLE INITIALLY DEFERRED, user_id uuid NOT NULL, master_flags jsonb NOT NULL,
    expires_at timestamptz NOT NULL, created_at timestamptz NOT NULL, revoked_at timestamptz
);
