CREATE TABLE act_source (id bigint PRIMARY KEY, tenant_id uuid NOT NULL, type varchar(32) NOT NULL, config_json text NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE act_activity_event (
    id bigint PRIMARY KEY, tenant_id uuid NOT NULL, actor_user_id uuid, target_user_id uuid, type varchar(64) NOT NULL, occurred_at timestamptz NOT NULL,
    title varchar(256) NOT NULL, payload_json jsonb NOT NULL, visibility varchar(16) NOT NULL, scope_type varchar(16) NOT NULL, scope_id varchar(128) NOT NULL,
    source_ref varchar(255) NOT NULL, raw_event_id bigint, UNIQUE (tenant_id, source_ref)
);
CREATE TABLE act_news_post (
    id uuid PRIMARY KEY, tenant_id uuid NOT NULL, author_user_id uuid NOT NULL, title varchar(256) NOT NULL, body text NOT NULL, tags_json jsonb NOT NULL,
    media_json jsonb NOT NULL, visibility varchar(16) NOT NULL, scope_type varchar(16) NOT NULL, scope_id varchar(128) NOT NULL,
    comments_count integer NOT NULL CHECK (comments_count >= 0), reactions_count integer NOT NULL CHECK (reactions_count >= 0),
    created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, status varchar(16) NOT NULL
);
CREATE TABLE act_news_reaction (
    id bigint PRIMARY KEY, tenant_id uuid NOT NULL, post_id uuid NOT NULL REFERENCES act_news_post DEFERRABLE INITIALLY DEFERRED, user_id uuid NOT NULL,
    emoji varchar(32) NOT NULL, created_at timestamptz NOT NULL, UNIQUE (post_id, user_id, emoji)
);
CREATE TABLE act_news_comment (
    id bigint PRIMARY KEY, tenant_id uuid NOT NULL, post_id uuid NOT NULL REFERENCES act_news_post DEFERRABLE INITIALLY DEFERRED, user_id uuid NOT NULL, body text NOT NULL,
    created_at timestamptz NOT NULL, deleted_at timestamptz, parent_id bigint REFERENCES act_news_comment DEFERRABLE INITIALLY DEFERRED, updated_at timestamptz NOT NULL
);
CREATE TABLE act_news_comment_reaction (
    id bigint PRIMARY KEY, tenant_id uuid NOT NULL, comment_id bigint NOT NULL REFERENCES act_news_comment DEFERRABLE INITIALLY DEFERRED, user_id uuid NOT NULL,
    created_at timestamptz NOT NULL, UNIQUE (comment_id, user_id)
);
CREATE TABLE act_news_post_view (
    id bigint PRIMARY KEY, tenant_id uuid NOT NULL, post_id uuid NOT NULL REFERENCES act_news_post DEFERRABLE INITIALLY DEFERRED, user_id uuid NOT NULL,
    first_viewed_at timestamptz NOT NULL, last_viewed_at timestamptz NOT NULL, UNIQUE (post_id, user_id)
);
CREATE TABLE act_subscription (id bigint PRIMARY KEY, tenant_id uuid NOT NULL, user_id uuid NOT NULL, rules_json jsonb NOT NULL, created_at timestamptz NOT NULL, UNIQUE (tenant_id, user_id));
CREATE TABLE act_feed_last_seen (
    id bigint PRIMARY KEY, tenant_id uuid NOT NULL, user_id uuid NOT NULL, last_seen_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, UNIQUE (tenant_id, user_id)
);
