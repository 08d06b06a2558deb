-- +goose Up

-- What posts are found by: the folded title and the folded beginning of the body. lower() is near enough for posts that were
-- stored before it, until they are changed.
ALTER TABLE posts ADD COLUMN folded text COLLATE "C" NOT NULL DEFAULT '' CHECK (char_length(folded) <= 2000);
SELECT set_config('updspace.across', 'on', true);
UPDATE posts SET folded = lower(title || E'\n' || left(body, 1000) COLLATE "default") WHERE deleted_at IS NULL;
SELECT set_config('updspace.across', '', true);
