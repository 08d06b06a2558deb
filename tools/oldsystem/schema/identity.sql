CREATE TABLE django_migrations (id bigint PRIMARY KEY, app varchar(255) NOT NULL, name varchar(255) NOT NULL, applied timestamptz NOT NULL);
CREATE TABLE usid_tenant (id uuid PRIMARY KEY, slug varchar(64) NOT NULL UNIQUE, created_at timestamptz NOT NULL);
CREATE TABLE usid_user (
    user_id uuid PRIMARY KEY, username varchar(64) NOT NULL, display_name varchar(128) NOT NULL, email varchar(254) NOT NULL UNIQUE,
    email_verified boolean NOT NULL, status varchar(32) NOT NULL, system_admin boolean NOT NULL, created_at timestamptz NOT NULL
);
CREATE TABLE usid_tenant_membership (
    id bigint PRIMARY KEY, user_id uuid NOT NULL REFERENCES usid_user DEFERRABLE INITIALLY DEFERRED,
    tenant_id uuid NOT NULL REFERENCES usid_tenant DEFERRABLE INITIALLY DEFERRED,
    status varchar(16) NOT NULL, base_role varchar(64) NOT NULL, created_at timestamptz NOT NULL, UNIQUE (user_id, tenant_id)
);
CREATE TABLE usid_application (
    id bigint PRIMARY KEY, tenant_slug varchar(64) NOT NULL, payload_json jsonb NOT NULL, status varchar(16) NOT NULL, created_at timestamptz NOT NULL,
    reviewed_by_user_id uuid, reviewed_at timestamptz
);
CREATE TABLE usid_external_identity (
    id bigint PRIMARY KEY, user_id uuid NOT NULL REFERENCES usid_user DEFERRABLE INITIALLY DEFERRED, provider varchar(16) NOT NULL, subject varchar(128) NOT NULL,
    tokens_json jsonb, created_at timestamptz NOT NULL, last_used_at timestamptz, UNIQUE (provider, subject), UNIQUE (user_id, provider)
);
CREATE TABLE usid_audit_log (
    id bigint PRIMARY KEY, actor_user_id uuid, action varchar(64) NOT NULL, target_type varchar(64) NOT NULL, target_id varchar(128) NOT NULL,
    tenant_id uuid, meta_json jsonb NOT NULL, created_at timestamptz NOT NULL
);
CREATE TABLE usid_session (
    token varchar(128) PRIMARY KEY, user_id uuid NOT NULL REFERENCES usid_user DEFERRABLE INITIALLY DEFERRED, created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL, revoked_at timestamptz, ip_hash varchar(64) NOT NULL, ua_hash varchar(64) NOT NULL
);
CREATE TABLE auth_user (
    id integer PRIMARY KEY, password varchar(128) NOT NULL, last_login timestamptz, is_superuser boolean NOT NULL, username varchar(150) NOT NULL UNIQUE,
    first_name varchar(150) NOT NULL, last_name varchar(150) NOT NULL, email varchar(254) NOT NULL, is_staff boolean NOT NULL, is_active boolean NOT NULL,
    date_joined timestamptz NOT NULL
);
CREATE TABLE account_emailaddress (
    id integer PRIMARY KEY, user_id integer NOT NULL REFERENCES auth_user DEFERRABLE INITIALLY DEFERRED, email varchar(254) NOT NULL,
    verified boolean NOT NULL, "primary" boolean NOT NULL, UNIQUE (user_id, email)
);
CREATE TABLE mfa_authenticator (
    id bigint PRIMARY KEY, user_id integer NOT NULL REFERENCES auth_user DEFERRABLE INITIALLY DEFERRED, type varchar(20) NOT NULL, data jsonb NOT NULL,
    created_at timestamptz NOT NULL, last_used_at timestamptz
);
CREATE TABLE accounts_userprofile (
    id bigint PRIMARY KEY, user_id integer NOT NULL UNIQUE REFERENCES auth_user DEFERRABLE INITIALLY DEFERRED, avatar varchar(100), avatar_source varchar(16) NOT NULL,
    gravatar_enabled boolean NOT NULL, gravatar_checked_at timestamptz, phone_number varchar(32) NOT NULL, phone_verified boolean NOT NULL, birth_date date,
    created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL
);
CREATE TABLE accounts_userpreferences (
    id bigint PRIMARY KEY, user_id integer NOT NULL UNIQUE REFERENCES auth_user DEFERRABLE INITIALLY DEFERRED, language varchar(8) NOT NULL, timezone varchar(64) NOT NULL,
    marketing_opt_in boolean NOT NULL, marketing_opt_in_at timestamptz, marketing_opt_out_at timestamptz, privacy_scope_defaults jsonb NOT NULL,
    created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL
);
CREATE TABLE accounts_userconsent (
    id bigint PRIMARY KEY, user_id integer NOT NULL REFERENCES auth_user DEFERRABLE INITIALLY DEFERRED, kind varchar(32) NOT NULL, version varchar(32) NOT NULL,
    granted_at timestamptz NOT NULL, revoked_at timestamptz, source varchar(64) NOT NULL, meta jsonb NOT NULL
);
