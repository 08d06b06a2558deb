package portal_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/signing"
	"go.updspace.com/libs/testkit"
	"go.updspace.com/portal"
	"go.updspace.com/portal/domain"
)

// The demo data has a post of each kind, however often it is laid.
func TestTheDemoHasPosts(t *testing.T) {
	s := startContent(t)
	cfg := portal.Config{
		Config:   servicefx.Config{Mode: servicefx.Development, Addr: ":0", Signing: signing.Config{Secret: testkit.Secret}},
		Database: s.database, Access: accessclient.Config{URL: "http://localhost:1"}, Upkeep: time.Hour, Blobs: portal.BlobConfig{Dir: s.blobs},
	}
	for range 2 {
		require.NoError(t, portal.SeedDemo(t.Context(), cfg))
	}
	member := domain.Actor{Tenant: uuid.MustParse("00000000-0000-0000-0000-000000000001"), User: uuid.MustParse("00000000-0000-4000-8000-000000000002")}
	s.access.Bind(member.User, domain.TenantScope(member.Tenant), readerKeys...)
	r, err := s.as(member).ListPostsWithResponse(t.Context(), &portalapi.ListPostsParams{})
	kinds := map[portalapi.PostVisibility]int{}
	for _, post := range *fine(t, r, err).JSON200 {
		kinds[post.Visibility]++
		require.NotEmpty(t, post.BodyHTML)
	}
	require.Equal(t, map[portalapi.PostVisibility]int{"public": 1, "community": 1, "team": 1, "private": 1}, kinds)
}
