package pg_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/portal/adapters/pg"
	groupsdomain "go.updspace.com/portal/groups/domain"
	"go.updspace.com/portal/ports/portstest"
)

var groupTables = []string{"groups", "memberships", "join_requests", "invites", "invite_links", "bans"}

// The second lock on a tenant's data: a query that was written without its tenant finds nothing of another's, changes
// nothing of another's, and cannot plant anything there.
func TestQueriesWithoutATenantFindNothing(t *testing.T) {
	t.Parallel()
	db := openDB(t)
	owner, intruder := portstest.Someone(), portstest.Someone()
	ctx, other := portstest.As(t.Context(), owner), portstest.As(t.Context(), intruder)
	group := portstest.NewCommunity(t, owner, groupsdomain.GroupDraft{Name: "secret", JoinPolicy: groupsdomain.PolicyRequest})
	place := groupsdomain.GroupInCommunity{Community: group, Group: group}
	stranger := groupsdomain.UserMemberships{User: intruder.User, Community: groupsdomain.GroupMembership{Group: group}}
	request, err := stranger.Request(group.Scope(), "", portstest.Noon)
	require.NoError(t, err)
	invite, err := stranger.Invite(group.Scope(), groupsdomain.RoleMember, groupsdomain.RoleOwner, true, groupsdomain.Maker{User: owner.User}, portstest.Noon)
	require.NoError(t, err)
	ban, _, err := stranger.Ban(group.Scope(), groupsdomain.BanDraft{}, groupsdomain.RoleOwner, owner, portstest.Noon)
	require.NoError(t, err)
	link, _, err := groupsdomain.NewInviteLink(place, groupsdomain.InviteLinkDraft{}, groupsdomain.Maker{User: owner.User}, portstest.Noon)
	require.NoError(t, err)
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
		require.NoError(t, pg.NewGroups(db).Add(ctx, group))
		require.NoError(t, pg.NewMemberships(db).Store(ctx, groupsdomain.UserMemberships{User: owner.User}.InitialMembers(group, portstest.Noon)[0].Membership))
		require.NoError(t, pg.NewJoinRequests(db).Add(ctx, request))
		require.NoError(t, pg.NewInvites(db).Add(ctx, invite))
		require.NoError(t, pg.NewInviteLinks(db).Add(ctx, link))
		require.NoError(t, pg.NewBans(db).Put(ctx, ban))
		return nil
	}))

	count := func(ctx context.Context, table string) (n int) {
		require.NoError(t, db.Read(ctx, func(ctx context.Context) error {
			return db.Conn(ctx).NewRaw(fmt.Sprintf("SELECT count(*) FROM %s", table)).Scan(ctx, &n)
		}))
		return n
	}
	for _, table := range groupTables {
		t.Run(table, func(t *testing.T) {
			require.Equal(t, 1, count(ctx, table))
			require.Zero(t, count(other, table))
			require.NoError(t, db.Do(other, func(ctx context.Context) error {
				for _, statement := range []string{"DELETE FROM %s", "UPDATE %s SET tenant_id = tenant_id"} {
					result, err := db.Conn(ctx).ExecContext(ctx, fmt.Sprintf(statement, table))
					require.NoError(t, err)
					n, err := result.RowsAffected()
					require.NoError(t, err)
					require.Zero(t, n)
				}
				return nil
			}))
			err := db.Do(other, func(ctx context.Context) error {
				_, err := db.Conn(ctx).ExecContext(ctx, fmt.Sprintf("INSERT INTO %s (tenant_id) VALUES (?)", table), owner.Tenant)
				return err
			})
			require.ErrorContains(t, err, "row-level security")
			require.Equal(t, 1, count(ctx, table))
		})
	}
}

// Every tenant table is protected; a migration that forgets to say so fails here.
func TestEveryTableOfATenantIsProtected(t *testing.T) {
	t.Parallel()
	db := openDB(t)
	var open, all []string
	require.NoError(t, db.Read(portstest.As(t.Context(), portstest.Someone()), func(ctx context.Context) error {
		query := `SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
			WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`
		require.NoError(t, db.Conn(ctx).NewRaw(query).Scan(ctx, &all))
		return db.Conn(ctx).NewRaw(query+" AND NOT (c.relrowsecurity AND c.relforcerowsecurity)").Scan(ctx, &open)
	}))
	require.Empty(t, open)
	for _, table := range groupTables {
		require.True(t, slices.Contains(all, table), table)
	}
}

// Reading without a request context is a mistake, and not one that shows everything.
func TestReadsWithoutATenantFail(t *testing.T) {
	t.Parallel()
	db := openDB(t)
	_, err := pg.NewMemberships(db).Find(context.Background(), portstest.Someone().User, portstest.Someone().User)
	require.Error(t, err)
	require.NotErrorIs(t, err, groupsdomain.ErrMemberNotFound)
}
