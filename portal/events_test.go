package portal_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/portal/ports/portstest"
	"go.updspace.com/tools/devkit/testkit"
)

// told are the types of the events that wait for the broker, in the order they were written in.
func told(t testing.TB, db *pg.DB, by authz.Actor) (types []string) {
	t.Helper()
	require.NoError(t, db.Read(portstest.As(t.Context(), by), func(ctx context.Context) error {
		return db.Conn(ctx).NewRaw("SELECT type FROM outbox ORDER BY seq").Scan(ctx, &types)
	}))
	return types
}

// Whatever changes around groups is told to others by an event and written into the journal, once and as it happened;
// what is refused, or changes nothing, is neither.
func TestEveryChangeOfAGroupIsPublishedAndAudited(t *testing.T) {
	s := start(t)
	admin, member := s.as(s.admin), s.as(s.member)
	made, err := admin.CreateCommunityWithResponse(t.Context(), portalapi.GroupCreate{Name: "Chess", JoinPolicy: ptr(portalapi.JoinPolicyOpen)})
	c := fine(t, made, err).JSON201.ID
	again, err := admin.CreateCommunityWithResponse(t.Context(), portalapi.GroupCreate{Name: "Chess"})
	refused(t, http.StatusConflict, "ALREADY_EXISTS", again, err)
	for range 2 {
		updated, err := admin.UpdateGroupWithResponse(t.Context(), c, portalapi.GroupUpdate{Description: some("Checkmate")})
		fine(t, updated, err)
	}
	created, err := admin.CreateTeamWithResponse(t.Context(), portalapi.TeamCreate{CommunityID: &c, Name: "Openings"})
	team := fine(t, created, err).JSON201.ID
	for range 2 {
		joined, err := member.JoinGroupWithResponse(t.Context(), c)
		fine(t, joined, err)
		set, err := admin.ChangeGroupMemberRoleWithResponse(t.Context(), c, s.member.User, portalapi.RoleChange{Role: portalapi.RoleModerator})
		fine(t, set, err)
	}
	left, err := member.LeaveGroupWithResponse(t.Context(), c)
	fine(t, left, err)
	for range 2 {
		archived, err := admin.ArchiveGroupWithResponse(t.Context(), team)
		fine(t, archived, err)
	}
	restored, err := admin.RestoreGroupWithResponse(t.Context(), team)
	fine(t, restored, err)
	for range 2 {
		archived, err := admin.ArchiveGroupWithResponse(t.Context(), c)
		fine(t, archived, err)
	}
	back, err := admin.RestoreGroupWithResponse(t.Context(), c)
	fine(t, back, err)
	ended, err := admin.DeleteGroupWithResponse(t.Context(), team)
	fine(t, ended, err)
	second, err := admin.CreateTeamWithResponse(t.Context(), portalapi.TeamCreate{CommunityID: &c, Name: "Endgames"})
	fine(t, second, err)
	gone, err := admin.DeleteGroupWithResponse(t.Context(), c)
	fine(t, gone, err)

	want := []string{
		"community.created", "membership.added", "community.updated", "team.created", "membership.added", "membership.added",
		"membership.changed", "membership.removed", "team.archived", "team.restored", "community.archived", "community.restored",
		"team.deleted", "team.created", "membership.added", "community.deleted",
	}
	var events []string
	// The teams of a community are published with it, so that other services need not know which there are.
	for _, action := range want {
		if action == "community.deleted" {
			events = append(events, "portal.team.deleted")
		}
		events = append(events, "portal."+action)
		if action == "community.archived" || action == "community.restored" {
			events = append(events, strings.Replace("portal."+action, "community", "team", 1))
		}
	}
	require.Equal(t, events, told(t, testkit.OpenDB(t, s.database), s.admin))
	listed, err := admin.ListAuditWithResponse(t.Context(), nil)
	var actions []string
	for _, e := range fine(t, listed, err).JSON200.Items {
		actions = append([]string{e.Action}, actions...)
	}
	require.Equal(t, want, actions)
}

// The same of what people write and show.
func TestEveryChangeOfContentIsPublished(t *testing.T) {
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
