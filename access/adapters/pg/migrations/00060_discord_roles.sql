-- +goose Up

-- Roles can follow roles at Discord, as rewards follow achievements. grant_id then names the member and the pair of roles.
ALTER TABLE role_bindings DROP CONSTRAINT role_bindings_source_check;
ALTER TABLE role_bindings ADD CONSTRAINT role_bindings_source_check CHECK (source IN ('manual', 'membership', 'achievement', 'discord'));
ALTER TABLE rewards ADD COLUMN source text NOT NULL DEFAULT 'achievement' CHECK (source IN ('achievement', 'discord'));
ALTER TABLE rewards ALTER COLUMN source DROP DEFAULT;
ALTER TABLE rewards ALTER COLUMN achievement_id DROP NOT NULL;
ALTER TABLE rewards ADD CONSTRAINT rewards_achievement_check CHECK ((source = 'achievement') = (achievement_id IS NOT NULL));
