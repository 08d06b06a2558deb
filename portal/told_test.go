package portal_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/testkit"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports/portstest"
)

// told are the types of the events that wait for the broker, in the order they were written in.
func told(t testing.TB, db *pg.DB, by domain.Actor) (types []string) {
	t.Helper()
	require.NoError(t, db.Read(portstest.As(t.Context(), by), func(ctx context.Context) error {
		return db.Conn(ctx).NewRaw("SELECT type FROM outbox ORDER BY seq").Scan(ctx, &types)
	}))
	return types
}

// Whatever changes around groups is told to others by an event and written into the journal, once and as it happened;
// what is refused, or changes nothing, is neither.
func TestEveryChangeOfAGroupIsToldAndWrittenDown(t *testing.T) {
	s := start(t)
	admin, member := s.as(s.admin), s.as(s.member)
	made, err := admin.CreateCommunityWithResponse(t.Context(), portalapi.GroupCreate{Name: "Chess", JoinPolicy: ptr(portalapi.JoinPolicyOpen)})
	c := fine(t, made, err).JSON201.ID
	again, err := admin.CreateCommunityWithResponse(t.Context(), portalapi.GroupCreate{Name: "Chess"})
	refused(t, http.StatusConflict, "DUPLICATE", again, err)
	for range 2 {
		updated, err := admin.UpdateCommunityWithResponse(t.Context(), c, portalapi.GroupUpdate{Description: some("Checkmate")})
		fine(t, updated, err)
	}
	created, err := admin.CreateTeamWithResponse(t.Context(), portalapi.TeamCreate{CommunityID: &c, Name: "Openings"})
	team := fine(t, created, err).JSON201.ID
	for range 2 {
		joined, err := member.JoinCommunityWithResponse(t.Context(), c)
		fine(t, joined, err)
		set, err := admin.SetCommunityMemberRoleWithResponse(t.Context(), c, s.member.User, portalapi.RoleChange{Role: portalapi.RoleModerator})
		fine(t, set, err)
	}
	left, err := member.LeaveCommunityWithResponse(t.Context(), c)
	fine(t, left, err)
	for range 2 {
		archived, err := admin.ArchiveTeamWithResponse(t.Context(), team)
		fine(t, archived, err)
	}
	restored, err := admin.RestoreTeamWithResponse(t.Context(), team)
	fine(t, restored, err)
	ended, err := admin.DeleteTeamWithResponse(t.Context(), team)
	fine(t, ended, err)
	gone, err := admin.DeleteCommunityWithResponse(t.Context(), c)
	fine(t, gone, err)

	want := []string{
		"community.created", "membership.added", "community.updated", "team.created", "membership.added", "membership.added",
		"membership.changed", "membership.removed", "team.archived", "team.restored", "team.deleted", "community.deleted",
	}
	var events []string
	for _, action := range want {
		events = append(events, "portal."+action)
	}
	require.Equal(t, events, told(t, testkit.OpenDB(t, s.database), s.admin))
	listed, err := admin.ListJournalWithResponse(t.Context(), nil)
	var actions []string
	for _, e := range fine(t, listed, err).JSON200.Items {
		actions = append([]string{e.Action}, actions...)
	}
	require.Equal(t, want, actions)
}

// The same of what people write and show.
func TestEveryChangeOfContentIsTold(t *testing.T) {
	s := startContent(t)
	made := s.post(s.insider, draft("x", s.chess))
	for range 2 {
		edited, err := s.as(s.insider).UpdatePostWithResponse(t.Context(), made.ID, portalapi.PostUpdate{Title: new("y")})
		fine(t, edited, err)
		s.edit(s.insider, portalapi.ProfileUpdate{Bio: says("Curious.")})
	}
	other, err := s.as(s.insider).UpdatePostWithResponse(t.Context(), uuid.New(), portalapi.PostUpdate{Title: new("y")})
	refused(t, http.StatusNotFound, "NOT_FOUND", other, err)
	gone, err := s.as(s.insider).DeletePostWithResponse(t.Context(), made.ID)
	fine(t, gone, err)
	require.Equal(t, []string{"portal.post.created", "portal.post.updated", "portal.profile.updated", "portal.post.deleted"}, told(t, s.db, s.insider))
}
