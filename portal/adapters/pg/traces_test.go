package pg_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	kit "go.updspace.com/libs/pg"
	"go.updspace.com/libs/testkit"
	"go.updspace.com/portal/adapters/pg"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
	"go.updspace.com/portal/ports/portstest"
)

// What is taken away of a person in one tenant stays in every other, were he the same person there.
func TestTracesEndAtTheTenant(t *testing.T) {
	db := testkit.DB(t, pg.Migrations())
	traces, profiles, files := pg.NewTraces(db), pg.NewProfiles(db), pg.NewFiles(db)
	here := portstest.Someone()
	there := domain.Actor{Tenant: uuid.New(), User: here.User}
	plant := func(by domain.Actor) domain.Group {
		group := portstest.NewCommunity(t, by, domain.GroupDraft{Name: "Chess", JoinPolicy: domain.JoinRequest})
		link, _, err := domain.NewLink(domain.Place{Community: group, Group: group}, domain.LinkDraft{}, true, by, portstest.Noon)
		require.NoError(t, err)
		file, err := domain.NewFile(domain.FileAvatar, by, "avatar", portstest.Noon)
		require.NoError(t, err)
		require.NoError(t, db.Do(portstest.As(t.Context(), by), func(ctx context.Context) error {
			require.NoError(t, pg.NewGroups(db).Add(ctx, group))
			require.NoError(t, pg.NewMemberships(db).Store(ctx, group.Found(domain.Belonging{User: by.User}, portstest.Noon)[0].Membership))
			require.NoError(t, pg.NewLinks(db).Add(ctx, link))
			require.NoError(t, files.Add(ctx, file))
			require.NoError(t, files.Complete(ctx, file.Arrived("image/png", 1, "")))
			require.NoError(t, pg.NewPosts(db).Add(ctx, portstest.NewPost(t, by, domain.PostDraft{Visibility: domain.VisibilityPublic, Title: "x"}, portstest.Noon)))
			return profiles.Save(ctx, domain.NewProfile(by.Tenant, domain.Account{UserID: by.User, FirstName: "Anna"}).Begun(portstest.Noon))
		}))
		return group
	}
	group, other := plant(here), plant(there)
	seen := func(by domain.Actor) (n []int) {
		ctx := portstest.As(t.Context(), by)
		groups, err := traces.Groups(ctx, by.User, domain.ScopeCommunity, uuid.Nil, 10)
		require.NoError(t, err)
		memberships, err := traces.Memberships(ctx, by.User, domain.ScopeCommunity, uuid.Nil, 10)
		require.NoError(t, err)
		posts, err := traces.Posts(ctx, by.User, uuid.Nil, 10)
		require.NoError(t, err)
		communities, err := traces.Communities(ctx, by.User, 10)
		require.NoError(t, err)
		found, err := profiles.FindEach(ctx, []uuid.UUID{by.User})
		require.NoError(t, err)
		return []int{len(groups), len(memberships), len(posts), len(communities), len(found)}
	}
	require.Equal(t, []int{1, 1, 1, 1, 1}, seen(here))

	accounts := pg.NewAccounts(db)
	require.NoError(t, db.Do(kit.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error {
		return accounts.Save(ctx, domain.Account{UserID: here.User, FirstName: "Anna"})
	}))
	require.NoError(t, db.Do(portstest.As(t.Context(), here), func(ctx context.Context) error {
		nothing, err := traces.Leave(ctx, other.ID(), here.User)
		require.NoError(t, err)
		require.Zero(t, nothing)
		done, err := traces.Leave(ctx, group.ID(), here.User)
		require.NoError(t, err)
		require.Equal(t, ports.Anonymized{Communities: 1}, done)
		posts, err := traces.LockPosts(ctx, here.User, 10)
		require.NoError(t, err)
		require.Len(t, posts, 1)
		require.NoError(t, traces.Redact(ctx, posts[0].Redacted(portstest.Noon)))
		require.NoError(t, traces.PurgePosts(ctx, here.User))
		require.NoError(t, traces.DiscardFiles(ctx, here.User, portstest.Noon))
		return traces.RemoveProfile(ctx, here.User)
	}))
	require.Equal(t, []int{0, 1, 0, 1, 0}, seen(here), "memberships end at the desk")
	require.Equal(t, []int{1, 1, 1, 1, 1}, seen(there))
	abandoned, err := files.Abandoned(kit.AcrossTenants(t.Context(), "test"), time.Time{}, 10)
	require.NoError(t, err)
	require.Len(t, abandoned, 1)
	require.Equal(t, here.Tenant, abandoned[0].Data().TenantID)

	forgotten := func(by domain.Actor) bool {
		require.NoError(t, accounts.Forget(portstest.As(t.Context(), by), by.User))
		account, err := accounts.Find(portstest.As(t.Context(), by), by.User)
		require.NoError(t, err)
		return account.FirstName == ""
	}
	require.False(t, forgotten(here), "he has a profile elsewhere")
	require.NoError(t, db.Do(portstest.As(t.Context(), there), func(ctx context.Context) error { return traces.RemoveProfile(ctx, there.User) }))
	require.True(t, forgotten(there))
	require.True(t, forgotten(there), "again")
}
