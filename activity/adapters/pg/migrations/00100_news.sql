-- +goose Up

-- Posts. What others see is in items, too, under the source news:<id>. A draft has no item.
CREATE TABLE news_posts (
    tenant_id       uuid             NOT NULL,
    id              uuid             NOT NULL,
    author_id       uuid             NOT NULL,
    title           text             NOT NULL CHECK (char_length(title) <= 256),
    body            text             NOT NULL CHECK (char_length(body) BETWEEN 1 AND 5000),
    search_text     text             NOT NULL, -- title and body, folded
    tags            text[]           NOT NULL CHECK (cardinality(tags) <= 10),
    media           jsonb            NOT NULL CHECK (jsonb_typeof(media) = 'array'),
    visibility      text             NOT NULL CHECK (visibility IN ('public', 'community', 'team', 'private')),
    scope_type      text             NOT NULL CHECK (scope_type IN ('TENANT', 'COMMUNITY', 'TEAM')),
    scope_id        uuid             NOT NULL,
    status          text             NOT NULL CHECK (status IN ('draft', 'scheduled', 'published')),
    publish_at      timestamptz,
    published_at    timestamptz,
    pinned_at       timestamptz,
    hidden_at       timestamptz,
    hidden_by       uuid,
    hidden_reason   text             NOT NULL DEFAULT '' CHECK (char_length(hidden_reason) <= 500),
    comments_locked boolean          NOT NULL DEFAULT false,
    comments_count  integer          NOT NULL DEFAULT 0 CHECK (comments_count >= 0),
    reactions_count integer          NOT NULL DEFAULT 0 CHECK (reactions_count >= 0),
    views_count     integer          NOT NULL DEFAULT 0 CHECK (views_count >= 0),
    age             double precision NOT NULL DEFAULT 0, -- when it was published, in units in which a factor of ten in points is 1
    rank            double precision GENERATED ALWAYS AS (age + log(1 + reactions_count + 2 * comments_count::double precision)) STORED,
    edited_at       timestamptz,
    created_at      timestamptz      NOT NULL,
    updated_at      timestamptz      NOT NULL,
    version         integer          NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK ((status = 'scheduled') = (publish_at IS NOT NULL)),
    CHECK (status <> 'published' OR published_at IS NOT NULL)
);
CREATE INDEX news_posts_newest ON news_posts (tenant_id, published_at DESC, id DESC) WHERE status = 'published' AND hidden_at IS NULL;
CREATE INDEX news_posts_best ON news_posts (tenant_id, rank DESC, id DESC) WHERE status = 'published' AND hidden_at IS NULL;
CREATE INDEX news_posts_pinned ON news_posts (tenant_id, pinned_at DESC, id DESC) WHERE pinned_at IS NOT NULL;
CREATE INDEX news_posts_author ON news_posts (tenant_id, author_id, status, updated_at DESC, id DESC);
CREATE INDEX news_posts_author_newest ON news_posts (tenant_id, author_id, published_at DESC, id DESC) WHERE status = 'published' AND hidden_at IS NULL;
CREATE INDEX news_posts_due ON news_posts (publish_at) WHERE status = 'scheduled';
SELECT updspace_protect('news_posts');

-- Searching for a part of a text or for a tag: row-level security lets neither LIKE nor @> use an index, so a function that runs as
-- the owner reads by one and checks what the policies check. The caller filters the ids that it returns by who may see them.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE INDEX news_posts_by_part ON news_posts USING gin (tenant_id, search_text gin_trgm_ops) WITH (fastupdate = off);
CREATE INDEX news_posts_by_tag ON news_posts USING gin (tenant_id, tags) WITH (fastupdate = off);
CREATE POLICY owner_select ON news_posts FOR SELECT TO CURRENT_USER USING (true);

-- +goose StatementBegin
CREATE FUNCTION search_news(searched uuid, pattern text, tag text, most bigint) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $function$
BEGIN
    IF (current_setting('updspace.across', true) IN ('on', 'read')
        OR searched = nullif(current_setting('updspace.tenant', true), '')::uuid) IS NOT TRUE THEN
        RAISE insufficient_privilege USING MESSAGE = 'search_news: not the tenant of the transaction';
    END IF;
    RETURN QUERY
        SELECT p.id FROM news_posts AS p
        WHERE p.tenant_id = searched AND (pattern = '' OR p.search_text LIKE pattern) AND (tag = '' OR p.tags @> ARRAY[tag])
            AND p.status = 'published' AND p.hidden_at IS NULL
        ORDER BY p.published_at DESC LIMIT most;
END
$function$;
-- +goose StatementEnd

CREATE TABLE news_images (
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    uploader_id  uuid        NOT NULL,
    post_id      uuid,
    file_name    text        NOT NULL CHECK (char_length(file_name) BETWEEN 1 AND 128),
    content_type text        NOT NULL DEFAULT '', -- of the original; empty until the content is stored
    thumb_type   text        NOT NULL DEFAULT '',
    size         bigint      NOT NULL DEFAULT 0,
    width        integer     NOT NULL DEFAULT 0,
    height       integer     NOT NULL DEFAULT 0,
    digest       text        NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL,
    discarded    boolean     NOT NULL DEFAULT false, -- its content is being removed
    freed_at     timestamptz NOT NULL, -- since when no post has it, while post_id is null
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, post_id) REFERENCES news_posts (tenant_id, id) ON DELETE SET NULL (post_id)
);
CREATE INDEX news_images_post ON news_images (tenant_id, post_id) WHERE post_id IS NOT NULL;
CREATE INDEX news_images_uploader ON news_images (tenant_id, uploader_id, id);
CREATE INDEX news_images_free ON news_images (freed_at) WHERE post_id IS NULL;
SELECT updspace_protect('news_images');

CREATE TABLE news_reactions (
    tenant_id  uuid        NOT NULL,
    id         bigint      GENERATED ALWAYS AS IDENTITY,
    post_id    uuid        NOT NULL,
    user_id    uuid        NOT NULL,
    emoji      text        NOT NULL CHECK (char_length(emoji) BETWEEN 1 AND 32),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, post_id, user_id, emoji),
    FOREIGN KEY (tenant_id, post_id) REFERENCES news_posts (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX news_reactions_newest ON news_reactions (tenant_id, post_id, id DESC);
CREATE INDEX news_reactions_user ON news_reactions (tenant_id, user_id, id);
SELECT updspace_protect('news_reactions');

-- How many reactions a post has with each emoji, so that a page of posts reads no reactions.
CREATE TABLE news_reaction_counts (
    tenant_id uuid    NOT NULL,
    post_id   uuid    NOT NULL,
    emoji     text    NOT NULL,
    count     integer NOT NULL CHECK (count >= 0),
    PRIMARY KEY (tenant_id, post_id, emoji),
    FOREIGN KEY (tenant_id, post_id) REFERENCES news_posts (tenant_id, id) ON DELETE CASCADE
);
SELECT updspace_protect('news_reaction_counts');

CREATE TABLE news_views (
    tenant_id       uuid        NOT NULL,
    post_id         uuid        NOT NULL,
    user_id         uuid        NOT NULL,
    first_viewed_at timestamptz NOT NULL,
    last_viewed_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, post_id, user_id),
    FOREIGN KEY (tenant_id, post_id) REFERENCES news_posts (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX news_views_user ON news_views (tenant_id, user_id, post_id);
SELECT updspace_protect('news_views');

CREATE TABLE news_comments (
    tenant_id     uuid        NOT NULL,
    id            bigint      GENERATED ALWAYS AS IDENTITY,
    post_id       uuid        NOT NULL,
    parent_id     bigint,
    author_id     uuid        NOT NULL,
    body          text        NOT NULL CHECK (char_length(body) <= 2000),
    likes_count   integer     NOT NULL DEFAULT 0 CHECK (likes_count >= 0),
    replies_count integer     NOT NULL DEFAULT 0 CHECK (replies_count >= 0),
    created_at    timestamptz NOT NULL,
    edited_at     timestamptz,
    deleted_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, post_id) REFERENCES news_posts (tenant_id, id) ON DELETE CASCADE,
    CHECK ((deleted_at IS NULL) = (body <> ''))
);
CREATE INDEX news_comments_post ON news_comments (tenant_id, post_id, id);
CREATE INDEX news_comments_thread ON news_comments (tenant_id, post_id, coalesce(parent_id, 0), id);
CREATE INDEX news_comments_author ON news_comments (tenant_id, author_id, id);
SELECT updspace_protect('news_comments');

CREATE TABLE news_comment_likes (
    tenant_id  uuid        NOT NULL,
    comment_id bigint      NOT NULL,
    user_id    uuid        NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, comment_id, user_id),
    FOREIGN KEY (tenant_id, comment_id) REFERENCES news_comments (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX news_comment_likes_user ON news_comment_likes (tenant_id, user_id, comment_id);
SELECT updspace_protect('news_comment_likes');

CREATE TABLE news_reports (
    tenant_id   uuid        NOT NULL,
    id          uuid        NOT NULL,
    post_id     uuid        NOT NULL,
    comment_id  bigint      NOT NULL, -- 0: the post itself
    reporter_id uuid        NOT NULL,
    reason      text        NOT NULL CHECK (reason IN ('spam', 'abuse', 'off_topic', 'illegal', 'other')),
    text        text        NOT NULL CHECK (char_length(text) <= 500),
    created_at  timestamptz NOT NULL,
    resolution  text        NOT NULL DEFAULT '' CHECK (resolution IN ('', 'dismissed', 'upheld')),
    resolved_at timestamptz,
    resolved_by uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, post_id) REFERENCES news_posts (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX news_reports_once ON news_reports (tenant_id, post_id, comment_id, reporter_id) WHERE resolution = '' AND reporter_id <> '00000000-0000-0000-0000-000000000000';
CREATE INDEX news_reports_open ON news_reports (tenant_id, id DESC) WHERE resolution = '';
CREATE INDEX news_reports_reporter ON news_reports (tenant_id, reporter_id, id);
SELECT updspace_protect('news_reports');

CREATE TABLE news_word_filters (
    tenant_id  uuid        NOT NULL PRIMARY KEY,
    words      text[]      NOT NULL CHECK (cardinality(words) <= 500),
    updated_by uuid        NOT NULL,
    updated_at timestamptz NOT NULL
);
SELECT updspace_protect('news_word_filters');
