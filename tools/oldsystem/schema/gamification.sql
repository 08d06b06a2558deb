CREATE TABLE gamification_category (
    id uuid PRIMARY KEY, tenant_id uuid NOT NULL, slug varchar(64) NOT NULL, name_i18n jsonb NOT NULL, "order" integer NOT NULL, is_active boolean NOT NULL,
    created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, UNIQUE (tenant_id, slug)
);
CREATE TABLE gamification_achievement (
    id uuid PRIMARY KEY, tenant_id uuid NOT NULL, category_id uuid NOT NULL REFERENCES gamification_category DEFERRABLE INITIALLY DEFERRED, name_i18n jsonb NOT NULL,
    description text NOT NULL, status varchar(16) NOT NULL, images jsonb NOT NULL, created_by uuid NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL
);
CREATE TABLE gamification_grant (
    id uuid PRIMARY KEY, tenant_id uuid NOT NULL, achievement_id uuid NOT NULL REFERENCES gamification_achievement DEFERRABLE INITIALLY DEFERRED, recipient_id uuid NOT NULL,
    issuer_id uuid NOT NULL, reason text NOT NULL, visibility varchar(16) NOT NULL, created_at timestamptz NOT NULL, revoked_at timestamptz, revoked_by uuid
);
CREATE UNIQUE INDEX ON gamification_grant (tenant_id, achievement_id, recipient_id) WHERE revoked_at IS NULL;
