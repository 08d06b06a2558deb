-- +goose Up

-- Posts. A public post belongs to the tenant, a community post to the community, a team post to the team and its community; a
-- private one stays in the scope it had. Lengths and enumerations repeat the rules of portal/content/domain. body_html was
-- rendered from body by the renderer version rendered_by; HTML of another version is rendered again before it is shown.
CREATE TABLE posts (
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    community_id uuid,
    team_id      uuid,
    title        text        NOT NULL CHECK (char_length(title) <= 256),
    body         text        NOT NULL CHECK (char_length(body) <= 50000),
    body_html    text        NOT NULL CHECK (octet_length(body_html) <= 1000000),
    excerpt_html text        NOT NULL CHECK (octet_length(excerpt_html) <= 4096), -- what lists show of a long post
    rendered_by  text        NOT NULL,
    visibility   text        NOT NULL CHECK (visibility IN ('public', 'community', 'team', 'private')),
    attachments  integer     NOT NULL CHECK (attachments BETWEEN 0 AND 10), -- how many, so that most posts need not look
    created_by   uuid        NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    version      integer     NOT NULL CHECK (version >= 1),
    deleted_at   timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT posts_place CHECK (CASE visibility
        WHEN 'public' THEN community_id IS NULL AND team_id IS NULL
        WHEN 'community' THEN community_id IS NOT NULL AND team_id IS NULL
        WHEN 'team' THEN community_id IS NOT NULL AND team_id IS NOT NULL
        ELSE team_id IS NULL OR community_id IS NOT NULL END),
    CONSTRAINT posts_community FOREIGN KEY (tenant_id, community_id) REFERENCES groups (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT posts_team FOREIGN KEY (tenant_id, community_id, team_id) REFERENCES groups (tenant_id, community_id, id) ON DELETE CASCADE
);
-- A feed reads one index range per scope that the caller can read, newest first, so that it reads little more than a page.
CREATE INDEX posts_by_visibility ON posts (tenant_id, visibility, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX posts_by_place ON posts (tenant_id, visibility, community_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX posts_by_team ON posts (tenant_id, visibility, team_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX posts_by_author ON posts (tenant_id, visibility, created_by, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX posts_of_community ON posts (tenant_id, community_id, created_at DESC, id DESC);
CREATE INDEX posts_of_team ON posts (tenant_id, community_id, team_id, created_at DESC, id DESC) WHERE team_id IS NOT NULL;
CREATE INDEX posts_of_author ON posts (tenant_id, created_by, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX posts_deleted ON posts (deleted_at) WHERE deleted_at IS NOT NULL;
-- What a user wrote, for personal data.
CREATE INDEX posts_written_by ON posts (tenant_id, created_by, id);
SELECT updspace_protect('posts');

-- Uploaded files. The row is stored before the content and deleted after it. An attachment of a deleted post has no post.
CREATE TABLE files (
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('attachment', 'avatar')),
    owner_id     uuid        NOT NULL,
    post_id      uuid,
    name         text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 128),
    content_type text        NOT NULL CHECK (char_length(content_type) <= 64), -- empty until the content has arrived
    size         bigint      NOT NULL CHECK (size BETWEEN 0 AND 10485760),
    digest       text        NOT NULL CHECK (char_length(digest) IN (0, 64)),
    in_use       boolean     NOT NULL, -- as an avatar is from the moment it has arrived
    created_at   timestamptz NOT NULL,
    discarded_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT files_attached CHECK (post_id IS NULL OR kind = 'attachment' AND content_type <> ''),
    CONSTRAINT files_post FOREIGN KEY (tenant_id, post_id) REFERENCES posts (tenant_id, id) ON DELETE SET NULL (post_id)
);
CREATE INDEX files_of_post ON files (tenant_id, post_id, id) WHERE post_id IS NOT NULL;
CREATE INDEX files_pending ON files (tenant_id, owner_id) WHERE post_id IS NULL AND NOT in_use;
CREATE INDEX files_waiting ON files (created_at) WHERE post_id IS NULL AND NOT in_use;
CREATE INDEX files_discarded ON files (discarded_at) WHERE discarded_at IS NOT NULL;
CREATE INDEX files_of_owner ON files (tenant_id, owner_id) WHERE discarded_at IS NULL;
SELECT updspace_protect('files');
