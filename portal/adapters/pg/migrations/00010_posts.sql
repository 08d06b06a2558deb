-- +goose Up

-- What people write. A public post stands in the tenant, a community's post in the community, a team's in the team and
-- its community; a private one stands where it was written for. Lengths and enumerations repeat the rules of
-- portal/domain. body_html was made of body by the renderer rendered_by; what an older one made is made again to be shown.
CREATE TABLE posts (
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    community_id uuid,
    team_id      uuid,
    title        text        NOT NULL CHECK (char_length(title) <= 256),
    body         text        NOT NULL CHECK (char_length(body) <= 50000),
    body_html    text        NOT NULL,
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
-- A feed is put together of the newest posts of each place that its reader may look into: an index for each kind of
-- place, with the order of the feed behind it, so that no more is read of a place than is shown.
CREATE INDEX posts_by_visibility ON posts (tenant_id, visibility, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX posts_by_place ON posts (tenant_id, visibility, community_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX posts_by_team ON posts (tenant_id, visibility, team_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX posts_by_author ON posts (tenant_id, visibility, created_by, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX posts_of_community ON posts (tenant_id, community_id, created_at DESC, id DESC);
CREATE INDEX posts_of_team ON posts (tenant_id, community_id, team_id, created_at DESC, id DESC) WHERE team_id IS NOT NULL;
CREATE INDEX posts_of_author ON posts (tenant_id, created_by, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX posts_deleted ON posts (deleted_at) WHERE deleted_at IS NOT NULL;
SELECT updspace_protect('posts');

-- Files that people uploaded. The row is there before the content and goes after it. An attachment without a post waits
-- for one; a post that is gone leaves its attachments without one.
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
SELECT updspace_protect('files');
