package portal_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/portal"
	"go.updspace.com/portal/ports/portstest"
)

// demoActor is a user of the demo tenant.
func demoActor(n byte) authz.Actor {
	a := authz.Actor{Tenant: uuid.MustParse("00000000-0000-0000-0000-000000000001"), User: uuid.MustParse("00000000-0000-4000-8000-000000000000")}
	a.User[15] = n
	return a
}

// However often it is laid, the demo data is there once.
func TestDemoData(t *testing.T) {
	t.Parallel()
	s := startContent(t, own)
	for range 2 {
		require.NoError(t, portal.SeedDemo(t.Context(), s.cfg))
	}
	t.Run("groups", func(t *testing.T) {
		admin := demoActor(1)
		s.access.Member(admin, portstest.MemberPermissions...)
		listed, err := s.as(admin).ListCommunitiesWithResponse(t.Context(), &portalapi.ListCommunitiesParams{Status: ptr(portalapi.ListedStatusAll)})
		statuses := map[portalapi.GroupStatus]int{}
		for _, g := range *fine(t, listed, err).JSON200 {
			statuses[g.Status]++
			require.NotEmpty(t, g.Description)
			require.Greater(t, g.MemberCount, int32(2))
		}
		require.Equal(t, map[portalapi.GroupStatus]int{portalapi.GroupStatusActive: 6, portalapi.GroupStatusArchived: 1}, statuses)
		require.Empty(t, portstest.KnownRoles(s.access, admin.Tenant), "access learns of it by the events")
	})
	t.Run("what waits", func(t *testing.T) {
		r, err := s.as(demoActor(2)).GetMyQueueWithResponse(t.Context())
		require.EqualValues(t, 2, fine(t, r, err).JSON200.Invites.Count)
	})
	t.Run("posts", func(t *testing.T) {
		member := demoActor(2)
		s.access.Grant(member, authz.TenantScope(member.Tenant), readerKeys...)
		r, err := s.as(member).ListPostsWithResponse(t.Context(), &portalapi.ListPostsParams{Limit: ptr(100)})
		kinds, pictures := map[portalapi.PostVisibility]int{}, 0
		for _, post := range fine(t, r, err).JSON200.Items {
			kinds[post.Visibility]++
			require.NotEmpty(t, post.ExcerptHTML)
			for _, picture := range post.Attachments {
				require.Less(t, picture.Size, int64(40<<10))
				pictures++
			}
		}
		require.Greater(t, pictures, 5)
		require.Len(t, kinds, 4, "a post of each kind")
	})
	production := s.cfg
	production.Mode = "production"
	require.Error(t, portal.SeedDemo(t.Context(), production))
}
