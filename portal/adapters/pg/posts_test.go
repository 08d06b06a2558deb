package pg_test

import (
	"context"
	"crypto/md5"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	kit "go.updspace.com/libs/pg"
	"go.updspace.com/portal/adapters/pg"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
	"go.updspace.com/portal/ports/portstest"
	"go.updspace.com/tools/devkit/testkit"
)

// plantGroups makes communities with teams, each with an owner, and returns their scopes.
func plantGroups(t testing.TB, db *kit.DB, by authz.Actor, communities, teams int) (scopes []contentdomain.PostScope) {
	t.Helper()
	require.NoError(t, db.Do(portstest.As(context.Background(), by), func(ctx context.Context) error {
		plant := func(id, community uuid.UUID, kind string) error {
			if _, err := db.Conn(ctx).NewRaw(`INSERT INTO groups (tenant_id, id, kind, community_id, name, description, join_policy, status, created_by, created_at, updated_at, folded_name, folded)
				VALUES (?, ?, ?, ?, ?, '', 'open', 'active', ?, now(), now(), ?, '')`, by.Tenant, id, kind, community, id, by.User, id).Exec(ctx); err != nil {
				return err
			}
			_, err := db.Conn(ctx).NewRaw(`INSERT INTO memberships (tenant_id, scope_type, scope_id, community_id, user_id, role, status, version, joined_at, updated_at)
				VALUES (?, ?, ?, ?, ?, 'owner', 'active', 1, now(), now())`, by.Tenant, kind, id, community, by.User).Exec(ctx)
			return err
		}
		for range communities {
			community := uuid.New()
			if err := plant(community, community, "COMMUNITY"); err != nil {
				return err
			}
			scopes = append(scopes, contentdomain.PostScope{CommunityID: community})
			for range teams {
				team := uuid.New()
				if err := plant(team, community, "TEAM"); err != nil {
					return err
				}
				scopes = append(scopes, contentdomain.PostScope{CommunityID: community, TeamID: team})
			}
		}
		return nil
	}))
	return scopes
}

// While a post is written in a group, its memberships cannot change: the lock that every such change takes is held.
func TestAPlaceThatIsOpenIsHeld(t *testing.T) {
	t.Parallel()
	db := openDB(t)
	by := portstest.Someone()
	ctx := portstest.As(t.Context(), by)
	at := plantGroups(t, db, by, 1, 1)[1]
	lock := func() error {
		return db.Do(portstest.As(t.Context(), by), func(ctx context.Context) error {
			_, err := db.Conn(ctx).NewRaw("SELECT FROM groups WHERE id = ? FOR NO KEY UPDATE NOWAIT", at.CommunityID).Exec(ctx)
			return err
		})
	}
	for _, scope := range []authz.Scope{authz.CommunityScope(at.CommunityID), authz.TeamScope(at.TeamID)} {
		require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
			_, err := pg.NewPostTargets(db).Open(ctx, scope)
			require.ErrorContains(t, lock(), "55P03")
			return err
		}))
		require.NoError(t, lock())
	}
}

// However many posts and people there are, nothing is read from end to end, policies and all.
func TestListsReadNoWholeTable(t *testing.T) {
	t.Parallel()
	cfg := testkit.Postgres(t, pg.Migrations())
	db := testkit.OpenDB(t, cfg)
	by := portstest.Someone()
	ctx := portstest.As(t.Context(), by)
	scopes := plantGroups(t, db, by, 20, 1)
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
		for _, statement := range []string{
			`INSERT INTO posts (tenant_id, id, community_id, team_id, title, body, body_html, excerpt_html, rendered_by, visibility, attachments, created_by, created_at, updated_at, version)
			 SELECT g.tenant_id, gen_random_uuid(), g.community_id, CASE kind WHEN 'TEAM' THEN g.id END, 't', 'b', 'b', '', '1', CASE kind WHEN 'TEAM' THEN 'team' ELSE 'community' END, 0,
			 	gen_random_uuid(), now() - i * interval '1 second', now(), 1 FROM groups g, generate_series(1, 500) i`,
			`INSERT INTO posts (tenant_id, id, title, body, body_html, excerpt_html, rendered_by, visibility, attachments, created_by, created_at, updated_at, version)
			 SELECT g.tenant_id, gen_random_uuid(), 't', 'b', 'b', '', '1', v, 0, gen_random_uuid(), now() - i * interval '1 second', now(), 1
			 FROM (SELECT tenant_id FROM groups LIMIT 1) g, generate_series(1, 6000) i, unnest(ARRAY['public', 'private']) v`,
			`INSERT INTO profiles (tenant_id, user_id, username, username_key, display_name, first_name, last_name, folded, bio, own_username, own_display_name, own_first_name, own_last_name, created_at, updated_at)
			 SELECT g.tenant_id, gen_random_uuid(), '', '', '', 'first' || i, 'last' || i, md5(i::text), '', false, false, false, false, now(), now()
			 FROM (SELECT tenant_id FROM groups LIMIT 1) g, generate_series(1, 2000) i`,
		} {
			if _, err := db.Conn(ctx).NewRaw(statement).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	}))
	owner := testkit.OpenDB(t, kit.Config{URL: cfg.MigrateURL})
	require.NoError(t, owner.Do(kit.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error {
		_, err := owner.Conn(ctx).NewRaw("ANALYZE").Exec(ctx)
		return err
	}))
	var communities, teams []uuid.UUID
	for _, p := range scopes {
		if p.TeamID == uuid.Nil {
			communities = append(communities, p.CommunityID)
		} else {
			teams = append(teams, p.TeamID)
		}
	}
	scans := func() (whole, ranges map[string]int64) {
		whole, ranges = map[string]int64{}, map[string]int64{}
		var rows []struct {
			Relname       string
			Whole, Ranges int64
		}
		require.NoError(t, owner.Do(kit.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error {
			return owner.Conn(ctx).NewRaw(`SELECT relname, seq_scan AS whole, idx_scan AS ranges FROM pg_stat_user_tables
				WHERE relname IN ('posts', 'profiles', 'files')`).Scan(ctx, &rows)
		}))
		for _, row := range rows {
			whole[row.Relname], ranges[row.Relname] = row.Whole, row.Ranges
		}
		return whole, ranges
	}
	whole, ranges := scans()
	lookers := testkit.OpenDB(t, cfg)
	posts, profiles := pg.NewPosts(lookers), pg.NewProfiles(lookers)
	member := authz.AllowedScopes{Tenant: true, Communities: communities, Teams: teams}
	key := contentports.PostKey{At: time.Now().Add(-time.Minute), ID: uuid.New()}
	for name, viewer := range map[string]contentdomain.PostViewer{
		"a member": {User: by.User, Public: authz.AllowedScopes{Tenant: true}, Community: member, Team: member},
		"an admin": {User: by.User, Public: authz.AllowedScopes{Everywhere: true}, Community: authz.AllowedScopes{Everywhere: true}, Team: authz.AllowedScopes{Everywhere: true}, Private: authz.AllowedScopes{Everywhere: true}},
	} {
		for _, search := range []contentports.PostSearch{{}, {Community: communities[0]}, {Team: teams[0]}, {Author: by.User}, {Exactly: &contentdomain.PostScope{}}} {
			_, err := posts.Page(ctx, search, viewer, key, 50)
			require.NoError(t, err, name)
		}
	}
	for _, words := range []string{"", fmt.Sprintf("%x", md5.Sum([]byte("77")))[5:11], "zzz"} {
		_, err := profiles.Page(ctx, words, contentports.ProfileKey{}, 50)
		require.NoError(t, err)
	}
	require.NoError(t, lookers.Do(ctx, func(ctx context.Context) error {
		_, err := lookers.Conn(ctx).NewRaw("SELECT pg_stat_force_next_flush()").Exec(ctx)
		return err
	}))
	after, used := scans()
	require.Equal(t, whole, after, "tables that were read from end to end")
	require.Greater(t, used["posts"], ranges["posts"], "what was read has been counted")
	require.Greater(t, used["profiles"], ranges["profiles"], "what was read has been counted")
}

// A page costs what it shows, however much its reader might see.
func TestReadsOfAFeedPage(t *testing.T) {
	t.Parallel()
	cfg := testkit.Postgres(t, pg.Migrations())
	db := testkit.OpenDB(t, cfg)
	by := portstest.Someone()
	ctx := portstest.As(t.Context(), by)
	var communities []uuid.UUID
	for _, p := range plantGroups(t, db, by, 20, 0) {
		communities = append(communities, p.CommunityID)
	}
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
		_, err := db.Conn(ctx).NewRaw(`
			INSERT INTO posts (tenant_id, id, community_id, title, body, body_html, excerpt_html, rendered_by, visibility, attachments, created_by, created_at, updated_at, version)
			SELECT g.tenant_id, gen_random_uuid(), g.id, 't', 'b', 'b', '', '1', 'community', 0, gen_random_uuid(), now() - i * interval '1 second', now(), 1
			FROM groups g, generate_series(1, 100) i`).Exec(ctx)
		return err
	}))
	owner := testkit.OpenDB(t, kit.Config{URL: cfg.MigrateURL})
	require.NoError(t, owner.Do(kit.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error {
		_, err := owner.Conn(ctx).NewRaw("ANALYZE posts").Exec(ctx)
		return err
	}))
	read := func() (n int64) {
		require.NoError(t, owner.Do(kit.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error {
			return owner.Conn(ctx).NewRaw(`SELECT (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'posts') +
				(SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE relname = 'posts')`).Scan(ctx, &n)
		}))
		return n
	}
	before := read()
	looker := testkit.OpenDB(t, cfg)
	viewer := contentdomain.PostViewer{User: by.User, Public: authz.AllowedScopes{Tenant: true}, Community: authz.AllowedScopes{Communities: communities}}
	const limit = 50
	page, err := pg.NewPosts(looker).Page(ctx, contentports.PostSearch{}, viewer, contentports.PostKey{}, limit)
	require.NoError(t, err)
	require.Len(t, page, limit)
	require.NoError(t, looker.Do(ctx, func(ctx context.Context) error {
		_, err := looker.Conn(ctx).NewRaw("SELECT pg_stat_force_next_flush()").Exec(ctx)
		return err
	}))
	require.Less(t, read()-before, int64(6*limit))
	require.Greater(t, read()-before, int64(limit))
}

// The second lock on what people write and show: a query that forgets its tenant finds and changes nothing of another's.
func TestIsolationOfContent(t *testing.T) {
	t.Parallel()
	db := openDB(t)
	owner, intruder := portstest.Someone(), portstest.Someone()
	ctx, other := portstest.As(t.Context(), owner), portstest.As(t.Context(), intruder)
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
		require.NoError(t, pg.NewPosts(db).Add(ctx, portstest.NewPost(t, owner, contentdomain.PostDraft{Visibility: authz.VisibilityPublic}, portstest.Noon)))
		file, err := contentdomain.NewFile(contentdomain.FileAttachment, owner, "x", portstest.Noon)
		require.NoError(t, err)
		require.NoError(t, pg.NewFiles(db).Add(ctx, file))
		return pg.NewProfiles(db).Save(ctx, contentdomain.NewProfile(owner.Tenant, contentdomain.Account{UserID: owner.User, Username: "ab"}).Begun(portstest.Noon))
	}))
	for _, table := range []string{"posts", "files", "profiles"} {
		count := func(ctx context.Context) (n int) {
			require.NoError(t, db.Read(ctx, func(ctx context.Context) error {
				return db.Conn(ctx).NewRaw("SELECT count(*) FROM "+table).Scan(ctx, &n)
			}))
			return n
		}
		require.Equal(t, 1, count(ctx), table)
		require.Zero(t, count(other), table)
		require.NoError(t, db.Do(other, func(ctx context.Context) error {
			for _, statement := range []string{"DELETE FROM %s", "UPDATE %s SET tenant_id = tenant_id"} {
				result, err := db.Conn(ctx).ExecContext(ctx, fmt.Sprintf(statement, table))
				require.NoError(t, err)
				n, err := result.RowsAffected()
				require.NoError(t, err)
				require.Zero(t, n, table)
			}
			return nil
		}))
		require.ErrorContains(t, db.Do(other, func(ctx context.Context) error {
			_, err := db.Conn(ctx).ExecContext(ctx, fmt.Sprintf("INSERT INTO %s (tenant_id) VALUES (?)", table), owner.Tenant)
			return err
		}), "row-level security")
	}
	search := func(ctx context.Context, tenant uuid.UUID) (users []uuid.UUID, err error) {
		err = db.Read(ctx, func(ctx context.Context) error {
			return kit.Error(db.Conn(ctx).NewRaw("SELECT search_profiles(?, '%ab%', NULL, '', '', ?, 10)", tenant, uuid.Nil).Scan(ctx, &users))
		})
		return users, err
	}
	found, err := search(ctx, owner.Tenant)
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{owner.User}, found)
	found, err = search(other, intruder.Tenant)
	require.NoError(t, err)
	require.Empty(t, found)
	_, err = search(other, owner.Tenant)
	require.ErrorContains(t, err, "42501")
}
