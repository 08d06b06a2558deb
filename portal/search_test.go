package portal_test

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	contentdomain "go.updspace.com/portal/content/domain"
	groupsdomain "go.updspace.com/portal/groups/domain"
)

func TestASearchFindsWhatTheCallerMaySee(t *testing.T) {
	s := startContent(t)
	s.named("Chesterton", "", "")
	listed := []authz.Permission{groupsdomain.PermissionCommunitiesList, groupsdomain.PermissionTeamsList}
	member := s.colleague(listed...)
	public := s.post(s.insider, draft("A chess night", contentdomain.PostScope{}))
	inside := s.post(s.insider, draft("Chess club", s.chess))
	find := func(who authz.Actor, q string) portalapi.SearchResults {
		t.Helper()
		r, err := s.as(who).SearchPortalWithResponse(t.Context(), &portalapi.SearchPortalParams{Q: q, Limit: new(8)})
		return *fine(t, r, err).JSON200
	}
	s.access.TakeChecks()
	found := find(member, " CHE")
	_, calls := s.access.TakeChecks()
	require.Equal(t, 1, calls, "access is asked once")
	require.Equal(t, "Chesterton", found.People[0].DisplayName.MustGet())
	require.Len(t, found.Communities, 1)
	require.Equal(t, s.chess.CommunityID, found.Communities[0].ID)
	require.Empty(t, found.Teams)
	require.Len(t, found.Posts, 1)
	require.Equal(t, public.ID, found.Posts[0].ID)

	require.Len(t, find(member, "openings").Teams, 1)
	s.join(member, s.chess)
	require.Equal(t, inside.ID, find(member, "che").Posts[0].ID, "the newest first, of the caller's communities too")
	require.Empty(t, find(member, "%%").People)
	s.access.Deny(member, append(listed, contentdomain.PermissionProfilesRead, contentdomain.PermissionPostsRead)...)
	none := find(member, "che")
	require.Empty(t, [][]portalapi.Person{none.People}[0])
	require.Empty(t, none.Communities)
	require.Empty(t, none.Teams)
	require.Empty(t, none.Posts)

	for _, short := range []string{"c", " c ", "ш", "  "} {
		r, err := s.as(member).SearchPortalWithResponse(t.Context(), &portalapi.SearchPortalParams{Q: short})
		refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", r, err)
	}
	require.Empty(t, find(member, "棋").Posts, "one character of Chinese is enough")
	var r *portalapi.SearchPortalResponse
	var err error
	for range 121 {
		if r, err = s.as(member).SearchPortalWithResponse(t.Context(), &portalapi.SearchPortalParams{Q: "xy"}); err != nil || r.StatusCode() != http.StatusOK {
			break
		}
	}
	refused(t, http.StatusTooManyRequests, "RATE_LIMITED", r, err)
}

func TestGuestsSeeOnlyThoseWhoAgreed(t *testing.T) {
	s := startContent(t)
	shy, open := s.named("Shy", "", ""), s.named("Open", "", "")
	s.edit(open, portalapi.ProfileUpdate{ListedToGuests: some(true)})
	s.post(shy, draft("not for guests", contentdomain.PostScope{}))
	d := draft("for all", contentdomain.PostScope{})
	d.Body = "We play at **eight**, " + string(bytes.Repeat([]byte("really "), 100))
	shown := s.post(open, d)
	s.join(open, s.chess)
	s.post(open, draft("inside", s.chess))

	gateway := s.client(reqctx.Context{Caller: "bff", TenantID: s.member.Tenant})
	r, err := gateway.GetPublicCardWithResponse(t.Context())
	card := fine(t, r, err).JSON200
	require.EqualValues(t, 2, card.MemberCount)
	require.Len(t, card.Faces, 1)
	require.Equal(t, "Open", card.Faces[0].DisplayName)
	require.Len(t, card.Communities, 2)
	require.Len(t, card.Posts, 1)
	require.Equal(t, shown.ID, card.Posts[0].ID)
	require.Equal(t, "Open", card.Posts[0].AuthorName)
	require.Contains(t, card.Posts[0].Excerpt, "We play at eight, really")
	require.NotContains(t, string(r.Body), "Shy")
	require.NotContains(t, string(r.Body), "not for guests")

	s.edit(open, portalapi.ProfileUpdate{ListedToGuests: some(false)})
	r, err = gateway.GetPublicCardWithResponse(t.Context())
	require.Empty(t, fine(t, r, err).JSON200.Faces, "an agreement can be taken back")
	require.Empty(t, r.JSON200.Posts)

	other, err := s.client(reqctx.Context{Caller: "bff", TenantID: uuid.New()}).GetPublicCardWithResponse(t.Context())
	require.Zero(t, fine(t, other, err).JSON200.MemberCount)
	nowhere, err := s.client(reqctx.Context{Caller: "bff"}).GetPublicCardWithResponse(t.Context())
	refused(t, http.StatusBadRequest, "MISSING_TENANT_CONTEXT", nowhere, err)
}
